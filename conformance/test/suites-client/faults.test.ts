import t from 'tap';
import { faults } from '../../src/planted/client/faults.ts';
import { scenarios } from '../../src/suites/client/index.ts';
import { clientTarget, judge } from './adapters.ts';

t.setTimeout(300_000);

t.equal(new Set(faults.map(({ name }) => name)).size, faults.length);

for (const { name, what, killedBy } of faults) {
  t.test(`a client that ${what} (${name}) is found by the first that is named for it`, async (test) => {
    const ids = scenarios.map(({ id }) => id);
    for (const pattern of killedBy) {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
      test.ok(
        ids.some((id) => expression.test(id)),
        `${pattern} exists`,
      );
    }
    const named = scenarios.find(({ id }) => id === killedBy.find((pattern) => !pattern.includes('*')));
    if (named === undefined) throw new TypeError('one detector is named in full');
    const target = await clientTarget(test, 'planted/client/main.ts', '--fault', name);
    const [verdict, detail] = await judge(named, target);
    test.equal(verdict, 'fail', `${named.id}: ${detail}`);
  });
}
