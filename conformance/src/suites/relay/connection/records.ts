import { concat } from '@0k-sync/core/bytes';
import { FRAME_BYTES_MAX } from '@0k-sync/generated/limits';
import { random } from '@0k-sync/testkit/crypto';
import type { RawClient } from '@0k-sync/testkit/raw';
import { delimited, frameBytes, lengthField } from '@0k-sync/testkit/wire';
import type { Scenario } from '../../../model.ts';
import { inArena } from '../arena.ts';
import { attack, fateOf, judge, Stage } from '../attack.ts';
import { same } from '../checks.ts';
import type { RelayTarget } from '../target.ts';

const ping = (requestId: number) => delimited(frameBytes({ $case: 'ping', value: {} }, requestId));
const PUSH_ID = 9;

/** A Push that the relay must not read any more. */
function pushOf(stage: Stage): Uint8Array {
  const items = stage.attacker.items(1);
  stage.attacker.sequence -= 1;
  return delimited(frameBytes({ $case: 'push', value: { items } }, PUSH_ID));
}

/** Runs an attack on the record layer of a member's session. */
function onRecords(act: (client: RawClient, stage: Stage) => Promise<void> | void) {
  return inArena(async (arena) => {
    const stage = await Stage.set(arena);
    const { previous } = stage.attacker;
    await attack(stage, { classes: ['frame.parse'], connection: 'closed' }, async () => {
      const client = await stage.session();
      await act(client, stage);
      stage.attacker.previous = previous;
      return client;
    });
  });
}

/** A stream that ends inside what was sent last. */
function truncated(send: (client: RawClient) => void) {
  return inArena(async (arena) => {
    const stage = await Stage.set(arena);
    await attack(stage, { classes: ['frame.length'], connection: 'closed' }, async () => {
      const client = await stage.session();
      send(client);
      client.stream.end();
      return client;
    });
  });
}

export const recordScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/record/pieces',
    title: 'Several frames share a record, and one frame spans many',
    level: 'must',
    requirements: ['WI-05', 'WI-07'],
    requires: [],
    run: inArena(async (arena) => {
      const { client } = await arena.member();
      client.sendPlaintext(concat(ping(21), ping(22), ping(23)));
      for (const id of [21, 22, 23]) same('the answer', (await client.answer(id)).$case, 'pong');
      for (const byte of ping(300)) client.sendPlaintext(Uint8Array.of(byte));
      same('the answer', (await client.answer(300)).$case, 'pong');
      const raw = client.seal(ping(24));
      for (const byte of raw) client.sendRaw(Uint8Array.of(byte));
      same('the answer to a record byte by byte', (await client.answer(24)).$case, 'pong');
    }),
  },
  {
    id: 'relay/record/largest-frame',
    title: 'A frame of exactly the largest length, mostly an unknown field, is read; unknown fields are ignored',
    level: 'must',
    requirements: ['WI-10', 'WI-15'],
    requires: [],
    run: inArena(async (arena) => {
      const { client } = await arena.member();
      const frame = frameBytes({ $case: 'ping', value: {} }, 31);
      const overhead = lengthField(100, new Uint8Array(FRAME_BYTES_MAX / 2)).length - FRAME_BYTES_MAX / 2;
      const filler = lengthField(100, new Uint8Array(FRAME_BYTES_MAX - frame.length - overhead));
      client.sendPlaintext(delimited(concat(frame, filler)));
      same('the answer', (await client.answer(31)).$case, 'pong');
    }),
  },
  {
    id: 'relay/record/changed',
    title: 'A record with one bit changed ends the connection, and nothing after it is read',
    level: 'must',
    requirements: ['WI-06', 'SE-07'],
    requires: [],
    run: onRecords((client, stage) => {
      const record = client.seal(ping(8));
      client.sendRaw(record.with(5, (record[5] ?? 0) ^ 1));
      client.sendPlaintext(pushOf(stage));
    }),
  },
  {
    id: 'relay/record/repeated',
    title: 'A record that comes twice does not open again',
    level: 'must',
    requirements: ['WI-06'],
    requires: [],
    run: onRecords(async (client) => {
      const record = client.seal(ping(8));
      client.sendRaw(record);
      await client.answer(8);
      client.sendRaw(record);
    }),
  },
  {
    id: 'relay/record/left-out',
    title: 'After a record that never came the next one does not open',
    level: 'must',
    requirements: ['WI-05', 'WI-06'],
    requires: [],
    run: onRecords((client, stage) => {
      client.seal(ping(8));
      client.sendPlaintext(pushOf(stage));
    }),
  },
  {
    id: 'relay/record/reflected',
    title: "The relay's own record sent back to it does not open",
    level: 'must',
    requirements: ['HS-16'],
    requires: [],
    run: onRecords(async (client) => {
      const before = client.receivedBytes;
      await client.ping();
      const raw = await client.receivedRaw(client.receivedBytes);
      client.sendRaw(raw.subarray(before));
    }),
  },
  {
    id: 'relay/record/too-short',
    title: 'A record of 16 bytes, a tag of nothing, is refused',
    level: 'must',
    requirements: ['WI-05'],
    requires: [],
    run: onRecords((client) => client.sendRaw(Uint8Array.of(0, 16, ...random(16)))),
  },
  {
    id: 'relay/record/empty',
    title: 'A record of length 0 is refused',
    level: 'must',
    requirements: ['WI-05'],
    requires: [],
    run: onRecords((client) => client.sendRaw(Uint8Array.of(0, 0))),
  },
  {
    id: 'relay/record/cut-short',
    title: 'A stream that ends inside a record ends the session as truncated',
    level: 'must',
    requirements: ['WI-12'],
    requires: [],
    run: truncated((client) => client.sendRaw(client.seal(ping(8)).slice(0, -3))),
  },
  {
    id: 'relay/record/cut-frame',
    title: 'A stream that ends inside a frame ends the session as truncated',
    level: 'must',
    requirements: ['WI-12'],
    requires: [],
    run: truncated((client) => client.sendPlaintext(ping(8).slice(0, 2))),
  },
  {
    id: 'relay/record/no-goodbye',
    title: 'A stream that ends without Bye is closed, and the witness is served on',
    level: 'must',
    requirements: ['WI-12'],
    requires: [],
    run: inArena(async (arena) => {
      const stage = await Stage.set(arena);
      const client = await stage.session();
      client.stream.end();
      judge(await fateOf(client, 'closed'), { classes: ['frame.length'], connection: 'closed' });
      await stage.control();
    }),
  },
];
