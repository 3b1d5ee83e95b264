import t from 'tap';
import { FairTurns, type Lane, type TurnTaker } from '../../src/dataplane/turns/fair-turns.ts';

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
    takeTurn(operations, lane) {
      const done = Math.min(left, Math.max(operations, atOnce));
      left -= done;
      log.push(`${name} ${done}`);
      if (left > 0) turns.wake(taker, lane);
      return done;
    },
  };
  return taker;
}

t.test('RL-73 finding/R4 each turn is bounded, and a round looks at the network after 256 operations', async (t) => {
  const { turns, round, isIdle } = manualTurns();
  const log: string[] = [];
  for (const name of ['a', 'b']) turns.wake(worker(name, turns, log, 132), 'fresh');
  round();
  t.same(log, ['a 32', 'a 32', 'b 32', 'a 32', 'b 32', 'a 32', 'b 32', 'a 4', 'b 32']);
  round();
  t.same(log.slice(9), ['b 4']);
  t.ok(isIdle());
});

t.test('RL-73 finding/R3 who was idle waits for one turn of those that always have work, however many', async (t) => {
  const { turns, round } = manualTurns();
  const log: string[] = [];
  for (let index = 0; index < 50; index += 1) turns.wake(worker('greedy', turns, log, 10_000), 'fresh');
  round();
  turns.wake(worker('quiet', turns, log, 3), 'fresh');
  log.length = 0;
  round();
  t.ok(log.indexOf('quiet 3') <= 1, log.join());
});

t.test('RL-73 finding/R3 a turn that takes too long is paid by the next ones', async (t) => {
  const { turns, round } = manualTurns();
  const log: string[] = [];
  turns.wake(worker('page', turns, log, 1000, 128), 'fresh');
  turns.wake(worker('push', turns, log, 1000), 'fresh');
  for (let count = 0; count < 12; count += 1) round();
  const doneBy = (name: string) =>
    log.filter((line) => line.startsWith(name)).reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);
  t.ok(Math.abs(doneBy('page') - doneBy('push')) <= 160, `${doneBy('page')} and ${doneBy('push')}`);
});

t.test('RL-73 whoever wakes again and again, and owes, stays behind; who has left gets no turn', async (t) => {
  const { turns, round } = manualTurns();
  const log: string[] = [];
  const bomb = worker('bomb', turns, log, 640, 128);
  turns.wake(bomb, 'fresh');
  round();
  turns.wake(bomb, 'fresh');
  turns.wake(worker('quiet', turns, log, 1), 'fresh');
  log.length = 0;
  round();
  t.equal(log[0], 'quiet 1');
  const gone = worker('gone', turns, log, 1);
  turns.wake(gone, 'fresh');
  turns.leave(gone);
  for (let count = 0; count < 20; count += 1) round();
  t.notOk(log.includes('gone 1'));
});

t.test(
  'RL-73 finding/R1 finding/R9 a crowd that asks for pages or begins delays another kind by one turn',
  async (t) => {
    const crowds: Lane[] = ['pages', 'strangers'];
    for (const lane of crowds) {
      const { turns, round } = manualTurns();
      const log: string[] = [];
      for (let index = 0; index < 120; index += 1) turns.wake(worker('crowd', turns, log, 64, 64), lane);
      turns.wake(worker('quiet', turns, log, 3), 'fresh');
      turns.wake(worker('busy', turns, log, 30_000), 'fresh');
      round();
      t.ok(log.indexOf('quiet 3') <= 1, `${lane}: ${log.join()}`);
      turns.wake(worker('quiet', turns, log, 2), 'fresh');
      log.length = 0;
      round();
      t.ok(log.indexOf('quiet 2') <= 2, `${lane}: ${log.join()}`);
    }
  },
);

t.test(
  'RL-73 finding/R1 a crowd that wakes at once and then asks for pages delays one behind it by few pages',
  async (t) => {
    const { turns, round } = manualTurns();
    const log: string[] = [];
    const [asking, page] = [3, 170];
    const reader = (): TurnTaker => ({
      takeTurn(_, lane) {
        log.push(lane);
        turns.wake(this, 'pages');
        return lane === 'pages' ? page : asking;
      },
    });
    for (let index = 0; index < 120; index += 1) turns.wake(reader(), 'fresh');
    turns.wake(worker('quiet', turns, log, 3), 'fresh');
    for (let count = 0; count < 20; count += 1) round();
    const before = log.slice(0, log.indexOf('quiet 3'));
    t.equal(before.filter((lane) => lane === 'fresh').length, 120);
    const pages = before.filter((lane) => lane === 'pages').length;
    t.ok(pages <= (120 * asking) / page + 1, `${pages} pages`);
  },
);

t.test('RL-73 a kind of turns that had none for long gets no more than the others', async (t) => {
  const { turns, round } = manualTurns();
  const log: string[] = [];
  turns.wake(worker('stranger', turns, log, 10_000), 'strangers');
  for (let count = 0; count < 10; count += 1) round();
  log.length = 0;
  turns.wake(worker('page', turns, log, 10_000), 'pages');
  for (let count = 0; count < 4; count += 1) round();
  const turnsOf = (name: string) => log.filter((line) => line.startsWith(name)).length;
  t.ok(Math.abs(turnsOf('stranger') - turnsOf('page')) <= 1, log.join());
});

t.test('RL-73 finding/R1 a taker learns what its turn is for, also when it owes', async (t) => {
  const { turns, round } = manualTurns();
  const lanes: Lane[] = [];
  const taker: TurnTaker = {
    takeTurn(_, lane) {
      lanes.push(lane);
      if (lanes.length < 3) turns.wake(taker, lanes.length === 1 ? 'pages' : 'fresh');
      return 100;
    },
  };
  turns.wake(taker, 'fresh');
  for (let count = 0; count < 4; count += 1) round();
  t.same(lanes, ['fresh', 'pages', 'fresh']);
});
