import { cp } from 'node:fs/promises';
import { stubOf } from '@0k-sync/core/envelope';
import type { HelloAck } from '@0k-sync/generated/wire/frame';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { flip } from '@0k-sync/testkit/wire';
import { actsOf, type Claim, requiring } from '../../acts.ts';
import { control, expect } from '../../expect.ts';
import { bytesOf, Client } from '../client.ts';
import { readWritten } from '../contents.ts';
import { type ClientActs, type ClientScene, READS, type SceneOptions } from '../scene.ts';

/** A head of the client's own chain that the client never made, as a relay claims it. */
interface Invented extends Claim {
  readonly headOf: (ack: HelloAck, scene: ClientScene) => Partial<HelloAck>;
}

/** The client's directory as it is now, in a second one; the first stays open. */
async function copied(scene: ClientScene): Promise<string> {
  await scene.reopen();
  await scene.client.close();
  const directory = await scene.target.directory();
  await cp(scene.client.directory, directory, { recursive: true });
  scene.client = await Client.open(scene.client.adapter, scene.client.directory);
  return directory;
}

/** The device goes on from a copy of what it was, after its last push from here. */
async function restore(scene: ClientScene, copy: string, text: string): Promise<void> {
  await scene.client.act('push', { text, wait: true });
  await scene.client.close();
  scene.client = await Client.open(scene.client.adapter, copy);
}

/** A client pushes nothing upon an invented head. */
const inventedActs: ClientActs = actsOf<Invented, ClientScene, SceneOptions>(
  {
    'client/own-chain/invented-sequence': {
      title: 'a head above what this device ever sealed is not pushed upon',
      requirements: ['CL-21', 'SE-16'],
      headOf: (_, scene) => ({
        ownHead: stubOf(crypto, scene.author.forge({ senderKey: bytesOf(scene.deviceKey), sequence: 9 }).envelope),
      }),
    },
    'client/own-chain/invented-hash': {
      title: 'the right place with another body is not pushed upon',
      requirements: ['CL-21', 'EN-13'],
      headOf: ({ ownHead }) => ({ ownHead: ownHead && { ...ownHead, bodyHash: random(32) } }),
    },
  },
  ({ headOf }) =>
    async (scene) => {
      const { client, relay } = scene;
      await scene.exchanges('before');
      await client.act('disconnect');
      const pushes = scene.requests('push').length;
      relay.behaviour = { hello: (ack) => ({ ...ack, ...headOf(ack, scene) }) };
      await client.rejects('push', ['envelope.auth'], { text: 'not upon that', wait: true });
      expect('pushes', scene.requests('push').length, pushes);
      await client.act('disconnect');
      relay.behaviour = {};
      await control('an honest head', () => client.act('sync'));
      expect('written', readWritten(scene), ['answer to before', 'not upon that']);
      await scene.exchanges('after');
    },
);

