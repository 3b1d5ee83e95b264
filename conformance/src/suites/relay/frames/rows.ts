import { concat } from '@0k-sync/core/bytes';
import { envelopeHash } from '@0k-sync/core/envelope';
import type { FrameBody } from '@0k-sync/core/wire';
import { crypto } from '@0k-sync/testkit/crypto';
import type { RawClient } from '@0k-sync/testkit/raw';
import { delimited, frameBytes } from '@0k-sync/testkit/wire';
import { faultyFrames, harmlessFrames, type LiveFrame } from '../../../faults/live-frames.ts';
import { actsOf } from '../../acts.ts';
import { expectThat } from '../../expect.ts';
import { attacks, Encounter } from '../attack.ts';
import type { RelayActs, RelayScene } from '../scene.ts';

const REQUEST_ID = 7;
const TOKEN = 'token';
const bytesOf = (body: FrameBody) => delimited(frameBytes(body, REQUEST_ID));
const ping = bytesOf({ $case: 'ping', value: {} });

/** Frames that mean something to the relay, by the positive case that they stand for; other cases are sent as they are. */
const honest: Readonly<Record<string, (client: RawClient, encounter: Encounter) => Uint8Array | Promise<Uint8Array>>> =
  {
    hello: (client, { attacker }) => bytesOf(client.helloBody(attacker, { enrolment: false })),
    'hello-enrolment': (client, { attacker }) => bytesOf(client.helloBody(attacker, { accessToken: TOKEN })),
    push: (_, encounter) => push(encounter, 1),
    'push-two-items': (_, encounter) => push(encounter, 2),
    pull,
    'three-frames': async (client) => concat(ping, await pull(client), ping),
  };

/** The next envelope of the attacker, in each of so many items. */
function push({ attacker }: Encounter, count: number): Uint8Array {
  const { envelope } = attacker.forge();
  const items = Array.from({ length: count }, (_, index) => ({ envelope, skip: index > 0 }));
  return bytesOf({ $case: 'push', value: { items } });
}

/** A Pull after the first envelope, with its hash. */
async function pull(client: RawClient): Promise<Uint8Array> {
  const { segment } = await client.pull();
  const [first] = segment?.envelopes ?? [];
  if (first === undefined) throw new TypeError('the log has an envelope');
  const value = { after: first.cursor, hashAtAfter: envelopeHash(crypto, first), bytesMax: 65_536 };
  return bytesOf({ $case: 'pull', value });
}

async function send(row: LiveFrame, client: RawClient, encounter: Encounter): Promise<void> {
  client.sendPlaintext(row.bytes(await honest[row.of]?.(client, encounter)));
  if (row.endsStream) client.stream.end();
}

/** A member sends the frame, or says Hello with it: it is answered. */
function answered(row: LiveFrame) {
  return async (scene: RelayScene): Promise<void> => {
    const encounter = await Encounter.begin(scene);
    const client = row.of.startsWith('hello') ? await scene.connect() : await encounter.session();
    await send(row, client, encounter);
    const { body } = await client.next();
    expectThat('the answer', body?.$case !== 'error', 'an answer', body?.$case ?? 'nothing');
    await client.ping();
  };
}

function byId<Row extends LiveFrame>(rows: readonly Row[]): Readonly<Record<string, Row>> {
  return Object.fromEntries(rows.map((row) => [row.id, row]));
}

/** Every row of faults/frames.md whose frame a client may send: a member that sends it is refused, or answered. */
export const frameRowActs: RelayActs = {
  ...attacks(
    byId(
      faultyFrames('client').map((row) => ({
        ...row,
        refusal: row.class,
        act: (client: RawClient, encounter: Encounter) => send(row, client, encounter),
      })),
    ),
  ),
  ...actsOf(byId(harmlessFrames('client')), answered),
};
