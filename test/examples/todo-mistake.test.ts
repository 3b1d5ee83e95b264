import t from 'tap';
import { checkMutation } from '../../conformance/src/planted/mutation.ts';
import { killAtEveryStep } from './todo/every-step.ts';

const PRELOAD = new URL('../../conformance/src/planted/preload.ts', import.meta.url).href;

/** An app that commits its rows by themselves, and moves the cursor when they are there. */
const MISTAKE = {
  file: 'test/examples/todo/steps.ts',
  from: 'this.#around(() => tables.transaction(name, position, (tx) => work(stepping(tx)), signal)),',
  to: `this.#around(async () => {
        const rows = [];
        await work({ run: (...row) => rows.push(row) });
        for (const row of rows) {
          await tables.run(...row);
          this.step();
        }
        await tables.moveCursor(name, position);
      }),`,
};

t.test('examples/todo: kills find an app that writes its tables outside the transaction of the cursor', async (t) => {
  checkMutation(MISTAKE);
  const environment = { NODE_OPTIONS: `--import=${PRELOAD}`, ZEROK_MISTAKE: JSON.stringify(MISTAKE) };
  for await (const { killAt, edits, applied } of killAtEveryStep(t, environment)) {
    if (applied !== edits) return t.pass(`after a kill before step ${killAt} ${edits} edits count as ${applied}`);
  }
  return t.fail('no kill has found the mistake');
});
