import { GAP_WAIT_MS } from '@0k-sync/generated/limits';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { flip } from '@0k-sync/testkit/wire';
import { requiring } from '../../acts.ts';
import { comes, event, expect, expectThat } from '../../expect.ts';
import { type ClientActs, type ClientScene, READS } from '../scene.ts';
import { eventInTime } from '../time.ts';
import { expectGap } from './gaps.ts';

const MONTH_MS = 30 * 24 * 3_600_000;

/** From now on the relay claims to have one envelope more, and does not give it: what is missing may still come. */
function claimsMore({ relay, log }: ClientScene, asked: () => void = () => {}): void {
  const head = BigInt(log.head + 1);
  relay.behaviour = {
    segment: (segment) => ({ ...segment, head: segment.head + 1n }),
    request: (body) => {
      if (body.$case !== 'pull' || body.value.after < head) return undefined;
      asked();
      return { error: 'RATE_LIMITED' };
    },
  };
}

/** The client holds an envelope whose predecessor, the result, is not there, and has asked for more. */
async function holdsOne(scene: ClientScene): Promise<Envelope> {
  const missing = scene.author.next('missing');
  const { seen, happened } = event();
  claimsMore(scene, happened);
  scene.publish('held');
  scene.client.attempt('pull');
  await comes('a Pull behind what is held', seen);
  return missing;
}

async function expectNoGap({ client }: ClientScene, when: string): Promise<void> {
  expect(`gaps ${when}`, await client.events('gap'), []);
}

/** Envelopes that wait for what may still come. */
export const waitActs: ClientActs = requiring(READS, {
  'client/held/not-acknowledged': {
    title: 'no Ack names an envelope that is held',
    requirements: ['CL-13', 'CL-07'],
    run: async (scene) => {
      await scene.serves('before');
      await scene.client.advance(0);
      const missing = await holdsOne(scene);
      const held = BigInt(scene.log.head);
      // The Pull behind it was sent after everything that the client had to say of it.
      const acks = scene.requests('ack').filter(({ cursor }) => cursor >= held);
      expectThat('Acks of what is held', acks.length === 0, 'none', acks.length);
      scene.relay.behaviour = {};
      scene.inject(missing);
      await scene.serves('after');
      await scene.delivered('before', 'missing', 'held', 'after');
      await scene.client.act('pull');
      const last = scene.requests('ack').at(-1)?.cursor ?? 0n;
      expectThat('the last Ack', last > held, `above ${held}`, last);
    },
  },
  'client/runs/held-vouches': {
    title: 'an envelope that waits vouches for the one before it, whose signature is bad',
    requirements: ['EN-31', 'EN-30'],
    run: async (scene) => {
      await scene.serves('before');
      await scene.client.advance(0);
      const missing = await holdsOne(scene);
      scene.relay.behaviour = {};
      scene.inject({ ...missing, signature: flip(missing.signature) });
      await scene.serves('after');
      await scene.delivered('before', 'missing', 'held', 'after');
      expect('rejected', await scene.client.events('rejected'), []);
    },
  },
  'client/gap/waits': {
    title: 'what may still come is waited for GAP_WAIT_MS, whatever becomes of the wall clock',
    requirements: ['EN-24', 'LI-27', 'OV-07'],
    run: async (scene) => {
      const { client } = scene;
      await scene.serves('before');
      const { stands } = await client.advance(0);
      await holdsOne(scene);
      if (stands) {
        await client.setNow(Date.now() + MONTH_MS);
        await client.advance(GAP_WAIT_MS - 1);
        await expectNoGap(scene, 'before the time is over');
        await client.setNow(Date.now() - MONTH_MS);
      }
      await eventInTime(client, 'gap', 1);
      await expectGap(scene, scene.author.sequence - 1, scene.author.sequence - 1);
      await scene.delivered('before', 'held');
      await scene.serves('after');
    },
  },
  'client/gap/clock-set-back': {
    title: 'what was held while the wall clock was a month ahead waits GAP_WAIT_MS after a restart, not a month',
    requirements: ['EN-24', 'LI-27', 'OV-07'],
    run: async (scene) => {
      await scene.serves('before');
      await scene.reopen({ nowMs: Date.now() + MONTH_MS });
      await holdsOne(scene);
      await scene.reopen();
      await scene.client.advance(0);
      await eventInTime(scene.client, 'gap', GAP_WAIT_MS);
      await expectGap(scene, scene.author.sequence - 1, scene.author.sequence - 1);
      await scene.deliveredOnce('held');
      await scene.serves('after');
    },
  },
});
