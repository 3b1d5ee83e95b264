import t from 'tap';
import { scenarios } from '../../src/suites/client/index.ts';
import type { ClientTarget } from '../../src/suites/client/target.ts';
import type { Adapter } from '../../src/zkcp/adapter.ts';
import { clientTarget, judge } from './adapters.ts';

// A client reconnects in real time here.
t.setTimeout(240_000);

/** The adapter of a client whose clock cannot be moved. */
function clockless(adapter: Adapter): Adapter {
  const ask: Adapter['ask'] = (cmd, members, ...rest) =>
    'advance_ms' in members
      ? Promise.resolve({ unsupported: { what: 'advance_ms' } })
      : adapter.ask(cmd, members, ...rest);
  return new Proxy(adapter, {
    get: (target, name) => {
      if (name === 'ask') return ask;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

async function clocklessTarget(...given: Parameters<typeof clientTarget>): Promise<ClientTarget> {
  const target = await clientTarget(...given);
  return {
    ...target,
    shared: async () => clockless(await target.shared()),
    start: async () => clockless(await target.start()),
  };
}

const revoked = scenarios.find(({ id }) => id === 'client/ends/revoked');

t.test('a client whose clock cannot be moved is judged by the returns of its twin', async (t) => {
  if (revoked === undefined) throw new TypeError('the scenario exists');
  const honest = await clocklessTarget(t, 'adapter/main.ts');
  t.same(await judge(revoked, honest), ['pass', '']);
  const faulty = await clocklessTarget(t, 'planted/client/main.ts', '--fault', 'client-returns-when-revoked');
  const [verdict, detail] = await judge(revoked, faulty);
  t.equal(verdict, 'fail');
  t.match(detail, /^Hellos of a client that may not come back/);
});
