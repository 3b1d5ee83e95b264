import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { utf8 } from '@0k-sync/core/bytes';
import type { Address, Transport } from '@0k-sync/transport';
import type { Adapter, Members } from '../zkcp/adapter.ts';
import { canaryText, ownGroup, provokeRefusals, secretsOfInvite, textCanary } from './members.ts';
import { PacketTap } from './packet-tap.ts';
import { type Canary, filesOf, type Place } from './search.ts';
import { StreamTap } from './stream-tap.ts';

const OPEN_MS = 60_000;
const ACTION_MS = 30_000;

/** The implementations of a run, and its empty directory. */
export interface OracleSetting {
  /** An adapter with the role relay. */
  readonly relay: Adapter;
  /** Adapters with the role client; one process may be both. */
  readonly clients: readonly [Adapter, Adapter];
  readonly directory: string;
  readonly transport: Transport;
}

/** The result of a run: all secrets, and all places where none of them may be. */
export interface Evidence {
  readonly canaries: readonly Canary[];
  readonly places: readonly Place[];
  /** Bytes that the relay must have in the same places: they prove that the search works. */
  readonly controls: readonly Canary[];
}

/**
 * A whole run through a relay, every secret of it a canary: contents, names, keys, tokens, invites, passphrases. The relay
 * is reached through two taps, one for packets and one for what TLS carries. SC-23, PA-06, RL-65.
 */
export async function collectEvidence(setting: OracleSetting): Promise<Evidence> {
  const { relay, directory, transport } = setting;
  const relayDirectory = join(directory, 'relay');
  mkdirSync(relayDirectory);
  const opened = await ask(
    relay,
    'open',
    { role: 'relay', dir: relayDirectory, config: { log_level: 'debug' } },
    OPEN_MS,
  );
  const streams = await StreamTap.open(transport, addressOf(String(opened['endpoint'])));
  const packets = await PacketTap.open(streams.address);
  try {
    const own = await ownGroup(transport, packets.address);
    const paired = await pairedClients(setting, packets.address, String(opened['node_id']));
    const refusals = await provokeRefusals(transport, packets.address);
    const shown = await act(relay, opened, 'disclose', {});
    const places: Place[] = [
      ...filesOf(relayDirectory).map(({ name, content }) => ({ name: `running relay, ${name}`, content })),
      ...Object.entries(shown['texts'] as Members).map(([name, text]) => place(`relay ${name}`, String(text))),
      { name: 'relay stderr', content: relay.wholeStderr },
      place('error texts', refusals.join('\n')),
      { name: 'packets', content: packets.captured },
      { name: 'streams inside TLS', content: streams.captured },
    ];
    await ask(relay, 'close', { handle: opened['handle'] }, ACTION_MS);
    places.push(...filesOf(relayDirectory).map(({ name, content }) => ({ name: `stopped relay, ${name}`, content })));
    return { canaries: [...own.canaries, ...paired], places, controls: own.known };
  } finally {
    packets.close();
    await streams.close();
  }
}

/** Two clients pair with a passphrase and talk; a third device of the suite's own takes an invite, to know its secrets. */
async function pairedClients(
  { clients, directory, transport }: OracleSetting,
  tap: Address,
  nodeId: string,
): Promise<readonly Canary[]> {
  const secrets = { name: canaryText('device'), passphrase: canaryText('passphrase'), text: canaryText('message') };
  const relay = `${nodeId}@${tap.host}:${tap.port}`;
  const config = { relay, mode: 'hybrid', tofu: 'strict', device_name: secrets.name.slice(0, 60) };
  const [a, b] = await Promise.all(
    clients.map(async (client, index) => {
      const dir = join(directory, `client-${index}`);
      mkdirSync(dir);
      return { client, opened: await ask(client, 'open', { role: 'client', dir, config }, OPEN_MS) };
    }),
  );
  if (a === undefined || b === undefined) throw new TypeError('two clients take part');
  const { passphrase } = secrets;
  const first = await act(a.client, a.opened, 'pair_create', { passphrase });
  await act(b.client, b.opened, 'pair_join', { invite: first['invite'], passphrase });
  await act(a.client, a.opened, 'push', { text: secrets.text, wait: true });
  await act(b.client, b.opened, 'pull', {});
  await act(b.client, b.opened, 'push', { data: Buffer.from(secrets.text).toString('hex'), wait: true });
  const second = await act(a.client, a.opened, 'pair_create', { passphrase });
  const taken = await secretsOfInvite(transport, String(second['invite']), passphrase);
  await Promise.all([a, b].map(({ client, opened }) => ask(client, 'close', { handle: opened['handle'] }, ACTION_MS)));
  return [
    textCanary('device name', config.device_name),
    textCanary('passphrase', passphrase),
    textCanary('message', secrets.text),
    textCanary('invite', String(first['invite'])),
    ...taken,
  ];
}

function act(adapter: Adapter, opened: Members, action: string, args: Members): Promise<Members> {
  return ask(adapter, 'do', { handle: opened['handle'], action, args, deadline_ms: ACTION_MS }, ACTION_MS + OPEN_MS);
}

async function ask(adapter: Adapter, cmd: string, members: Members, deadlineMs: number): Promise<Members> {
  const answer = await adapter.ask(cmd, members, deadlineMs);
  if ('ok' in answer) return answer.ok;
  throw new Error(`${cmd} ${members['action'] ?? members['role'] ?? ''} is answered ${JSON.stringify(answer)}`);
}

function place(name: string, text: string): Place {
  return { name, content: utf8(text) };
}

function addressOf(endpoint: string): Address {
  const [host = '', port] = endpoint.split(':');
  return { host, port: Number(port) };
}
