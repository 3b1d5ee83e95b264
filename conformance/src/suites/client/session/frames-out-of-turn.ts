import { PushStatus } from '@0k-sync/generated/wire/frame';
import { greet } from '../greeting.ts';
import { onStage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { comes, expectSame } from '../verdict.ts';
import { honestPage, misbehaved, page, REQUIRES, STATE } from './misbehaviour.ts';

/** Frames that no relay sends there. */
export const outOfTurnScenarios: readonly ClientScenario[] = [
  misbehaved(
    {
      id: 'client/frames/answer-to-no-request',
      title: 'an answer to no request ends the session',
      requirements: ['SE-08', 'SE-04'],
    },
    STATE,
    (end, requestId, stage) => end.send(page(honestPage(stage)), requestId + 1000),
  ),
  misbehaved(
    {
      id: 'client/frames/another-kind-of-answer',
      title: 'an answer of another kind than its request asks for ends the session',
      requirements: ['SE-08'],
    },
    STATE,
    (end, requestId) =>
      end.send(
        {
          $case: 'pushAck',
          value: {
            durable: true,
            results: [{ status: PushStatus.PUSH_STATUS_ACCEPTED, cursor: 9n, error: undefined }],
          },
        },
        requestId,
      ),
  ),
  misbehaved(
    {
      id: 'client/frames/second-hello-ack',
      title: 'a HelloAck to somebody who is in already ends the session',
      requirements: ['SE-02', 'SE-61'],
    },
    STATE,
    (end, requestId, stage) => void greet(end, stage, requestId),
  ),
  misbehaved(
    {
      id: 'client/frames/delivery-without-subscription',
      title: 'a Deliver that nobody subscribed to ends the session',
      requirements: ['SE-08', 'RL-44'],
    },
    STATE,
    (end, requestId, stage) => end.send({ $case: 'deliver', value: { segment: honestPage(stage) } }, requestId),
  ),
  misbehaved(
    {
      id: 'client/frames/from-the-wrong-side',
      title: 'a frame that only clients send ends the session',
      requirements: ['SE-02'],
    },
    STATE,
    (end, requestId) =>
      end.send({ $case: 'pull', value: { after: 0n, hashAtAfter: new Uint8Array(), bytesMax: 1 } }, requestId),
  ),
  {
    id: 'client/frames/ack-refused',
    title: 'an Error that refuses an Ack, which has no answer, ends nothing',
    level: 'must',
    requirements: ['SE-04', 'SE-08', 'ER-02'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const refused = Promise.withResolvers<void>();
      let sessionsLater = 0;
      stage.relay.behaviour = {
        request: (request) => {
          if (request.$case !== 'ack') return undefined;
          sessionsLater = 0;
          refused.resolve();
          return { code: 'CURSOR_OUT_OF_RANGE' };
        },
        hello: (ack) => {
          sessionsLater += 1;
          return ack;
        },
      };
      stage.publish('one');
      await stage.client.act('pull');
      await comes('an Ack', refused.promise);
      stage.publish('two');
      await stage.client.act('pull');
      expectSame('sessions since the Ack was refused', sessionsLater, 0);
      await stage.controlled('after');
      await stage.delivered(['before', 'one', 'two', 'after']);
    }),
  },
];
