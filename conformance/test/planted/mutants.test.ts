import t from 'tap';
import { testsOf } from '../../src/levels.ts';
import { faults } from '../../src/planted/faults.ts';
import { faultsOf } from '../../src/planted/mutant.ts';
import { checkMutation, mutate } from '../../src/planted/mutation.ts';
import { unmatched } from '../../src/run/select.ts';

const change = { file: 'core/src/x.ts', from: 'a > b', to: 'a >= b' };

t.test('every fault has a name of its own, and names tests that exist', async (t) => {
  t.equal(new Set(faults.map(({ name }) => name)).size, faults.length);
  for (const level of ['relay', 'client', 'pair'] as const) {
    const tests = await testsOf(level);
    for (const fault of faults.filter((each) => each.level === level))
      t.same(unmatched(tests, fault.killedBy), [], fault.name);
  }
});

t.test('every mutation fits the source that it changes', async (t) => {
  for (const { name, mutations = [] } of faults)
    for (const mutation of mutations) t.doesNotThrow(() => checkMutation(mutation), name);
});

t.test('a mutation changes one place', async (t) => {
  t.equal(mutate('if (a > b) return;', change), 'if (a >= b) return;');
});

t.test('a mutation whose text is gone, or stands there twice, is stale', async (t) => {
  t.throws(() => mutate('if (a < b) return;', change), /^stale planted fault: core\/src\/x\.ts has no "a > b"$/);
  t.throws(() => mutate('a > b && a > b', change), /core\/src\/x\.ts has "a > b" more than once/);
});

t.test('a mutant is a fault of each role that has to notice', async (t) => {
  const mutant = { name: 'm', what: 'is wrong', killedBy: ['relay/a/b', 'pair/c/d', 'relay/e/f'], ...change };
  const found = faultsOf(mutant).map(({ name, level, killedBy }) => ({ name, level, killedBy }));
  t.same(found, [
    { name: 'relay-m', level: 'relay', killedBy: ['relay/a/b', 'relay/e/f'] },
    { name: 'pair-m', level: 'pair', killedBy: ['pair/c/d'] },
  ]);
});
