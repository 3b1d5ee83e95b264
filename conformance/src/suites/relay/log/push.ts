import { CIPHERTEXT_BYTES_MAX, PUSH_ITEMS_MAX } from '@0k-sync/generated/limits';
import { itemOf } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import { expect, expectMembers } from '../../expect.ts';
import { attacks } from '../attack.ts';
import type { RelayActs } from '../scene.ts';
import { expectAccepted, pushOne } from './pushing.ts';

/** Contents of a Push. */
export const pushActs: RelayActs = {
  'relay/push/cursors': {
    title: 'Cursors are dense from 1 over all senders, and the answer says that what is accepted is durable',
    requirements: ['RL-21', 'RL-30', 'SE-03'],
    run: async (scene) => {
      const { author, reader } = await scene.pair();
      let cursor = 0;
      for (const { client, device } of [author, reader, author]) {
        const { results, durable } = await client.push(device.items(4));
        expect('durable', durable, true);
        for (const result of results) {
          cursor += 1;
          expectAccepted('an item', result, cursor);
        }
      }
      expect('cursors given', cursor, 12);
    },
  },
  'relay/push/largest': {
    title: 'An envelope with the largest ciphertext is stored and read as it was sent',
    requirements: ['EN-04', 'RL-23'],
    run: async (scene) => {
      const { client, device } = await scene.member();
      const { envelope } = device.sized(CIPHERTEXT_BYTES_MAX);
      expectAccepted('the largest', await pushOne(client, { envelope, skip: false }), 1);
      const { header, nonce, ciphertext, signature } = envelope;
      const [read] = (await client.pull()).segment?.envelopes ?? [];
      expectMembers('the envelope', read, { header, nonce, ciphertext, signature });
    },
  },
  'relay/push/most-items': {
    title: 'A Push of as many items as are allowed is stored whole',
    requirements: ['RL-20', 'WI-17'],
    run: async (scene) => {
      const { client, device, ack } = await scene.member();
      const count = Math.min(PUSH_ITEMS_MAX, ack.limits?.pushItemsMax ?? 1);
      const { results } = await client.push(Array.from({ length: count }, () => itemOf(device.sized(272))));
      expect('results', results.length, count);
      expectAccepted('the last item', results.at(-1), count);
    },
  },
  ...attacks({
    'relay/push/no-items': {
      title: 'A Push without items is refused',
      requirements: ['RL-20'],
      refusal: 'resource.limit',
      act: (client) => client.send({ $case: 'push', value: { items: [] } }),
    },
  }),
  'relay/push/signature-is-the-receivers': {
    title: 'An envelope whose signature does not verify is stored: that is the receivers’ business',
    requirements: ['RL-23'],
    run: async (scene) => {
      const { client, device } = await scene.member();
      const unsigned = itemOf(device.forge({ signature: random(64) }));
      expectAccepted('the unsigned one', await pushOne(client, unsigned), 1);
    },
  },
};