/** The device's own chain, and what a relay or a copy makes of it. */
export const ownChainActs: ClientActs = requiring([...READS, 'push', 'sync', 'disconnect'], {
  ...inventedActs,
  'client/own-chain/behind': {
    title: 'a device that was restored from a copy reads what it had sealed since, and goes on behind it',
    requirements: ['CL-21', 'CL-15'],
    run: async (scene) => {
      await scene.exchanges('before');
      await restore(scene, await copied(scene), 'since then');
      await scene.client.act('push', { text: 'from the copy', wait: true });
      expect('written', readWritten(scene), ['answer to before', 'since then', 'from the copy']);
      const alarms = [await scene.client.events('fork'), await scene.client.events('expired')];
      expect('forks and losses', alarms, [[], []]);
      await scene.deliveredOnce('since then');
      await scene.serves('after');
    },
  },
  'client/own-chain/taken-over': {
    title:
      'a copy whose later envelopes have expired takes over its own head, says what it lost, and goes on behind it',
    requirements: ['CL-21', 'CL-28', 'EN-28'],
    run: async (scene) => {
      await scene.exchanges('before');
      await restore(scene, await copied(scene), 'since then');
      scene.log.expireThrough(scene.log.head);
      const { sequence } = scene.log.headOf(bytesOf(scene.deviceKey));
      await scene.client.act('push', { text: 'from the copy', wait: true });
      expect('written', readWritten(scene), ['from the copy']);
      const lost = (await scene.client.events('expired')).filter(({ sender }) => sender === scene.deviceKey);
      expect(
        'what it lost',
        lost.map(({ from, to }) => [from, to]),
        [[`${sequence}`, `${sequence}`]],
      );
      expect('forks', await scene.client.events('fork'), []);
      await scene.serves('after');
    },
  },
  'client/own-chain/ahead': {
    title: 'what the relay lost of this device’s own is pushed again before anything new',
    requirements: ['CL-21', 'CL-06'],
    run: async (scene) => {
      const { client, log } = scene;
      await scene.exchanges('before');
      const kept = log.head;
      for (const text of ['lost', 'lost too']) await client.act('push', { text, wait: true });
      await client.act('disconnect');
      log.rollBackTo(kept);
      await client.act('push', { text: 'new', wait: true });
      await client.act('sync');
      expect('written', readWritten(scene), ['answer to before', 'lost', 'lost too', 'new']);
    },
  },
  'client/own-chain/signed-again': {
    title: 'an own envelope that its successor vouches for is signed again before it is pushed',
    requirements: ['EN-35', 'EN-30', 'CL-06'],
    run: async (scene) => {
      await scene.exchanges('before');
      const copy = await copied(scene);
      const kept = scene.log.head;
      await scene.client.act('push', { text: 'vouched for', wait: true });
      await restore(scene, copy, 'vouches');
      const [vouchedFor] = scene.log.envelopes.slice(kept);
      if (vouchedFor !== undefined) vouchedFor.signature = flip(vouchedFor.signature);
      await scene.client.act('pull');
      expect('rejected', await scene.client.events('rejected'), []);
      await scene.client.act('disconnect');
      scene.log.rollBackTo(kept);
      // A new message goes behind what the relay lacks.
      await scene.client.act('push', { text: 'later', wait: true });
      expect('written', readWritten(scene), ['answer to before', 'vouched for', 'vouches', 'later']);
      await scene.serves('after');
    },
  },
  'client/own-chain/fork': {
    requires: [...READS, 'push', 'sync', 'disconnect', 'queue_drop'],
    title:
      'another envelope of this device’s own in its place is reported as a fork, and pushing stops, also after a restart',
    requirements: ['CL-26', 'RL-27'],
    run: async (scene) => {
      await scene.exchanges('before');
      const copy = await copied(scene);
      const head = scene.log.headOf(bytesOf(scene.deviceKey));
      await restore(scene, copy, 'the first');
      // Without this claim the copy would find out before it seals anything.
      scene.relay.behaviour = {
        hello: (ack) => ({ ...ack, ownHead: head.stub }),
        request: ({ $case }) => ($case === 'pull' ? { error: 'RATE_LIMITED' } : undefined),
      };
      await scene.client.rejects('push', ['envelope.chain'], { text: 'the second', wait: true });
      const fork = await scene.client.event('fork');
      expect('the fork', [fork.sender, `${fork.sequence}`], [scene.deviceKey, `${head.sequence + 1}`]);
      const pushes = scene.requests('push').length;
      await scene.client.act('push', { text: 'not sent', wait: false });
      // Requests behind the push were answered.
      for (const text of ['after', 'after that']) await scene.serves(text);
      expect('pushes', scene.requests('push').length, pushes);
      expect('written', readWritten(scene), ['answer to before', 'the first']);
      // The relay shows nothing of the fork, and nothing refused waits: the client has to remember it.
      scene.relay.behaviour = { hello: (ack) => ({ ...ack, ownHead: head.stub }) };
      for (const { id } of await scene.client.refused()) await scene.client.act('queue_drop', { id });
      await scene.reopen();
      await scene.client.act('push', { text: 'not sent either', wait: false });
      await scene.client.act('connect');
      for (const _ of [1, 2]) await scene.client.act('pull');
      expect('pushes after a restart', scene.requests('push').length, pushes);
    },
  },
});
