import { concat } from '@0k-sync/core/bytes';
import { FRAME_BYTES_MAX } from '@0k-sync/generated/limits';
import { itemOf } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import { delimited, frameBytes, lengthField } from '@0k-sync/testkit/wire';
import { expect } from '../../expect.ts';
import { attacks, type Encounter } from '../attack.ts';
import type { RelayActs } from '../scene.ts';

const ping = (requestId: number) => delimited(frameBytes({ $case: 'ping', value: {} }, requestId));
const PUSH_ID = 9;

/** A Push that the relay must not read any more: the attacker's chain stays where it is. */
function pushOf({ attacker }: Encounter): Uint8Array {
  const items = [itemOf(attacker.forge())];
  return delimited(frameBytes({ $case: 'push', value: { items } }, PUSH_ID));
}

/** The record layer of a session. */
export const recordActs: RelayActs = {
  'relay/record/pieces': {
    title: 'Several frames share a record, and one frame spans many',
    requirements: ['WI-05', 'WI-07'],
    run: async (scene) => {
      const { client } = await scene.member();
      client.sendPlaintext(concat(ping(21), ping(22), ping(23)));
      for (const id of [21, 22, 23]) expect('the answer', (await client.answer(id)).$case, 'pong');
      for (const byte of ping(300)) client.sendPlaintext(Uint8Array.of(byte));
      expect('the answer', (await client.answer(300)).$case, 'pong');
      for (const byte of client.seal(ping(24))) client.sendRaw(Uint8Array.of(byte));
      expect('the answer to a record byte by byte', (await client.answer(24)).$case, 'pong');
    },
  },
  'relay/record/largest-frame': {
    title: 'A frame of exactly the largest length, mostly an unknown field, is read; unknown fields are ignored',
    requirements: ['WI-10', 'WI-15'],
    run: async (scene) => {
      const { client } = await scene.member();
      const frame = frameBytes({ $case: 'ping', value: {} }, 31);
      const overhead = lengthField(100, new Uint8Array(FRAME_BYTES_MAX / 2)).length - FRAME_BYTES_MAX / 2;
      const filler = lengthField(100, new Uint8Array(FRAME_BYTES_MAX - frame.length - overhead));
      client.sendPlaintext(delimited(concat(frame, filler)));
      expect('the answer', (await client.answer(31)).$case, 'pong');
    },
  },
  ...attacks({
    'relay/record/changed': {
      title: 'A record with one bit changed ends the connection, and nothing after it is read',
      requirements: ['WI-06', 'SE-07'],
      refusal: 'frame.parse',
      act: (client, encounter) => {
        const record = client.seal(ping(8));
        client.sendRaw(record.with(5, (record[5] ?? 0) ^ 1));
        client.sendPlaintext(pushOf(encounter));
      },
    },
    'relay/record/repeated': {
      title: 'A record that comes twice does not open again',
      requirements: ['WI-06'],
      refusal: 'frame.parse',
      act: async (client) => {
        const record = client.seal(ping(8));
        client.sendRaw(record);
        await client.answer(8);
        client.sendRaw(record);
      },
    },
    'relay/record/left-out': {
      title: 'After a record that never came the next one does not open',
      requirements: ['WI-05', 'WI-06'],
      refusal: 'frame.parse',
      act: (client, encounter) => {
        client.seal(ping(8));
        client.sendPlaintext(pushOf(encounter));
      },
    },
    'relay/record/reflected': {
      title: "The relay's own record sent back to it does not open",
      requirements: ['HS-16'],
      refusal: 'frame.parse',
      act: async (client) => {
        const before = client.receivedBytes;
        await client.ping();
        client.sendRaw((await client.receivedRaw(client.receivedBytes)).subarray(before));
      },
    },
    'relay/record/too-short': {
      title: 'A record of 16 bytes, a tag of nothing, is refused',
      requirements: ['WI-05'],
      refusal: 'frame.parse',
      act: (client) => client.sendRaw(Uint8Array.of(0, 16, ...random(16))),
    },
    'relay/record/empty': {
      title: 'A record of length 0 is refused',
      requirements: ['WI-05'],
      refusal: 'frame.parse',
      act: (client) => client.sendRaw(Uint8Array.of(0, 0)),
    },
    'relay/record/cut-short': {
      title: 'A stream that ends inside a record ends the session as truncated',
      requirements: ['WI-12'],
      refusal: 'frame.length',
      endsStream: true,
      act: (client) => {
        client.sendRaw(client.seal(ping(8)).slice(0, -3));
        client.stream.end();
      },
    },
    'relay/record/cut-frame': {
      title: 'A stream that ends inside a frame ends the session as truncated',
      requirements: ['WI-12'],
      refusal: 'frame.length',
      endsStream: true,
      act: (client) => {
        client.sendPlaintext(ping(8).slice(0, 2));
        client.stream.end();
      },
    },
    'relay/record/no-goodbye': {
      title: 'A stream that ends without Bye is closed, and the witness is served on',
      requirements: ['WI-12'],
      refusal: 'frame.length',
      endsStream: true,
      act: (client) => client.stream.end(),
    },
  }),
};
