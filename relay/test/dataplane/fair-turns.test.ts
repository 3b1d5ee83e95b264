import t from 'tap';
import { FairTurns, type TurnTaker } from '../../src/dataplane/turns/fair-turns.ts';

/** Turns whose rounds run when the test says so. */
function manualTurns() {
  const rounds: (() => void)[] = [];
  const turns = new FairTurns((round) => void rounds.push(round));
  return { turns, round: () => rounds.shift()?.(), isIdle: () => rounds.length === 0 };
}

/** One with so many operations of work; a turn does as many as it may, or `atOnce`. */
function worker(name: string, turns: FairTurns, log: string[], work: number, atOnce = 0): TurnTaker {
  let left = work;
  const taker: TurnTaker = {
    takeTurn(operations) {
      const done = Math.min(left, Math.max(operations, atOnce));
      left -= done;
      log.push(`${name} ${done}`);
      if (left > 0) turns.wake(taker);
      return done;
    },
  };
  return taker;
}

t.test('RL-73 finding/R4 each turn is bounded, and a round looks at the network after 128 operations', async (t) => {
  const { turns, round, isIdle } = manualTurns();
  const log: string[] = [];
  for (const name of ['a', 'b']) turns.wake(worker(name, turns, log, 100));
  round();
  t.same(log, ['a 32', 'a 32', 'b 32', 'a 32']);
  round();
  t.same(log.slice(4), ['b 32', 'a 4', 'b 32', 'b 4']);
  t.ok(isIdle());
});

t.test('RL-73 finding/R3 who was idle waits for one turn of those that always have work, however many', async (t) => {
  const { turns, round } = manualTurns();
  const log: string[] = [];
  for (let index = 0; index < 50; index += 1) turns.wake(worker('greedy', turns, log, 10_000));
  round();
  turns.wake(worker('quiet', turns, log, 3));
  log.length = 0;
  round();
  t.ok(log.indexOf('quiet 3') <= 1, log.join());
});

t.test('RL-73 finding/R3 a turn that takes too long is paid by the next ones', async (t) => {
  const { turns, round } = manualTurns();
  const log: string[] = [];
  turns.wake(worker('page', turns, log, 1000, 128));
  turns.wake(worker('push', turns, log, 1000));
  for (let count = 0; count < 12; count += 1) round();
  const doneBy = (name: string) =>
    log.filter((line) => line.startsWith(name)).reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);
  t.ok(Math.abs(doneBy('page') - doneBy('push')) <= 160, `${doneBy('page')} and ${doneBy('push')}`);
});

t.test('RL-73 whoever wakes again and again, and owes, stays behind; who has left gets no turn', async (t) => {
  const { turns, round } = manualTurns();
  const log: string[] = [];
  const bomb = worker('bomb', turns, log, 640, 128);
  turns.wake(bomb);
  round();
  turns.wake(bomb);
  turns.wake(worker('quiet', turns, log, 1));
  log.length = 0;
  round();
  t.equal(log[0], 'quiet 1');
  const gone = worker('gone', turns, log, 1);
  turns.wake(gone);
  turns.leave(gone);
  for (let count = 0; count < 20; count += 1) round();
  t.notOk(log.includes('gone 1'));
});
