import { MemoryNetwork } from '@0k-sync/transport/memory';
import t from 'tap';
import { type LocalAdapter, localAdapter } from '../../src/adapter/local-adapter.ts';
import { kitRelayRole } from '../../src/planted/relay/role.ts';
import { OpenRelay, scenarios } from '../../src/suites/relay/index.ts';
import type { Answer, Members } from '../../src/zkcp/protocol.ts';
import { type Judged, runAll } from './run.ts';

// An honest relay of which little can be seen: what is not seen is not passed.
const transport = new MemoryNetwork().transport();
const SECRETS = 'relay/operator/no-secret-is-kept';
const MEMORY = 'relay/flood/declared-lengths';

function honestAdapter(): LocalAdapter {
  const log: string[] = [];
  const role = kitRelayRole(
    transport,
    () => ({}),
    (line) => log.push(line),
  );
  return localAdapter(role, () => log.join('\n'));
}

type Ask = (cmd: string, members: Members) => Promise<Answer>;

/** An honest adapter that is asked by way of `detour`. */
function asking(detour: (ask: Ask, cmd: string, members: Members) => Promise<Answer>): LocalAdapter {
  const honest = honestAdapter();
  return {
    get wholeStderr() {
      return honest.wholeStderr;
    },
    supports: honest.supports,
    ask: (cmd, members, deadlineMs) => detour((...asked) => honest.ask(...asked, deadlineMs), cmd, members),
    close: honest.close,
  };
}

async function judgementOf(id: string, adapter: LocalAdapter): Promise<Judged | undefined> {
  const relay = await OpenRelay.open(adapter, {}, { transport });
  const [judged] = await runAll(
    scenarios.filter((scenario) => scenario.id === id),
    relay.target,
  );
  await relay.close();
  await adapter.close();
  return judged;
}

t.test('a relay whose log and files show what they must passes', async (t) => {
  for (const id of [SECRETS, MEMORY]) t.match(await judgementOf(id, honestAdapter()), { id, verdict: 'pass' });
});

t.test('SC-23 an empty log proves nothing', async (t) => {
  const adapter = { ...honestAdapter(), wholeStderr: new Uint8Array(0) };
  t.match(await judgementOf(SECRETS, adapter), { verdict: 'unproven', detail: /the log of the relay is empty/ });
});

t.test('SC-23 files without what the relay stored prove nothing', async (t) => {
  const elsewhere = t.testdir();
  const adapter = asking((ask, cmd, members) => ask(cmd, cmd === 'open' ? { ...members, dir: elsewhere } : members));
  t.match(await judgementOf(SECRETS, adapter), { verdict: 'unproven', detail: /do not show what it stored/ });
});

t.test('WI-11 a relay of whose memory nothing is known is not judged by it', async (t) => {
  const adapter = asking(async (ask, cmd, members) => {
    const answer = await ask(cmd, members);
    if (!('ok' in answer)) return answer;
    const { resident_bytes: _, ...ok } = answer.ok;
    return { ok };
  });
  t.match(await judgementOf(MEMORY, adapter), { verdict: 'unjudged', detail: /let stats name resident_bytes/ });
});
