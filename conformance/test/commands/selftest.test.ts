import t from 'tap';
import { cacheCompiledCode, runHere, runProgram } from '../support/commands.ts';

cacheCompiledCode(t);
// A whole reference of two levels.
t.setTimeout(300_000);

t.test('no such fault is 5', async (t) => {
  const { exit, stderr } = await runHere(['selftest', '--only', 'nothing']);
  t.equal(exit, 5);
  t.match(stderr, /^error: no such fault\nhint: faults are .*relay-hides-the-conflict/);
});

t.test('levels run side by side, each with its references and its matrix', async (t) => {
  const faults = ['--only', 'rejects-everything', '--only', 'relay-hides-the-conflict'];
  const { exit, stdout, stderr } = await runProgram(['selftest', ...faults]);
  t.equal(exit, 0, stdout + stderr);
  for (const name of ['vectors', 'relay', 'relay in memory'])
    t.match(stdout, new RegExp(`^reference, ${name}: clean, `, 'm'));
  t.match(stdout, /^ok rejects-everything: found by \d+ tests, as named/m);
  t.match(stdout, /^ok relay-hides-the-conflict: found by 1 tests, as named/m);
  t.match(stderr, /^vectors: 1 faults, 0 not killed as named; references clean$/m);
  t.match(stderr, /^relay: 1 faults, 0 not killed as named; references clean$/m);
});
