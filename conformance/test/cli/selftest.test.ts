import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import t from 'tap';
import type { Level } from '../../src/model.ts';
import { runLevels } from '../../src/selftest/children.ts';
import { runHere } from '../support/commands.ts';

t.setTimeout(120_000);

async function levels(...names: readonly Level[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const said = Promise.all([text(stdout), text(stderr)]);
  const options = { only: ['rejects-everything'], seed: 's', deadline: 10_000, startDeadline: 60_000 };
  const exit = await runLevels(names, options, { stdout, stderr });
  stdout.end();
  stderr.end();
  const [shown, complained] = await said;
  return { exit, complained, said: shown + complained };
}

t.test('no such fault is 5', async (t) => {
  const { exit, stderr } = await runHere(['selftest', '--only', 'nothing']);
  t.equal(exit, 5);
  t.match(stderr, /^error: no such fault\nhint: faults are .*relay-hides-the-conflict/);
});

t.test('a level runs in a process of its own, with its reference and its matrix', async (t) => {
  const { exit, said } = await levels('vectors');
  t.equal(exit, 0, said);
  t.match(said, /^reference, vectors: clean, /m);
  t.match(said, /^ok rejects-everything: found by \d+ tests, as named/m);
  t.match(said, /^vectors: 1 faults, 0 not killed as named; references clean; seed s$/m);
});

t.test('a level that proves nothing fails the self-test, and the others are heard', async (t) => {
  const { exit, said, complained } = await levels('pair', 'vectors');
  t.equal(exit, 4);
  t.match(
    complained,
    /^error: no such fault\nhint: .*\nvectors: 1 faults/,
    'the verdicts stand together, behind all tables',
  );
  t.match(said, /^vectors: 1 faults, 0 not killed as named; references clean; seed s$/m);
});
