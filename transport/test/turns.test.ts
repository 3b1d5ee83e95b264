import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { Turns, type TurnTask } from '../src/quic/turns.ts';

const PAGE_BYTES = 256 * 1024;
/** Turns that run all tasks, however busy the machine is. */
const TURNS_MAX = 1000;

/** A listener's turns, and the order in which its tasks ran. */
function recorded() {
  const turns = new Turns();
  const ran: string[] = [];
  const add = (name: string, bytes: number): void => {
    const task: TurnTask = { bufferedBytes: () => bytes, run: () => void ran.push(name) };
    turns.run(task);
  };
  const all = async (count: number): Promise<void> => {
    for (let passed = 0; ran.length < count && passed < TURNS_MAX; passed += 1) await turn();
  };
  return { add, ran, all };
}

t.test('finding/R1 a small answer is written before the pages that were made before it', async (t) => {
  const { add, ran, all } = recorded();
  for (const page of ['page 1', 'page 2']) add(page, PAGE_BYTES);
  for (const answer of ['answer 1', 'answer 2']) add(answer, 40);
  await all(4);
  t.same(ran, ['answer 1', 'answer 2', 'page 1', 'page 2']);
});

t.test('tasks of a kind keep their order over many turns, and each turn runs some of both kinds', async (t) => {
  const { add, ran, all } = recorded();
  const slow = 40;
  for (let index = 0; index < slow; index += 1) {
    add(`page ${index}`, PAGE_BYTES);
    add(`answer ${index}`, 40);
  }
  await all(2 * slow);
  for (const kind of ['page', 'answer']) {
    t.same(
      ran.filter((name) => name.startsWith(kind)),
      Array.from({ length: slow }, (_, index) => `${kind} ${index}`),
    );
  }
});
