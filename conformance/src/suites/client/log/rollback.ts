import { toHex } from '@0k-sync/core/bytes';
import { sealAnnouncement } from '../contents.ts';
import { READS } from '../forged.ts';
import { onStage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { control, expectSame, expectTrue } from '../verdict.ts';
import { waitsForGap } from './gaps.ts';

const SETTLED_REQUESTS_MAX = 8;

/** Relays that lost data, and relays that removed it. */
export const rollbackScenarios: readonly ClientScenario[] = [
  {
    id: 'client/rollback/reported-and-healed',
    title: 'a relay that went back is reported, read again without anything twice, and given again what it lost',
    level: 'must',
    requirements: ['CL-06', 'RL-42'],
    requires: [...READS, 'push', 'sync', 'disconnect'],
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const kept = stage.log.head;
      await stage.client.act('push', { text: 'own', wait: true });
      stage.publish('lost');
      await stage.client.act('pull');
      await stage.client.act('disconnect');
      const written = stage.written.length;
      stage.log.rollBackTo(kept);
      Object.assign(stage.author, stage.log.headOf(stage.author.keys.deviceKey));
      await stage.client.act('pull');
      await stage.client.event('rolled-back');
      await stage.client.act('sync');
      expectSame('own envelopes at the relay', stage.written.length, written);
      await stage.delivered(['before', 'lost']);
    }),
  },
  {
    id: 'client/rollback/another-log',
    title: 'a log of the same length with another envelope at the cursor is noticed by its hash',
    level: 'must',
    requirements: ['CL-06', 'RL-42'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const { head } = stage.log;
      const last = stage.log.envelopes.at(-1);
      await stage.client.act('pull');
      stage.log.rollBackTo(head - 1);
      const other = stage.author.group.device();
      if (other.enrolment.record !== undefined)
        stage.log.records.set(toHex(other.keys.deviceKey), other.enrolment.record);
      stage.append(sealAnnouncement(other, 'other').envelope);
      await stage.client.act('pull');
      await stage.client.event('rolled-back');
      if (last !== undefined) stage.append(last);
      await stage.controlled('after');
      await stage.delivered(['before', 'after']);
    }),
  },
  {
    id: 'client/rollback/hash-at-after',
    title: 'every request after a cursor carries H of the envelope there',
    level: 'must',
    requirements: ['RL-42', 'EN-13'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.controlled('after');
      const pulls = stage.requests('pull').filter(({ after }) => after > 0n);
      expectTrue('a pull after a cursor', pulls.length > 0);
      for (const { after, hashAtAfter } of pulls) {
        const envelope = stage.log.envelopes[Number(after) - 1];
        expectSame('hash_at_after', toHex(hashAtAfter), envelope && toHex(stage.log.hash(envelope)));
      }
    }),
  },
  {
    id: 'client/rollback/for-ever',
    title: 'a relay that refuses every cursor as rolled back is no loop',
    level: 'must',
    requirements: ['CL-06'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const asked = stage.requests('pull').length;
      stage.relay.behaviour = { request: ({ $case }) => ($case === 'pull' ? { error: 'ROLLED_BACK' } : undefined) };
      await stage.client.rejects('pull', ['cursor.gap', 'cursor.regress']);
      expectTrue('a few requests at most', stage.requests('pull').length - asked <= SETTLED_REQUESTS_MAX);
      await stage.controlled('after');
      await stage.delivered(['before', 'after']);
    }),
  },
  {
    id: 'client/rollback/head-below-cursor',
    title: 'a tiny head in HelloAck wipes nothing: only a refused cursor is a rollback',
    level: 'must',
    requirements: ['CL-05', 'SE-16'],
    requires: [...READS, 'disconnect'],
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const before = await stage.client.state();
      await stage.client.act('disconnect');
      stage.relay.behaviour = { hello: (ack) => ({ ...ack, head: 1n }) };
      await stage.client.act('pull');
      expectSame('rolled-back', await stage.client.events('rolled-back'), []);
      expectSame('the state', await stage.client.state(), before);
      await stage.controlled('after');
      await stage.delivered(['before', 'after']);
    }),
  },
  {
    id: 'client/expired/below-the-floor',
    title: 'what was removed before it was read is reported as expired, and the rest is delivered',
    level: 'must',
    requirements: ['CL-08', 'EN-24', 'RL-50'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const read = Number(await stage.client.cursor());
      for (const text of ['gone', 'gone too']) stage.publish(text);
      stage.log.expireThrough(stage.log.head);
      stage.publish('there');
      await waitsForGap(stage);
      const { from, to } = await control('expired', () => stage.client.event('expired'));
      expectSame('expired', [Number(from), Number(to)], [read + 1, read + 2]);
      await stage.client.event('gap');
      await stage.delivered(['before', 'there']);
      await stage.controlled('after');
    }),
  },
];
