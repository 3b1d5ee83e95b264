import { CREDIT_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Scenario } from '../../../model.ts';
import { inArena } from '../arena.ts';
import { attack, Stage } from '../attack.ts';
import { same } from '../checks.ts';
import type { RelayTarget } from '../target.ts';
import { pair, Reader } from './reader.ts';

/** Acknowledgements of what was delivered. */
export const ackScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/ack/in-range',
    title: 'An Ack of what was delivered, of less, and of what was acknowledged before is taken',
    level: 'must',
    requirements: ['RL-48'],
    requires: [],
    run: inArena(async (arena) => {
      const { author, reader } = await pair(arena);
      await author.client.push(author.device.items(3));
      await new Reader(reader.client, 0, CREDIT_BYTES_MAX).until(3);
      for (const cursor of [2n, 3n, 1n, 3n]) reader.client.send({ $case: 'ack', value: { cursor } }, 0);
      await reader.client.push(reader.device.items(1));
      const again = await arena.member(reader.device);
      again.client.send({ $case: 'ack', value: { cursor: 3n } }, 0);
      await again.client.push(again.device.items(1));
      for (const { client } of [reader, again]) {
        const errors = client.inbox.log.filter(({ frame }) => frame.body?.$case === 'error');
        same('errors', errors.length, 0);
      }
    }),
  },
  {
    id: 'relay/ack/beyond',
    title: 'An Ack beyond what was delivered is refused with request_id 0, and the session goes on',
    level: 'must',
    requirements: ['RL-48'],
    requires: [],
    run: inArena(async (arena) => {
      const stage = await Stage.set(arena);
      const client = await stage.session();
      await attack(stage, { classes: ['cursor.range'], connection: 'open' }, async () => {
        client.send({ $case: 'ack', value: { cursor: 1n } }, 0);
        return client;
      });
      const refusal = client.inbox.log.find(({ frame }) => frame.body?.$case === 'error');
      same('request_id', refusal?.frame.requestId, 0);
    }),
  },
];
