import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex } from '@0k-sync/core/bytes';
import { EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import { texts } from '../client.ts';
import { READS } from '../forged.ts';
import { invitation } from '../invitation.ts';
import { heard, onStage, type Stage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { comes, expectSame, expectTrue } from '../verdict.ts';
import { readWritten } from './push.ts';

const REQUIRES: readonly string[] = [...READS, 'push', 'sync'];
const OTHERS_MAY = 0o077;

/** Everything up to the cursor is there, each once, and what is missing is read. */
async function everythingIsThere(stage: Stage, expected: readonly string[]): Promise<void> {
  stage.relay.behaviour = {};
  expectSame('messages of the log', texts(await stage.client.pull()), expected);
  expectSame('the cursor', await stage.client.cursor(), `${stage.log.head}`);
}

/** What holds over `kill -9`. */
export const durabilityScenarios: readonly ClientScenario[] = [
  {
    id: 'client/durable/offline-push',
    title: 'what was pushed offline survives kill -9 and is delivered once, in order',
    level: 'must',
    requirements: ['CL-20', 'CL-22', 'CL-23'],
    requires: REQUIRES,
    run: onStage({ ownProcess: true }, async (stage) => {
      await stage.exchanged('before');
      await stage.client.setNetwork('offline');
      for (const text of ['one', 'two', 'three']) await stage.client.act('push', { text, wait: false });
      expectSame('unsynced', await stage.client.unsynced(), 3);
      await stage.killAndReopen();
      expectSame('unsynced', await stage.client.unsynced(), 3);
      await stage.client.act('sync');
      expectSame('written', readWritten(stage), ['answer to before', 'one', 'two', 'three']);
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/durable/push-in-flight',
    title:
      'a push whose PushAck was lost with the process is sent again with the same bytes and stands in the log once',
    level: 'must',
    requirements: ['CL-22', 'CL-23', 'EN-10'],
    requires: REQUIRES,
    run: onStage({ ownProcess: true }, async (stage) => {
      await stage.exchanged('before');
      const stored = Promise.withResolvers<void>();
      stage.relay.behaviour = {
        answer: (reply, request) => {
          if (request.$case !== 'push') return reply;
          stored.resolve();
          return 'silence';
        },
      };
      stage.client.attempt('push', { text: 'once', wait: true });
      await comes('the push arrives', stored.promise);
      await stage.killAndReopen();
      stage.relay.behaviour = {};
      await stage.client.act('sync');
      expectSame('written', readWritten(stage), ['answer to before', 'once']);
      expectSame('forks', await stage.client.events('fork'), []);
      await stage.exchanged('after');
    }),
  },
  {
    id: 'client/durable/sealed-before-sent',
    title:
      'a push that was on its way when the process was killed keeps its nonce: nothing is sealed twice for one place',
    level: 'must',
    requirements: ['CL-22', 'EN-10', 'EN-08'],
    requires: REQUIRES,
    run: onStage({ ownProcess: true }, async (stage) => {
      await stage.exchanged('before');
      const sent = heard(stage, 'push', 'silence');
      stage.client.attempt('push', { text: 'sealed', wait: true });
      await comes('the push is sent', sent);
      await stage.killAndReopen();
      stage.relay.behaviour = {};
      await stage.client.act('sync');
      const [first, second] = stage
        .requests('push')
        .flatMap(({ items }) => items)
        .slice(-2);
      expectSame(
        'the second attempt',
        second?.envelope && toHex(second.envelope.nonce),
        first?.envelope && toHex(first.envelope.nonce),
      );
      expectSame('written', readWritten(stage), ['answer to before', 'sealed']);
      await stage.exchanged('after');
    }),
  },
  {
    id: 'client/durable/nonce-never-repeats',
    title: 'over restarts by kill -9 no nonce comes twice, and every sequence once',
    level: 'must',
    requirements: ['EN-08', 'EN-10', 'CL-22'],
    requires: REQUIRES,
    run: onStage({ ownProcess: true }, async (stage) => {
      await stage.exchanged('before');
      for (const round of [1, 2, 3]) {
        for (const text of ['a', 'b']) await stage.client.act('push', { text: `${text}${round}`, wait: true });
        await stage.killAndReopen();
      }
      await stage.client.act('push', { text: 'last', wait: true });
      const nonces = stage.written.map(({ nonce }) => toHex(nonce));
      expectSame('different nonces', new Set(nonces).size, nonces.length);
      const sequences = stage.written.map(({ header }) => Number(EnvelopeHeader.decode(header).sequence));
      expectSame(
        'sequences',
        sequences,
        sequences.map((_, index) => index + 1),
      );
      expectSame('written', readWritten(stage), ['answer to before', 'a1', 'b1', 'a2', 'b2', 'a3', 'b3', 'last']);
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/durable/killed-at-ack',
    title: 'what was acknowledged is stored: a kill at the Ack loses nothing, though the relay removes it then',
    level: 'must',
    requirements: ['CL-03', 'CL-07', 'RL-48'],
    requires: REQUIRES,
    run: onStage({ ownProcess: true }, async (stage) => {
      await stage.controlled('before');
      for (const text of ['one', 'two']) stage.publish(text);
      const acknowledged = Promise.withResolvers<void>();
      const { client } = stage;
      stage.relay.behaviour = {
        request: (request) => {
          if (request.$case !== 'ack') return undefined;
          client.adapter.kill();
          stage.log.expireThrough(Number(request.value.cursor));
          acknowledged.resolve();
          return 'silence';
        },
      };
      client.attempt('pull');
      await comes('the Ack comes', acknowledged.promise);
      await stage.killAndReopen();
      expectSame('expired', await stage.client.events('expired'), []);
      await everythingIsThere(stage, ['before', 'one', 'two']);
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/durable/killed-at-page',
    title: 'a kill while a page arrives leaves the cursor where the data is',
    level: 'must',
    requirements: ['CL-03'],
    requires: REQUIRES,
    run: onStage({ ownProcess: true }, async (stage) => {
      await stage.controlled('before');
      const written = Array.from({ length: 200 }, (_, index) => `message ${index}`);
      for (const text of written) stage.publish(text);
      const { client } = stage;
      const killed = Promise.withResolvers<void>();
      let pages = 0;
      stage.relay.behaviour = {
        request: (request) => {
          if (request.$case === 'pull') request.value.bytesMax = 10_000;
          return undefined;
        },
        answer: (reply, request) => {
          if (request.$case !== 'pull') return reply;
          pages += 1;
          // The page before is being stored, or is stored.
          if (pages === 3) queueMicrotask(() => client.adapter.kill());
          if (pages === 3) killed.resolve();
          return reply;
        },
      };
      client.attempt('pull');
      await comes('three pages', killed.promise);
      await stage.killAndReopen();
      await everythingIsThere(stage, ['before', ...written]);
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/durable/joined',
    title: 'the Welcome is stored before MailboxAck: a kill then leaves a member',
    level: 'must',
    requirements: ['PA-20', 'PA-21', 'PA-22'],
    requires: ['client', 'pair_join', 'connect', 'sync'],
    run: onStage({ ownProcess: true, unpaired: true }, async (stage) => {
      const acknowledged = heard(stage, 'mailboxAck', 'silence');
      const invite = invitation(stage.relay, stage.author);
      stage.client.attempt('pair_join', { invite });
      await comes('MailboxAck comes', acknowledged);
      await stage.killAndReopen();
      stage.relay.behaviour = {};
      await stage.client.act('sync');
      expectSame('records', stage.log.records.size, 2);
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/durable/delivered-once-over-restart',
    title: 'what was delivered in one life of the process is not accepted a second time in the next',
    level: 'must',
    requirements: ['CL-03', 'EN-16', 'EN-22'],
    requires: REQUIRES,
    run: onStage({ ownProcess: true }, async (stage) => {
      await stage.controlled('before');
      const again = [...stage.log.envelopes];
      await stage.killAndReopen();
      for (const envelope of again) stage.inject(envelope);
      stage.publish('after');
      await stage.client.act('pull');
      const delivered = texts(await stage.client.messages(1));
      expectTrue('after once', delivered.filter((text) => text === 'after').length === 1, delivered);
      expectTrue('before at most once', delivered.filter((text) => text === 'before').length <= 1, delivered);
    }),
  },
  {
    id: 'client/durable/locked',
    title: 'a second process that opens the same device is refused',
    level: 'must',
    requirements: ['GR-12'],
    requires: ['client', 'pair_join'],
    run: onStage({ ownProcess: true }, async (stage) => {
      await stage.controlled('before');
      const second = await stage.target.start();
      const members = { role: 'client', dir: stage.client.directory, config: { mode: 'hybrid', tofu: 'permissive' } };
      const answer = await second.ask('open', members, 8000);
      await second.stop();
      expectTrue('a refusal of open', !('ok' in answer), answer);
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/durable/private-files',
    title: 'files that hold secrets are for their owner only',
    level: 'must',
    requirements: ['GR-13'],
    requires: ['client', 'pair_join'],
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const { directory } = stage.client;
      const entries = await readdir(directory, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile());
      expectTrue('files in the directory', files.length > 0);
      for (const { parentPath, name } of files) {
        const { mode } = await stat(join(parentPath, name));
        expectSame(`what others may do with ${name}`, mode & OTHERS_MAY, 0);
      }
    }),
  },
];
