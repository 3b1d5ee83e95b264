import { setImmediate as turn } from 'node:timers/promises';
import type { FrameBody } from '@0k-sync/core/wire';
import { Device } from '@0k-sync/testkit/author';
import type { RawClient } from '@0k-sync/testkit/raw';
import type { Attack } from '../attack.ts';
import { again, enter } from '../stranger.ts';

const SESSIONS = 4;
/** Frames that one piece of the stream carries. */
const FRAMES = 512;
/** Bytes that wait for the network at most, of one session. */
const BUFFERED_BYTES_MAX = 1_000_000;

const ping: FrameBody = { $case: 'ping', value: {} };
const credit: FrameBody = { $case: 'credit', value: { bytes: 1 } };

/** Pings as fast as the network takes them; each asks for a Pong. */
export const pings: Attack = {
  finding: 'R4',
  title: 'Pings without end',
  takesMemory: false,
  run: flood((client) => client.sendFrames(...Array.from({ length: FRAMES }, () => framed(client, ping)))),
};

/** Credit for a subscription, as fast as the network takes it; nothing answers it. */
export const credits: Attack = {
  finding: 'R4',
  title: 'Credit without end',
  takesMemory: false,
  run: flood(
    (client) => client.sendFrames(...Array.from({ length: FRAMES }, () => ({ requestId: 0, body: credit }))),
    (client) => client.subscribe(),
  ),
};

/** Records of one byte each, which make up nothing but the beginning of a frame. */
export const oneByteRecords: Attack = {
  finding: 'R4',
  title: 'records of one byte',
  takesMemory: false,
  run: flood((client) => {
    for (let record = 0; record < FRAMES; record += 1)
      client.sendPlaintext(ONE_BYTE.subarray(record % 2, (record % 2) + 1));
  }),
};

/** An empty Ping is 02 6a 00 with request_id 0: here its length and then nothing that ends it. */
const ONE_BYTE = Uint8Array.of(0x80, 0x80);

function framed(client: RawClient, body: FrameBody): { requestId: number; body: FrameBody } {
  return { requestId: client.takeRequestId(), body };
}

/** Several sessions send the same thing as fast as the network takes it. */
function flood(send: (client: RawClient) => void, prepare: (client: RawClient) => void = () => {}): Attack['run'] {
  return async (relay, signal, begun) => {
    begun();
    const device = new Device();
    const session = async () => {
      const client = await enter(relay, device);
      let isOpen = true;
      void client.ended.then(() => {
        isOpen = false;
      });
      client.listen(() => {});
      prepare(client);
      while (isOpen && !signal.aborted) {
        if (client.stream.bufferedBytes < BUFFERED_BYTES_MAX) send(client);
        await turn();
      }
      await client.close();
    };
    await Promise.all(Array.from({ length: SESSIONS }, () => again(signal, session)));
  };
}
