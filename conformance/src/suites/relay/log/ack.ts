import { CREDIT_BYTES_MAX } from '@0k-sync/generated/limits';
import type { RawClient } from '@0k-sync/testkit/raw';
import { expect } from '../../expect.ts';
import { Encounter } from '../attack.ts';
import type { RelayActs } from '../scene.ts';
import { Reader } from './reader.ts';

/** Tells a relay that everything up to a cursor was stored here. RL-48. */
export function acknowledge(client: RawClient, cursor: number): void {
  client.send({ $case: 'ack', value: { cursor: BigInt(cursor) } }, 0);
}

/** The Errors that a session was sent, with their request_ids. */
export function errorsOf({ inbox }: RawClient): readonly number[] {
  return inbox.log.flatMap(({ frame }) => (frame.body?.$case === 'error' ? [frame.requestId] : []));
}

/** Acknowledgements of what was delivered. */
export const ackActs: RelayActs = {
  'relay/ack/in-range': {
    title: 'An Ack of what was delivered, of less, and of what was acknowledged before is taken',
    requirements: ['RL-48'],
    run: async (scene) => {
      const { author, reader } = await scene.pair();
      await author.client.push(author.device.items(3));
      await new Reader(reader.client, 0, CREDIT_BYTES_MAX).until(3);
      for (const cursor of [2, 3, 1, 3]) acknowledge(reader.client, cursor);
      await reader.client.push(reader.device.items(1));
      const again = await scene.member(reader.device);
      acknowledge(again.client, 3);
      await again.client.push(again.device.items(1));
      for (const { client } of [reader, again]) expect('errors', errorsOf(client), []);
    },
  },
  'relay/ack/beyond': {
    title: 'An Ack beyond what was delivered is refused with request_id 0, and the session goes on',
    requirements: ['RL-48'],
    run: async (scene) => {
      const encounter = await Encounter.begin(scene);
      const client = await encounter.session();
      await encounter.attack({ classes: ['cursor.range'], staysOpen: true }, async () => {
        acknowledge(client, 1);
        return client;
      });
      expect('request_ids of Errors', errorsOf(client), [0]);
    },
  },
};
