import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '@0k-sync/core/bytes';
import { EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import type { Behaviour } from '@0k-sync/testkit/relay';
import { giving, requiring } from '../../acts.ts';
import { comes, event, expect, expectThat } from '../../expect.ts';
import { DEADLINE_MS, texts } from '../client.ts';
import { readWritten } from '../contents.ts';
import { invitation } from '../invitation.ts';
import { type ClientActs, type ClientScene, heard, READS } from '../scene.ts';

const OTHERS_MAY = 0o077;

/** Expects each message up to the cursor once; the client reads the missing ones. */
async function everythingIsThere(scene: ClientScene, expected: readonly string[]): Promise<void> {
  scene.relay.behaviour = {};
  expect('messages of the log', texts(await scene.client.pull()), expected);
  expect('the cursor', await scene.client.cursor(), `${scene.log.head}`);
}

/** The client is killed when `doomed` has happened, and the relay is honest to the next one, which syncs. */
async function killedThenSyncs(scene: ClientScene, what: string, doomed: Promise<void>): Promise<void> {
  await comes(what, doomed);
  await scene.killAndReopen();
  scene.relay.behaviour = {};
  await scene.client.act('sync');
}

/** Resolves when a Push has been carried out. None is answered. */
function pushStored({ relay }: ClientScene): Promise<void> {
  const { seen, happened } = event();
  relay.behaviour = {
    answer: (reply, { $case }) => {
      if ($case !== 'push') return reply;
      happened();
      return 'silence';
    },
  };
  return seen;
}

const pushActs: ClientActs = {
  'client/durable/offline-push': {
    title: 'what was pushed offline survives kill -9 and is delivered once, in order',
    requirements: ['CL-20', 'CL-22', 'CL-23'],
    run: async (scene) => {
      await scene.exchanges('before');
      await scene.client.setNetwork('offline');
      for (const text of ['one', 'two', 'three']) await scene.client.act('push', { text, wait: false });
      expect('unsynced', await scene.client.unsynced(), 3);
      await scene.killAndReopen();
      expect('unsynced', await scene.client.unsynced(), 3);
      await scene.client.act('sync');
      expect('written', readWritten(scene), ['answer to before', 'one', 'two', 'three']);
      await scene.serves('after');
    },
  },
  'client/durable/push-in-flight': {
    title:
      'a push whose PushAck was lost with the process is sent again with the same bytes and stands in the log once',
    requirements: ['CL-22', 'CL-23', 'EN-10'],
    run: async (scene) => {
      await scene.exchanges('before');
      const stored = pushStored(scene);
      scene.client.attempt('push', { text: 'once', wait: true });
      await killedThenSyncs(scene, 'the push arrives', stored);
      expect('written', readWritten(scene), ['answer to before', 'once']);
      expect('forks', await scene.client.events('fork'), []);
      await scene.exchanges('after');
    },
  },
  'client/durable/sealed-before-sent': {
    title:
      'a push that was on its way when the process was killed keeps its nonce: nothing is sealed twice for one place',
    requirements: ['CL-22', 'EN-10', 'EN-08'],
    run: async (scene) => {
      await scene.exchanges('before');
      const sent = heard(scene, 'push', 'silence');
      scene.client.attempt('push', { text: 'sealed', wait: true });
      await killedThenSyncs(scene, 'the push is sent', sent);
      const items = scene.requests('push').flatMap((push) => push.items);
      const [first, second] = items.slice(-2).map(({ envelope }) => envelope?.nonce);
      expect('the nonce of the second attempt', second, first);
      expect('written', readWritten(scene), ['answer to before', 'sealed']);
      await scene.exchanges('after');
    },
  },
  'client/durable/nonce-never-repeats': {
    title: 'over restarts by kill -9 no nonce comes twice, and every sequence once',
    requirements: ['EN-08', 'EN-10', 'CL-22'],
    run: async (scene) => {
      await scene.exchanges('before');
      for (const round of [1, 2, 3]) {
        for (const text of ['a', 'b']) await scene.client.act('push', { text: `${text}${round}`, wait: true });
        await scene.killAndReopen();
      }
      await scene.client.act('push', { text: 'last', wait: true });
      const nonces = scene.written.map(({ nonce }) => toHex(nonce));
      expect('different nonces', new Set(nonces).size, nonces.length);
      const sequences = scene.written.map(({ header }) => Number(EnvelopeHeader.decode(header).sequence));
      const counted = Array.from(sequences, (_, index) => index + 1);
      expect('sequences', sequences, counted);
      expect('written', readWritten(scene), ['answer to before', 'a1', 'b1', 'a2', 'b2', 'a3', 'b3', 'last']);
      await scene.serves('after');
    },
  },
};

const readActs: ClientActs = {
  'client/durable/killed-at-ack': {
    title: 'what was acknowledged is stored: a kill at the Ack loses nothing, though the relay removes it then',
    requirements: ['CL-03', 'CL-07', 'RL-48'],
    run: async (scene) => {
      const { client, log } = scene;
      await scene.serves('before');
      for (const text of ['one', 'two']) scene.publish(text);
      const { seen, happened } = event();
      scene.relay.behaviour = {
        request: (request) => {
          if (request.$case !== 'ack') return undefined;
          client.adapter.kill();
          log.expireThrough(Number(request.value.cursor));
          happened();
          return 'silence';
        },
      };
      client.attempt('pull');
      await comes('the Ack comes', seen);
      await scene.killAndReopen();
      expect('expired', await scene.client.events('expired'), []);
      await everythingIsThere(scene, ['before', 'one', 'two']);
      await scene.serves('after');
    },
  },
  'client/durable/killed-at-page': {
    title: 'a kill while a page arrives leaves the cursor where the data is',
    requirements: ['CL-03'],
    run: async (scene) => {
      const { client } = scene;
      await scene.serves('before');
      const written = Array.from({ length: 200 }, (_, index) => `message ${index}`);
      for (const text of written) scene.publish(text);
      const { seen, happened } = event();
      let pages = 0;
      scene.relay.behaviour = {
        request: (request) => {
          if (request.$case === 'pull') request.value.bytesMax = 10_000;
          return undefined;
        },
        answer: (reply, request) => {
          if (request.$case !== 'pull') return reply;
          pages += 1;
          // The page before is being stored, or is stored.
          if (pages === 3) queueMicrotask(() => client.adapter.kill());
          if (pages === 3) happened();
          return reply;
        },
      };
      client.attempt('pull');
      await comes('three pages', seen);
      await scene.killAndReopen();
      await everythingIsThere(scene, ['before', ...written]);
      await scene.serves('after');
    },
  },
  'client/durable/delivered-once-over-restart': {
    title: 'what was delivered in one life of the process is not accepted a second time in the next',
    requirements: ['CL-03', 'EN-16', 'EN-22'],
    run: async (scene) => {
      await scene.serves('before');
      const again = [...scene.log.envelopes];
      await scene.killAndReopen();
      for (const envelope of again) scene.inject(envelope);
      scene.publish('after');
      await scene.client.act('pull');
      const delivered = texts(await scene.client.messages(1));
      expect(
        'after',
        delivered.filter((text) => text === 'after'),
        ['after'],
      );
      const before = delivered.filter((text) => text === 'before').length;
      expectThat('before', before <= 1, 'once at most', delivered);
    },
  },
};

/** The client is killed at its claim, which the relay has carried out or not; then it joins with the same invite. */
async function joinsAfterKill(scene: ClientScene, what: string, claim: (happened: () => void) => Behaviour) {
  const { seen, happened } = event();
  scene.relay.behaviour = claim(happened);
  const invite = invitation(scene.relay, scene.author);
  scene.client.attempt('pair_join', { invite });
  await comes(what, seen);
  await scene.killAndReopen();
  scene.relay.behaviour = {};
  await scene.client.act('pair_join', { invite });
  expect('records', scene.log.records.size, 2);
  await scene.serves('after');
}

const memberActs: ClientActs = {
  'client/durable/claim-sent': {
    title: 'a joiner that is killed when it has sent its claim joins with the same invite in a new process',
    requirements: ['PA-14', 'PA-20'],
    requires: ['client', 'pair_join', 'pull'],
    given: { ownProcess: true, unpaired: true },
    run: (scene) =>
      joinsAfterKill(scene, 'the claim comes', (happened) => ({
        request: ({ $case }) => {
          if ($case !== 'mailboxClaim') return undefined;
          happened();
          return 'silence';
        },
      })),
  },
  'client/durable/claimed': {
    title: 'a joiner that is killed when its claim was carried out joins with the same invite in a new process',
    requirements: ['PA-14', 'PA-20', 'OV-33'],
    requires: ['client', 'pair_join', 'pull'],
    given: { ownProcess: true, unpaired: true },
    run: (scene) =>
      joinsAfterKill(scene, 'the claim is carried out', (happened) => ({
        answer: (reply, { $case }) => {
          if ($case !== 'mailboxClaim') return reply;
          happened();
          return 'silence';
        },
      })),
  },
  'client/durable/joined': {
    title: 'the Welcome is stored before MailboxAck: a kill then leaves a member',
    requirements: ['PA-20', 'PA-21', 'PA-22'],
    requires: ['client', 'pair_join', 'connect', 'sync'],
    given: { ownProcess: true, unpaired: true },
    run: async (scene) => {
      const acknowledged = heard(scene, 'mailboxAck', 'silence');
      const invite = invitation(scene.relay, scene.author);
      scene.client.attempt('pair_join', { invite });
      await killedThenSyncs(scene, 'MailboxAck comes', acknowledged);
      expect('records', scene.log.records.size, 2);
      await scene.serves('after');
    },
  },
  'client/durable/locked': {
    title: 'a second process that opens the same device is refused',
    requirements: ['GR-12'],
    requires: ['client', 'pair_join'],
    run: async (scene) => {
      await scene.serves('before');
      const second = await scene.target.start();
      scene.later(() => second.stop());
      const members = { role: 'client', dir: scene.client.directory, config: { mode: 'hybrid', tofu: 'permissive' } };
      const answer = await second.ask('open', members, DEADLINE_MS);
      expectThat('open', !('ok' in answer), 'a refusal', answer);
      await scene.serves('after');
    },
  },
  'client/durable/private-files': {
    title: 'files that hold secrets are for their owner only',
    requirements: ['GR-13'],
    requires: ['client', 'pair_join'],
    given: {},
    run: async (scene) => {
      await scene.serves('before');
      const { directory } = scene.client;
      const entries = await readdir(directory, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      expectThat('files in the directory', files.length > 0, 'one at least', files.length);
      for (const { parentPath, name } of files) {
        const { mode } = await stat(join(parentPath, name));
        expect(`what others may do with ${name}`, mode & OTHERS_MAY, 0);
      }
    },
  },
};

/** Guarantees over `kill -9`. */
export const durabilityActs: ClientActs = giving(
  { ownProcess: true },
  requiring([...READS, 'push', 'sync'], { ...pushActs, ...readActs, ...memberActs }),
);
