import { toHex } from '@0k-sync/core/bytes';
import type { Refusal } from '@0k-sync/core/wire';
import { errors } from '@0k-sync/generated/errors';
import { type Envelope, EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import { type PushResult, PushStatus } from '@0k-sync/generated/wire/frame';
import type { Behaviour } from '@0k-sync/testkit/relay';
import { refused as refusedResult } from '@0k-sync/testkit/relay';
import type { Connection } from '@0k-sync/transport';
import { texts } from '../client.ts';
import { readContent } from '../contents.ts';
import { READS } from '../forged.ts';
import { onStage, type Stage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { inTime } from '../time.ts';
import { control, expectSame, expectTrue } from '../verdict.ts';

const REQUIRES: readonly string[] = [...READS, 'push', 'sync', 'disconnect'];
/** Above every window of CL-36 that a scenario gets to. */
const STEP_MS = 4000;
/** In which a client has to find that no relay is there, ms: some know it only when their time is nearly over. */
const DIAL_MS = 20_000;

/** What an envelope is, without what the relay adds. */
function bytesOf({ header, nonce, ciphertext, signature }: Envelope): string {
  return [header, nonce, ciphertext, signature].map(toHex).join('/');
}

/** Everything that was pushed so far, in order. */
function pushed(stage: Stage): string[] {
  return stage
    .requests('push')
    .flatMap(({ items }) => items.map(({ envelope }) => (envelope ? bytesOf(envelope) : '')));
}

/** What the client wrote in this log, as its members read it. */
export function readWritten(stage: Stage): readonly string[] {
  return stage.written.flatMap((envelope) => {
    const content = readContent(stage.author.group, envelope);
    if (content.type !== 'message') return [];
    const { content: value } = content.message;
    return [value?.$case === 'text' ? value.value : toHex(value?.value ?? new Uint8Array())];
  });
}

/** The first item is refused as `refusal` says, and taken the next time: it is held, and the same bytes go again. */
function later(refusal: Refusal, whole: boolean) {
  return onStage({}, async (stage) => {
    await stage.exchanged('before');
    const sent = pushed(stage).length;
    let refusals = 0;
    stage.relay.behaviour = {
      request: ({ $case }) => {
        if (!whole || $case !== 'push' || refusals > 0) return undefined;
        refusals += 1;
        return refusal;
      },
      push: (carryOut) => {
        if (whole || refusals > 0) return carryOut();
        refusals += 1;
        return refusedResult(refusal);
      },
    };
    await inTime(stage.client, stage.client.act('push', { text: 'held', wait: true }), STEP_MS);
    const [first, second] = pushed(stage).slice(sent);
    expectSame('the second attempt', second, first);
    expectSame('refused', await stage.client.events('refused'), []);
    expectSame('unsynced', await stage.client.unsynced(), 0);
    await stage.exchanged('after');
    expectSame('written', readWritten(stage), ['answer to before', 'held', 'answer to after']);
  });
}

/** A relay that answers a repeat with `result`: the message counts as stored. */
function acknowledgedBy(result: (honest: PushResult) => PushResult) {
  return onStage({}, async (stage) => {
    await stage.exchanged('before');
    stage.relay.behaviour = { push: (carryOut) => result(carryOut()) };
    await stage.client.act('push', { text: 'there', wait: true });
    expectSame('unsynced', await stage.client.unsynced(), 0);
    await stage.exchanged('after');
    expectSame('written', readWritten(stage), ['answer to before', 'there', 'answer to after']);
  });
}

/** A relay on which the first Push is lost, with its connection: the same bytes come again, and stand in the log once. */
function sentAgain(behaviourOf: (lose: (connection: Connection) => boolean) => Behaviour) {
  return onStage({}, async (stage) => {
    await stage.exchanged('before');
    const sent = pushed(stage).length;
    let isLost = false;
    stage.relay.behaviour = behaviourOf((connection) => {
      if (isLost) return false;
      isLost = true;
      void connection.close(0);
      return true;
    });
    await inTime(stage.client, stage.client.act('push', { text: 'once', wait: true }), STEP_MS);
    const [first, second] = pushed(stage).slice(sent);
    expectSame('the second attempt', second, first);
    await stage.exchanged('after');
    expectSame('written', readWritten(stage), ['answer to before', 'once', 'answer to after']);
  });
}

/** The way of what a device writes. */
export const pushScenarios: readonly ClientScenario[] = [
  {
    id: 'client/push/lost-ack',
    title: 'a lost PushAck is answered by the same bytes again, and the message stands in the log once',
    level: 'must',
    requirements: ['CL-22', 'CL-23', 'RL-25', 'CL-44'],
    requires: REQUIRES,
    run: sentAgain((lose) => ({
      answer: (reply, request, { connection }) => (request.$case === 'push' && lose(connection) ? 'silence' : reply),
    })),
  },
  {
    id: 'client/push/lost-push',
    title: 'a Push that never arrived is sent again with the same bytes',
    level: 'must',
    requirements: ['CL-22', 'CL-23', 'CL-44'],
    requires: REQUIRES,
    run: sentAgain((lose) => ({
      request: ({ $case }, { connection }) => ($case === 'push' && lose(connection) ? 'silence' : undefined),
    })),
  },
  {
    id: 'client/push/duplicate',
    title: 'DUPLICATE counts as stored',
    level: 'must',
    requirements: ['CL-23', 'RL-25', 'CL-43'],
    requires: REQUIRES,
    run: acknowledgedBy((honest) => ({ ...honest, status: PushStatus.PUSH_STATUS_DUPLICATE })),
  },
  {
    id: 'client/push/removed',
    title: 'REMOVED counts as stored: the relay had it',
    level: 'must',
    requirements: ['CL-23', 'RL-26', 'CL-43'],
    requires: REQUIRES,
    run: acknowledgedBy(() => ({ status: PushStatus.PUSH_STATUS_REMOVED, cursor: 0n, error: undefined })),
  },
  {
    id: 'client/push/later-item',
    title: 'an item that is refused for now is held, and the same bytes go again',
    level: 'must',
    requirements: ['CL-24', 'CL-45', 'ER-05'],
    requires: REQUIRES,
    run: later({ error: 'RATE_LIMITED', retryAfterMs: 200 }, false),
  },
  {
    id: 'client/push/later-whole',
    title: 'a Push that is refused for now is held, and the same bytes go again',
    level: 'must',
    requirements: ['CL-24', 'CL-45', 'ER-05'],
    requires: REQUIRES,
    run: later({ error: 'GROUP_QUOTA_EXCEEDED' }, true),
  },
  {
    id: 'client/push/storage-later',
    title: 'a relay that cannot store now is tried again',
    level: 'must',
    requirements: ['CL-24', 'CL-45', 'RL-66'],
    requires: REQUIRES,
    run: later({ error: 'STORAGE_UNAVAILABLE', retryAfterMs: 50 }, false),
  },
  {
    id: 'client/push/final',
    title: 'a final refusal is reported, the message waits for the app, and nothing overtakes it',
    level: 'must',
    requirements: ['CL-24', 'CL-46'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.exchanged('before');
      stage.relay.behaviour = { push: () => refusedResult({ error: 'ENVELOPE_TOO_LARGE' }) };
      const { code } = await stage.client.rejects('push', ['session.size'], { text: 'refused', wait: true });
      expectSame('the number', code, errors.ENVELOPE_TOO_LARGE.number);
      expectSame('the event', (await stage.client.event('refused')).code, errors.ENVELOPE_TOO_LARGE.number);
      stage.relay.behaviour = {};
      await stage.client.act('push', { text: 'behind it', wait: false });
      const synced = await stage.client.act('sync');
      expectSame('unsynced', synced['unsynced'], 2);
      await stage.controlled('after');
      expectSame('written', readWritten(stage), ['answer to before']);
    }),
  },
  {
    id: 'client/push/in-order',
    title: 'many messages are stored each once, in the order written, as one chain',
    level: 'must',
    requirements: ['CL-20', 'SE-06', 'EN-08', 'LI-10'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      const written = Array.from({ length: 300 }, (_, index) => `message ${index}`);
      for (const text of written) await stage.client.act('push', { text, wait: false });
      expectSame('unsynced', (await stage.client.act('sync'))['unsynced'], 0);
      expectSame('written', readWritten(stage), written);
      let previous = toHex(new Uint8Array(32));
      for (const [index, envelope] of stage.written.entries()) {
        const header = EnvelopeHeader.decode(envelope.header);
        expectSame('the place', [Number(header.sequence), toHex(header.previous)], [index + 1, previous]);
        previous = toHex(stage.log.hash(envelope));
      }
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/push/too-many-results',
    title: 'a PushAck with more results than items acknowledges nothing',
    level: 'must',
    requirements: ['RL-20', 'CL-22'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.exchanged('before');
      let lies = 0;
      stage.relay.behaviour = {
        request: ({ $case }) => {
          if ($case !== 'push' || lies > 0) return undefined;
          lies += 1;
          const result = { status: PushStatus.PUSH_STATUS_ACCEPTED, cursor: 77n, error: undefined };
          return { $case: 'pushAck', value: { durable: true, results: [result, result, result] } };
        },
      };
      await inTime(stage.client, stage.client.attempt('push', { text: 'not lost', wait: true }), STEP_MS);
      await inTime(stage.client, stage.client.act('sync'), STEP_MS);
      expectSame('written', readWritten(stage), ['answer to before', 'not lost']);
      await stage.exchanged('after');
    }),
  },
  {
    id: 'client/push/repeated-id',
    title: 'two pushes with one id are one message, for their sender too',
    level: 'must',
    requirements: ['EN-16', 'CL-20'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.exchanged('before');
      const id = '000102030405060708090a0b0c0d0e0f';
      for (const _ of [1, 2]) {
        const answer = await stage.client.act('push', { text: 'once', id, wait: true });
        expectSame('the id', answer['id'], id);
      }
      expectSame('pulled', texts(await stage.client.pull()), ['before', 'answer to before', 'once']);
    }),
  },
  {
    id: 'client/push/unreachable',
    title: 'without a relay a push is stored all the same, and what needs a relay says that there is none',
    level: 'must',
    requirements: ['CL-20'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.exchanged('before');
      await stage.client.act('disconnect');
      await stage.relay.stop();
      await stage.client.act('push', { text: 'stored', wait: false });
      await stage.client.rejects('pull', ['resource.limit'], {}, DIAL_MS);
      expectSame('unsynced', await stage.client.unsynced(), 1);
      await stage.relay.listen();
      await control('the relay is back', () => inTime(stage.client, stage.client.act('sync'), STEP_MS));
      expectSame('written', readWritten(stage), ['answer to before', 'stored']);
      expectTrue('nothing waits', (await stage.client.unsynced()) === 0);
    }),
  },
];
