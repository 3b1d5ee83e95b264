import { concat } from '@0k-sync/core/bytes';
import { envelopeHash } from '@0k-sync/core/envelope';
import type { FrameBody } from '@0k-sync/core/wire';
import { crypto } from '@0k-sync/testkit/crypto';
import type { RawClient } from '@0k-sync/testkit/raw';
import { delimited, frameBytes } from '@0k-sync/testkit/wire';
import { type FaultyFrame, faultyFrames, harmlessFrames, type LiveFrame } from '../../../faults/live-frames.ts';
import type { Scenario } from '../../../model.ts';
import { inArena } from '../arena.ts';
import { attack, Stage } from '../attack.ts';
import { holds } from '../checks.ts';
import type { RelayTarget } from '../target.ts';

const REQUEST_ID = 7;
const TOKEN = 'token';
const bytesOf = (body: FrameBody) => delimited(frameBytes(body, REQUEST_ID));
const ping = bytesOf({ $case: 'ping', value: {} });

/** Frames that mean something to the relay, by the positive case that they stand for; other cases are sent as they are. */
const honest: Readonly<Record<string, (client: RawClient, stage: Stage) => Uint8Array | Promise<Uint8Array>>> = {
  hello: (client, { attacker }) => bytesOf(client.helloBody(attacker, { enrolment: false })),
  'hello-enrolment': (client, { attacker }) => bytesOf(client.helloBody(attacker, { accessToken: TOKEN })),
  push: (_, stage) => push(stage, 1),
  'push-two-items': (_, stage) => push(stage, 2),
  pull,
  'three-frames': async (client) => concat(ping, await pull(client), ping),
};

/** The next envelope of the attacker, in each of so many items. */
function push({ attacker }: Stage, count: number): Uint8Array {
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

async function bytesFor(row: LiveFrame, client: RawClient, stage: Stage): Promise<Uint8Array> {
  return row.bytes(await honest[row.of]?.(client, stage));
}

/** The attacker, let in, sends the frame: it is refused with its class, and the connection with it. */
function refused(row: FaultyFrame): Scenario<RelayTarget> {
  return {
    id: row.id,
    title: row.title,
    level: 'must',
    requirements: row.requirements,
    requires: [],
    run: inArena(async (arena) => {
      const stage = await Stage.set(arena);
      await attack(stage, { classes: [row.class], connection: 'closed' }, async () => {
        const client = await stage.session();
        client.sendPlaintext(await bytesFor(row, client, stage));
        if (row.endsStream) client.stream.end();
        return client;
      });
    }),
  };
}

/** A member sends the frame, or says Hello with it: it is answered. */
function answered(row: LiveFrame): Scenario<RelayTarget> {
  return {
    id: row.id,
    title: row.title,
    level: 'must',
    requirements: row.requirements,
    requires: [],
    run: inArena(async (arena) => {
      const stage = await Stage.set(arena);
      const client = row.of.startsWith('hello') ? await arena.connect() : await stage.session();
      client.sendPlaintext(await bytesFor(row, client, stage));
      const { body } = await client.next();
      holds('the answer', body?.$case !== 'error', 'an answer', body?.$case ?? 'nothing');
      await client.ping();
    }),
  };
}

/** Every row of faults/frames.md whose frame a client may send. */
export const frameRowScenarios: readonly Scenario<RelayTarget>[] = [
  ...faultyFrames('client').map(refused),
  ...harmlessFrames('client').map(answered),
];
