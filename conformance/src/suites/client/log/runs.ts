import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { flip } from '@0k-sync/testkit/wire';
import { requiring } from '../../acts.ts';
import { expect } from '../../expect.ts';
import { expectRejected } from '../forged.ts';
import { amid, type ClientActs, type ClientScene, READS } from '../scene.ts';

const unsigned = (envelope: Envelope): Envelope => ({ ...envelope, signature: flip(envelope.signature) });

async function expectNoAlarm({ client }: ClientScene): Promise<void> {
  const alarms = [await client.events('rejected'), await client.events('gap'), await client.events('fork')];
  expect('rejections, gaps and forks', alarms, [[], [], []]);
}

/** One good signature vouches for everything below it in its run. */
export const runActs: ClientActs = requiring(READS, {
  'client/runs/vouched': {
    title: 'bad signatures below a good one of the same run do not matter',
    requirements: ['EN-30', 'EN-32'],
    run: amid(async (scene) => {
      for (const text of ['one', 'two']) scene.log.append(unsigned(scene.author.next(text)));
      scene.publish('three');
      await scene.client.act('pull');
      await expectNoAlarm(scene);
      return ['one', 'two', 'three'];
    }),
  },
  'client/runs/last-one-bad': {
    title: 'the last envelope of a run with a bad signature is rejected, and what stands below it is read',
    requirements: ['EN-30', 'EN-32', 'EN-26'],
    run: amid(async (scene) => {
      scene.log.append(scene.author.next('one'));
      const last = scene.author.next('two');
      const cursor = scene.inject(unsigned(last));
      await scene.client.act('pull');
      await expectRejected(scene, ['envelope.auth'], cursor);
      scene.append(last);
      await scene.client.act('pull');
      return ['one', 'two'];
    }),
  },
  'client/runs/recalled': {
    title: 'what was rejected for its signature is read when an authentic successor names it, before that one',
    requirements: ['EN-34', 'EN-26'],
    run: amid(async (scene) => {
      const cursor = scene.inject(unsigned(scene.author.next('one')));
      await scene.client.act('pull');
      await expectRejected(scene, ['envelope.auth'], cursor);
      scene.publish('two');
      await scene.client.act('pull');
      expect('gaps', await scene.client.events('gap'), []);
      return ['one', 'two'];
    }),
  },
  'client/runs/quarantine-vouches-not': {
    title: 'what was rejected for its signature vouches for nothing before it is authentic itself',
    requirements: ['EN-31', 'EN-34'],
    run: amid(async (scene) => {
      const [one, two] = [unsigned(scene.author.next('one')), unsigned(scene.author.next('two'))];
      for (const envelope of [two, one]) {
        scene.inject(envelope);
        await scene.client.act('pull');
      }
      const rejected = (await scene.client.events('rejected')).map(({ class: rejectClass }) => rejectClass);
      expect('rejections', rejected, ['envelope.auth', 'envelope.auth']);
      await scene.delivered('before');
      scene.publish('three');
      await scene.client.act('pull');
      return ['one', 'two', 'three'];
    }),
  },
  'client/runs/copy': {
    title: 'a copy of what was read is a duplicate, whatever its signature',
    requirements: ['EN-22', 'EN-33'],
    run: amid(async (scene) => {
      const one = scene.author.next('one');
      scene.append(one);
      scene.inject(unsigned(one));
      await scene.client.act('pull');
      await expectNoAlarm(scene);
      return ['one'];
    }),
  },
  'client/runs/skipped': {
    title: 'what a plaintext names as skipped is not missing before it',
    requirements: ['EN-29', 'EN-24'],
    run: amid(async (scene) => {
      scene.author.next('never sent');
      scene.append(scene.author.next('after it', { skipped: [scene.author.sequence] }));
      await scene.client.act('pull');
      await expectNoAlarm(scene);
      return ['after it'];
    }),
  },
});
