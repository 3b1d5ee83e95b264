import { equal } from '@0k-sync/core/bytes';
import { CIPHERTEXT_BYTES_MAX, PUSH_ITEMS_MAX } from '@0k-sync/generated/limits';
import { itemOf } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import type { Scenario } from '../../../model.ts';
import { inArena } from '../arena.ts';
import { attack, Stage } from '../attack.ts';
import { holds, same } from '../checks.ts';
import type { RelayTarget } from '../target.ts';
import { accepted, pushOne } from './pushing.ts';

/** What a Push may hold. */
export const pushScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/push/cursors',
    title: 'Cursors are dense from 1 over all senders, and the answer says that what is accepted is durable',
    level: 'must',
    requirements: ['RL-21', 'RL-30', 'SE-03'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      const sibling = await arena.member(device.group.device());
      let cursor = 0;
      for (const member of [{ client, device }, sibling, { client, device }]) {
        const { results, durable } = await member.client.push(member.device.items(4));
        same('durable', durable, true);
        for (const result of results) {
          cursor += 1;
          accepted('an item', result, cursor);
        }
      }
      same('cursors given', cursor, 12);
    }),
  },
  {
    id: 'relay/push/largest',
    title: 'An envelope with the largest ciphertext is stored and read as it was sent',
    level: 'must',
    requirements: ['EN-04', 'RL-23'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      const { envelope } = device.sized(CIPHERTEXT_BYTES_MAX);
      accepted('the largest', await pushOne(client, { envelope, skip: false }), 1);
      const [read] = (await client.pull()).segment?.envelopes ?? [];
      same('header', read?.header, envelope.header);
      same('nonce', read?.nonce, envelope.nonce);
      holds(
        'ciphertext',
        equal(read?.ciphertext ?? new Uint8Array(0), envelope.ciphertext),
        'the same bytes',
        'others',
      );
      same('signature', read?.signature, envelope.signature);
    }),
  },
  {
    id: 'relay/push/most-items',
    title: 'A Push of as many items as are allowed is stored whole',
    level: 'must',
    requirements: ['RL-20', 'WI-17'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device, ack } = await arena.member();
      const count = Math.min(PUSH_ITEMS_MAX, ack.limits?.pushItemsMax ?? 1);
      const { results } = await client.push(Array.from({ length: count }, () => itemOf(device.sized(272))));
      same('results', results.length, count);
      accepted('the last item', results.at(-1), count);
    }),
  },
  {
    id: 'relay/push/no-items',
    title: 'A Push without items is refused',
    level: 'must',
    requirements: ['RL-20'],
    requires: [],
    run: inArena(async (arena) => {
      const stage = await Stage.set(arena);
      await attack(stage, { classes: ['resource.limit'], connection: 'closed' }, async () => {
        const client = await stage.session();
        client.send({ $case: 'push', value: { items: [] } });
        return client;
      });
    }),
  },
  {
    id: 'relay/push/signature-is-the-receivers',
    title: 'An envelope whose signature does not verify is stored: that is the receivers’ business',
    level: 'must',
    requirements: ['RL-23'],
    requires: [],
    run: inArena(async (arena) => {
      const { client, device } = await arena.member();
      accepted('the unsigned one', await pushOne(client, itemOf(device.forge({ signature: random(64) }))), 1);
    }),
  },
];
