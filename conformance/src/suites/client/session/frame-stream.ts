import { concat } from '@0k-sync/core/bytes';
import type { FrameBody } from '@0k-sync/core/wire';
import { random } from '@0k-sync/testkit/crypto';
import { delimited, flip, frameBytes } from '@0k-sync/testkit/wire';
import { actsOf, type Claim, requiring } from '../../acts.ts';
import { amid, type ClientActs, type ClientScene, type SceneOptions } from '../scene.ts';
import { answersPull, honestPage, misdeeds, page, REQUIRES } from './misbehaviour.ts';

const PARSE: readonly string[] = ['frame.parse'];

function errorOf(code: number): FrameBody {
  return { $case: 'error', value: { code: code as never, detail: '', retryAfterMs: 0n, conflict: undefined } };
}

const faultyActs = misdeeds({
  'client/frames/ended': {
    title: 'a stream that ends without GoAway is truncated, also between two frames',
    requirements: ['WI-12', 'SE-54'],
    refusal: ['frame.length'],
    misdeed: (end) => end.stream.end(),
  },
  'client/frames/record-changed': {
    title: 'a record with a changed bit ends the session, and nothing of it is read',
    requirements: ['WI-06', 'WI-05'],
    refusal: PARSE,
    misdeed: (end, requestId, scene) =>
      end.sendRaw(flip(end.seal(delimited(frameBytes(page(honestPage(scene)), requestId))))),
  },
  'client/frames/record-replayed': {
    title: 'a record that comes twice ends the session',
    requirements: ['WI-05', 'WI-06'],
    refusal: PARSE,
    misdeed: (end) => {
      const goAway = frameBytes({ $case: 'goAway', value: { code: 3001, reconnectAfterMs: 0n } }, 0);
      const record = end.seal(delimited(goAway).subarray(0, 1));
      for (const _ of [1, 2]) end.sendRaw(record);
    },
  },
  'client/frames/record-short': {
    title: 'a record of 16 bytes, a tag alone, ends the session',
    requirements: ['WI-05'],
    refusal: PARSE,
    misdeed: (end) => end.sendRaw(concat(Uint8Array.of(0, 16), random(16))),
  },
  'client/frames/unknown-error-number': {
    title: 'an Error with a number of no row below 3000 ends the session as INVALID_MESSAGE',
    requirements: ['ER-06', 'SE-55'],
    refusal: PARSE,
    misdeed: (end, requestId) => end.send(errorOf(1999), requestId),
  },
  'client/frames/unknown-overload-number': {
    title: 'an Error with a number of no row from 3000 on ends the session as RELAY_OVERLOADED',
    requirements: ['ER-06', 'SE-55'],
    refusal: ['session.rate'],
    misdeed: (end, requestId) => end.send(errorOf(3999), requestId),
  },
});

/** A page that an honest client reads, in parts that are sealed by themselves. */
interface Written extends Claim {
  readonly parts: (frame: Uint8Array) => readonly Uint8Array[];
}

const readActs: ClientActs = actsOf<Written, ClientScene, SceneOptions>(
  {
    'client/frames/byte-by-byte': {
      title: 'a page that comes one byte a record is read as one frame',
      requirements: ['WI-07'],
      parts: (frame) => [...delimited(frame)].map((byte) => Uint8Array.of(byte)),
    },
    'client/frames/unknown-field': {
      title: 'a field that nobody knows is walked and ignored',
      requirements: ['WI-15'],
      parts: (frame) => [delimited(concat(frame, Uint8Array.of(0xba, 0x06, 2, 0xff, 0xff)))],
    },
  },
  ({ parts }) =>
    amid(async (scene) => {
      await scene.client.act('disconnect');
      scene.publish('one');
      answersPull(scene, (end, requestId) => {
        for (const part of parts(frameBytes(page(honestPage(scene)), requestId))) end.sendPlaintext(part);
      });
      await scene.client.act('pull');
      await scene.delivered('before', 'one');
      await scene.client.act('disconnect');
      return ['one'];
    }),
);

/** Frames on their way: their records, their end, errors that nobody knows, and the Hello before them. */
export const frameStreamActs: ClientActs = requiring(REQUIRES, {
  ...faultyActs,
  ...readActs,
  'client/frames/answer-before-hello-ack': {
    title: 'an answer of another kind to the Hello ends the session',
    requirements: ['SE-02', 'SE-08'],
    requires: [...REQUIRES, 'connect'],
    run: amid(async (scene) => {
      await scene.client.act('disconnect');
      scene.divert(async (end) => {
        const hello = await end.inbox.take(({ body }) => body?.$case === 'hello', 'Hello');
        end.send(page(honestPage(scene)), hello.requestId);
      });
      await scene.client.rejects('connect', ['frame.state']);
      return [];
    }),
  },
});
