import { toHex } from '@0k-sync/core/bytes';
import type { Refusal } from '@0k-sync/core/wire';
import { errors } from '@0k-sync/generated/errors';
import { type Envelope, EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import { type HelloAck, type PushResult, PushStatus } from '@0k-sync/generated/wire/frame';
import { type Behaviour, refused } from '@0k-sync/testkit/relay';
import type { Connection } from '@0k-sync/transport';
import { actsOf, type Claim, requiring } from '../../acts.ts';
import { control, expect } from '../../expect.ts';
import { texts } from '../client.ts';
import { readWritten } from '../contents.ts';
import { type ClientActs, type ClientScene, READS, type SceneOptions } from '../scene.ts';
import { inTime } from '../time.ts';

/** Above every window of CL-36 that a scenario gets to. */
const STEP_MS = 4000;
/** In which a client has to find that no relay is there, ms: some know it only when their time is nearly over. */
const DIAL_MS = 20_000;

/** A relay that hinders the first Push that it gets. */
interface Hindered extends Claim {
  readonly relay: (isFirst: () => boolean) => Behaviour;
}

/** A relay that says of an item that it has it already. */
interface Answered extends Claim {
  readonly result: (honest: PushResult) => PushResult;
}

/** Bytes of an envelope, without the fields that the relay adds. */
function bytesOf({ header, nonce, ciphertext, signature }: Envelope): string {
  return [header, nonce, ciphertext, signature].map(toHex).join('/');
}

/** Envelopes pushed so far, in order. */
function pushed(scene: ClientScene): string[] {
  return scene
    .requests('push')
    .flatMap(({ items }) => items.map(({ envelope }) => (envelope ? bytesOf(envelope) : '')));
}

/** True the first time. */
function once(): () => boolean {
  let isFirst = true;
  return () => {
    const was = isFirst;
    isFirst = false;
    return was;
  };
}

function lose(connection: Connection): 'silence' {
  void connection.close(0);
  return 'silence';
}

const refusesItem = (refusal: Refusal) => (isFirst: () => boolean) => ({
  push: (carryOut: () => PushResult) => (isFirst() ? refused(refusal) : carryOut()),
});

const hinderedActs: ClientActs = actsOf<Hindered, ClientScene, SceneOptions>(
  {
    'client/push/lost-ack': {
      title: 'a lost PushAck is answered by the same bytes again, and the message stands in the log once',
      requirements: ['CL-22', 'CL-23', 'RL-25', 'CL-44'],
      relay: (isFirst) => ({
        answer: (reply, { $case }, { connection }) => ($case === 'push' && isFirst() ? lose(connection) : reply),
      }),
    },
    'client/push/lost-push': {
      title: 'a Push that never arrived is sent again with the same bytes',
      requirements: ['CL-22', 'CL-23', 'CL-44'],
      relay: (isFirst) => ({
        request: ({ $case }, { connection }) => ($case === 'push' && isFirst() ? lose(connection) : undefined),
      }),
    },
    'client/push/later-item': {
      title: 'an item that is refused for now is held, and the same bytes go again',
      requirements: ['CL-24', 'CL-45', 'ER-05'],
      relay: refusesItem({ error: 'RATE_LIMITED', retryAfterMs: 200 }),
    },
    'client/push/later-whole': {
      title: 'a Push that is refused for now is held, and the same bytes go again',
      requirements: ['CL-24', 'CL-45', 'ER-05'],
      relay: (isFirst) => ({
        request: ({ $case }) => ($case === 'push' && isFirst() ? { error: 'GROUP_QUOTA_EXCEEDED' } : undefined),
      }),
    },
    'client/push/storage-later': {
      title: 'a relay that cannot store now is tried again',
      requirements: ['CL-24', 'CL-45', 'RL-66'],
      relay: refusesItem({ error: 'STORAGE_UNAVAILABLE', retryAfterMs: 50 }),
    },
  },
  ({ relay }) =>
    async (scene) => {
      const { client } = scene;
      await scene.exchanges('before');
      const sent = pushed(scene).length;
      scene.relay.behaviour = relay(once());
      await inTime(client, client.act('push', { text: 'once', wait: true }), STEP_MS);
      const [first, second] = pushed(scene).slice(sent);
      expect('the second attempt', second, first);
      expect('refused', await client.events('refused'), []);
      expect('unsynced', await client.unsynced(), 0);
      await scene.exchanges('after');
      expect('written', readWritten(scene), ['answer to before', 'once', 'answer to after']);
    },
);

const answeredActs: ClientActs = actsOf<Answered, ClientScene, SceneOptions>(
  {
    'client/push/duplicate': {
      title: 'DUPLICATE counts as stored',
      requirements: ['CL-23', 'RL-25', 'CL-43'],
      result: (honest) => ({ ...honest, status: PushStatus.PUSH_STATUS_DUPLICATE }),
    },
    'client/push/removed': {
      title: 'REMOVED counts as stored: the relay had it',
      requirements: ['CL-23', 'RL-26', 'CL-43'],
      result: () => ({ status: PushStatus.PUSH_STATUS_REMOVED, cursor: 0n, error: undefined }),
    },
  },
  ({ result }) =>
    async (scene) => {
      await scene.exchanges('before');
      scene.relay.behaviour = { push: (carryOut) => result(carryOut()) };
      await scene.client.act('push', { text: 'there', wait: true });
      expect('unsynced', await scene.client.unsynced(), 0);
      await scene.exchanges('after');
      expect('written', readWritten(scene), ['answer to before', 'there', 'answer to after']);
    },
);

/** The way of what a device writes. */
export const pushActs: ClientActs = requiring([...READS, 'push', 'sync', 'disconnect'], {
  ...hinderedActs,
  ...answeredActs,
  'client/push/final': {
    title: 'a final refusal is reported, the message waits for the app, and nothing overtakes it',
    requirements: ['CL-24', 'CL-46'],
    run: async (scene) => {
      const { client, relay } = scene;
      await scene.exchanges('before');
      relay.behaviour = { push: () => refused({ error: 'ENVELOPE_TOO_LARGE' }) };
      const { code } = await client.rejects('push', ['session.size'], { text: 'refused', wait: true });
      expect('the number', code, errors.ENVELOPE_TOO_LARGE.number);
      expect('the event', (await client.event('refused')).code, errors.ENVELOPE_TOO_LARGE.number);
      relay.behaviour = {};
      await client.act('push', { text: 'behind it', wait: false });
      expect('unsynced', (await client.act('sync'))['unsynced'], 2);
      await scene.serves('after');
      expect('written', readWritten(scene), ['answer to before']);
    },
  },
  'client/push/in-order': {
    title: 'many messages are stored each once, in the order written, as one chain',
    requirements: ['CL-20', 'SE-06', 'EN-08', 'LI-10'],
    run: async (scene) => {
      const written = Array.from({ length: 300 }, (_, index) => `message ${index}`);
      for (const text of written) await scene.client.act('push', { text, wait: false });
      expect('unsynced', (await scene.client.act('sync'))['unsynced'], 0);
      expect('written', readWritten(scene), written);
      let previous = toHex(new Uint8Array(32));
      for (const [index, envelope] of scene.written.entries()) {
        const header = EnvelopeHeader.decode(envelope.header);
        expect('the place', [Number(header.sequence), toHex(header.previous)], [index + 1, previous]);
        previous = toHex(scene.log.hash(envelope));
      }
      await scene.serves('after');
    },
  },
  'client/push/behind-refused': {
    title: 'what was sent behind a Push that is refused for now is not refused, and all go again in order',
    requirements: ['CL-72', 'CL-71', 'CL-24', 'SE-06'],
    run: async (scene) => {
      const { client, relay } = scene;
      await scene.exchanges('before');
      await client.act('disconnect');
      for (const text of ['one', 'two', 'three']) await client.act('push', { text, wait: false });
      const isFirst = once();
      const refuses = refusesItem({ error: 'RATE_LIMITED', retryAfterMs: 200 });
      const hello = (ack: HelloAck) => ({ ...ack, limits: ack.limits && { ...ack.limits, pushItemsMax: 1 } });
      relay.behaviour = { hello, ...refuses(isFirst) };
      await inTime(client, client.act('sync'), STEP_MS);
      expect('refused for good', await client.events('refused'), []);
      expect('unsynced', await client.unsynced(), 0);
      expect('written', readWritten(scene), ['answer to before', 'one', 'two', 'three']);
      await scene.serves('after');
    },
  },
  'client/push/too-many-results': {
    title: 'a PushAck with more results than items acknowledges nothing',
    requirements: ['RL-20', 'CL-22'],
    run: async (scene) => {
      const { client } = scene;
      await scene.exchanges('before');
      const isFirst = once();
      const result = { status: PushStatus.PUSH_STATUS_ACCEPTED, cursor: 77n, error: undefined };
      const lie = { $case: 'pushAck' as const, value: { durable: true, results: [result, result, result] } };
      scene.relay.behaviour = { request: ({ $case }) => ($case === 'push' && isFirst() ? lie : undefined) };
      const answer = await inTime(client, client.attempt('push', { text: 'not lost', wait: true }), STEP_MS);
      // Looked at before anything else is asked: the next session would show the loss and mend it.
      if ('ok' in answer)
        expect('written when it was acknowledged', readWritten(scene), ['answer to before', 'not lost']);
      await inTime(client, client.act('sync'), STEP_MS);
      expect('written', readWritten(scene), ['answer to before', 'not lost']);
      await scene.exchanges('after');
    },
  },
  'client/push/repeated-id': {
    title: 'two pushes with one id are one message, for their sender too',
    requirements: ['EN-16', 'CL-20'],
    run: async (scene) => {
      await scene.exchanges('before');
      const id = '000102030405060708090a0b0c0d0e0f';
      for (const _ of [1, 2]) {
        const answer = await scene.client.act('push', { text: 'once', id, wait: true });
        expect('the id', answer['id'], id);
      }
      expect('pulled', texts(await scene.client.pull()), ['before', 'answer to before', 'once']);
    },
  },
  'client/push/unreachable': {
    title: 'without a relay a push is stored all the same, and what needs a relay says that there is none',
    requirements: ['CL-20'],
    run: async (scene) => {
      const { client, relay } = scene;
      await scene.exchanges('before');
      await client.act('disconnect');
      await relay.stop();
      await client.act('push', { text: 'stored', wait: false });
      await client.rejects('pull', ['resource.limit'], {}, DIAL_MS);
      expect('unsynced', await client.unsynced(), 1);
      await relay.listen();
      await control('the relay is back', () => inTime(client, client.act('sync'), STEP_MS));
      expect('written', readWritten(scene), ['answer to before', 'stored']);
      expect('unsynced', await client.unsynced(), 0);
    },
  },
});
