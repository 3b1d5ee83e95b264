import { concat } from '@0k-sync/core/bytes';
import { random } from '@0k-sync/testkit/crypto';
import { flip } from '@0k-sync/testkit/wire';
import { greet } from '../greeting.ts';
import { onStage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { delimited, frameBytes, honestPage, LENGTH, misbehaved, PARSE, page, REQUIRES, STATE } from './misbehaviour.ts';

/** How frames come: their records, their end, errors that nobody knows, and the Hello before them. */
export const frameStreamScenarios: readonly ClientScenario[] = [
  misbehaved(
    {
      id: 'client/frames/ended',
      title: 'a stream that ends without GoAway is truncated, also between two frames',
      requirements: ['WI-12', 'SE-54'],
    },
    LENGTH,
    (end) => end.stream.end(),
  ),
  misbehaved(
    {
      id: 'client/frames/record-changed',
      title: 'a record with a changed bit ends the session, and nothing of it is read',
      requirements: ['WI-06', 'WI-05'],
    },
    PARSE,
    (end, requestId, stage) => end.sendRaw(flip(end.seal(delimited(frameBytes(requestId, page(honestPage(stage))))))),
  ),
  misbehaved(
    {
      id: 'client/frames/record-replayed',
      title: 'a record that comes twice ends the session',
      requirements: ['WI-05', 'WI-06'],
    },
    PARSE,
    (end) => {
      const record = end.seal(
        delimited(frameBytes(0, { $case: 'goAway', value: { code: 3001, reconnectAfterMs: 0n } })).subarray(0, 1),
      );
      end.sendRaw(record);
      end.sendRaw(record);
    },
  ),
  misbehaved(
    {
      id: 'client/frames/record-short',
      title: 'a record of 16 bytes, a tag alone, ends the session',
      requirements: ['WI-05'],
    },
    PARSE,
    (end) => end.sendRaw(concat(Uint8Array.of(0, 16), random(16))),
  ),
  misbehaved(
    {
      id: 'client/frames/unknown-error-number',
      title: 'an Error with a number of no row below 3000 ends the session as INVALID_MESSAGE',
      requirements: ['ER-06', 'SE-55'],
    },
    PARSE,
    (end, requestId) => {
      const value = { code: 1999, detail: '', retryAfterMs: 0n, conflict: undefined };
      end.send({ $case: 'error', value: value as never }, requestId);
    },
  ),
  misbehaved(
    {
      id: 'client/frames/unknown-overload-number',
      title: 'an Error with a number of no row from 3000 on ends the session as RELAY_OVERLOADED',
      requirements: ['ER-06', 'SE-55'],
    },
    ['session.rate'],
    (end, requestId) => {
      const value = { code: 3999, detail: '', retryAfterMs: 0n, conflict: undefined };
      end.send({ $case: 'error', value: value as never }, requestId);
    },
  ),
  {
    id: 'client/frames/answer-before-hello-ack',
    title: 'an answer of another kind to the Hello ends the session',
    level: 'must',
    requirements: ['SE-02', 'SE-08'],
    requires: [...REQUIRES, 'connect'],
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.client.act('disconnect');
      stage.divert(async (end) => {
        const hello = await end.inbox.take(({ body }) => body?.$case === 'hello', 'Hello');
        end.send(page(honestPage(stage)), hello.requestId);
      });
      await stage.client.rejects('connect', STATE);
      await stage.controlled('after');
      await stage.delivered(['before', 'after']);
    }),
  },
  {
    id: 'client/frames/byte-by-byte',
    title: 'a page that comes one byte a record is read as one frame',
    level: 'must',
    requirements: ['WI-07'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.client.act('disconnect');
      stage.publish('one');
      stage.divert(async (end) => {
        await greet(end, stage);
        const { requestId } = await end.inbox.take(({ body }) => body?.$case === 'pull', 'Pull');
        for (const byte of delimited(frameBytes(requestId, page(honestPage(stage)))))
          end.sendPlaintext(Uint8Array.of(byte));
      });
      await stage.client.act('pull');
      await stage.delivered(['before', 'one']);
      await stage.client.act('disconnect');
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/frames/unknown-field',
    title: 'a field that nobody knows is walked and ignored',
    level: 'must',
    requirements: ['WI-15'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.client.act('disconnect');
      stage.publish('one');
      stage.divert(async (end) => {
        await greet(end, stage);
        const { requestId } = await end.inbox.take(({ body }) => body?.$case === 'pull', 'Pull');
        const unknown = Uint8Array.of(0xba, 0x06, 2, 0xff, 0xff);
        end.sendPlaintext(delimited(concat(frameBytes(requestId, page(honestPage(stage))), unknown)));
      });
      await stage.client.act('pull');
      await stage.delivered(['before', 'one']);
      await stage.client.act('disconnect');
      await stage.controlled('after');
    }),
  },
];
