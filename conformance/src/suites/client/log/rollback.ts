import { toHex } from '@0k-sync/core/bytes';
import { requiring } from '../../acts.ts';
import { control, expect, expectThat } from '../../expect.ts';
import { amid, type ClientActs, READS, underAttack } from '../scene.ts';
import { waitsForGap } from './gaps.ts';
import { asksInVain } from './pages.ts';

/** Relays that lost data, and relays that removed it. */
export const rollbackActs: ClientActs = requiring(READS, {
  'client/rollback/reported-and-healed': {
    title: 'a relay that went back is reported, read again without anything twice, and given again what it lost',
    requirements: ['CL-06', 'RL-42'],
    requires: [...READS, 'push', 'disconnect'],
    run: async (scene) => {
      const { client, log, author } = scene;
      await scene.serves('before');
      const kept = log.head;
      await client.act('push', { text: 'own', wait: true });
      scene.publish('lost');
      await client.act('pull');
      await client.act('disconnect');
      const written = scene.written.length;
      log.rollBackTo(kept);
      Object.assign(author, log.headOf(author.keys.deviceKey));
      await client.act('pull');
      await client.event('rolled-back');
      // A new message goes behind what the relay lacks.
      await client.act('push', { text: 'later', wait: true });
      expect('own envelopes at the relay', scene.written.length, written + 1);
      await scene.delivered('before', 'lost');
    },
  },
  'client/rollback/another-log': {
    title: 'a log of the same length with another envelope at the cursor is noticed by its hash',
    requirements: ['CL-06', 'RL-42'],
    run: async (scene) => {
      const { client, log } = scene;
      await scene.serves('before');
      const last = log.envelopes.at(-1);
      await client.act('pull');
      log.rollBackTo(log.head - 1);
      const other = scene.author.sibling();
      log.records.set(toHex(other.keys.deviceKey), other.enrolment.record);
      scene.append(other.announce('other').envelope);
      await client.act('pull');
      await client.event('rolled-back');
      if (last !== undefined) scene.append(last);
      await scene.serves('after');
      await scene.delivered('before', 'after');
    },
  },
  'client/rollback/hash-at-after': {
    title: 'every request after a cursor carries H of the envelope there',
    requirements: ['RL-42', 'EN-13'],
    run: async (scene) => {
      for (const text of ['before', 'after']) await scene.serves(text);
      const pulls = scene.requests('pull').filter(({ after }) => after > 0n);
      expectThat('Pulls after a cursor', pulls.length > 0, 'one at least', pulls.length);
      for (const { after, hashAtAfter } of pulls) {
        const envelope = scene.log.envelopes[Number(after) - 1];
        expect('hash_at_after', hashAtAfter, envelope && scene.log.hash(envelope));
      }
    },
  },
  'client/rollback/for-ever': {
    title: 'a relay that refuses every cursor as rolled back is no loop',
    requirements: ['CL-06'],
    run: amid(async (scene) => {
      scene.relay.behaviour = { request: ({ $case }) => ($case === 'pull' ? { error: 'ROLLED_BACK' } : undefined) };
      await asksInVain(scene, ['cursor.gap', 'cursor.regress']);
      return [];
    }),
  },
  'client/rollback/again': {
    title: 'a second roll-back within ROLL_BACK_MS_MIN is not believed',
    requirements: ['CL-16', 'LI-78'],
    run: async (scene) => {
      const { client, relay } = scene;
      await scene.serves('before');
      const refuseOnce = () => {
        relay.behaviour = {
          request: ({ $case }) => {
            if ($case !== 'pull') return undefined;
            relay.behaviour = {};
            return { error: 'ROLLED_BACK' };
          },
        };
      };
      refuseOnce();
      await client.act('pull');
      await client.event('rolled-back');
      refuseOnce();
      await client.rejects('pull', ['cursor.gap']);
      await scene.serves('after');
      expect('roll-backs', (await client.events('rolled-back')).length, 1);
      await scene.delivered('before', 'after');
    },
  },
  'client/rollback/head-below-cursor': {
    title: 'a tiny head in HelloAck wipes nothing: only a refused cursor is a rollback',
    requirements: ['CL-05', 'SE-16'],
    requires: [...READS, 'disconnect'],
    run: underAttack(async ({ client, relay }) => {
      await client.act('disconnect');
      relay.behaviour = { hello: (ack) => ({ ...ack, head: 1n }) };
      await client.act('pull');
      expect('rolled-back', await client.events('rolled-back'), []);
      return [];
    }),
  },
  'client/expired/below-the-floor': {
    title: 'what was removed before it was read is reported as expired, and the rest is delivered',
    requirements: ['CL-08', 'EN-24', 'RL-50'],
    run: async (scene) => {
      const { client, log } = scene;
      await scene.serves('before');
      const read = Number(await client.cursor());
      for (const text of ['gone', 'gone too']) scene.publish(text);
      log.expireThrough(log.head);
      scene.publish('there');
      await waitsForGap(scene);
      const { from, to } = await control('expired', () => client.event('expired'));
      expect('expired', [Number(from), Number(to)], [read + 1, read + 2]);
      await client.event('gap');
      await scene.delivered('before', 'there');
      await scene.serves('after');
    },
  },
});
