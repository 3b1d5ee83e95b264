import { concat } from '@0k-sync/core/bytes';
import type { FrameBody } from '@0k-sync/core/wire';
import { FRAME_BYTES_MAX, PAGE_ITEMS_MAX, SAFE_INTEGER_MAX } from '@0k-sync/generated/limits';
import { Frame, type LogSegment, PushStatus } from '@0k-sync/generated/wire/frame';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { random } from '../../kit/crypto.ts';
import type { RawEnd } from '../../kit/raw-end.ts';
import { type Claim, flip, READS } from './forged.ts';
import { greet, pageOf } from './greeting.ts';
import { onStage, type Stage } from './stage.ts';
import type { ClientScenario } from './target.ts';
import { expectSame, expectTrue } from './verdict.ts';

const REQUIRES: readonly string[] = [...READS, 'disconnect'];

/** What a relay does instead of answering the Pull of that number. */
type Misdeed = (end: RawEnd, requestId: number, stage: Stage) => void;

/** The relay lets the client in and then leaves the protocol: the session ends as one of `classes`, and nothing came of it. */
function misbehaved(claim: Claim, classes: readonly string[], misdeed: Misdeed): ClientScenario {
  return {
    ...claim,
    level: 'must',
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.reopen({});
      stage.publish('one');
      const before = await stage.client.state();
      stage.divert(async (end) => {
        await greet(end, stage);
        const pull = await end.inbox.take(({ body }) => body?.$case === 'pull', 'Pull');
        // Once: a client may be back before it is told what came of it.
        stage.detour.taker = undefined;
        misdeed(end, pull.requestId, stage);
      });
      await stage.client.rejects('pull', classes);
      const { class: ended = '' } = await stage.client.event('disconnected');
      expectTrue(`disconnected as ${classes.join(' or ')}`, classes.includes(ended), ended);
      expectSame('the state', await stage.client.state(), before);
      await stage.controlled('after');
      await stage.deliveredOnce(['one', 'after']);
    }),
  };
}

const STATE: readonly string[] = ['frame.state'];
const PARSE: readonly string[] = ['frame.parse'];
const LENGTH: readonly string[] = ['frame.length'];

/** A frame whose body nobody knows how to write that way. */
function delimited(bytes: Uint8Array): Uint8Array {
  return new BinaryWriter().bytes(bytes).finish();
}

function frameBytes(requestId: number, body: FrameBody): Uint8Array {
  return Frame.encode({ requestId, body }).finish();
}

function page(segment: LogSegment | undefined): FrameBody {
  return { $case: 'page', value: { segment, hasMore: false } };
}

/** The answer that an honest relay would give to a client that has read `before`. */
function honestPage(stage: Stage): LogSegment {
  return pageOf(stage, stage.log.head - 1).segment;
}

function withFirst(stage: Stage, change: (envelope: LogSegment['envelopes'][number]) => object): FrameBody {
  const segment = honestPage(stage);
  return page({ ...segment, envelopes: segment.envelopes.map((envelope) => ({ ...envelope, ...change(envelope) })) });
}

/** Frames that no relay sends. */
export const frameScenarios: readonly ClientScenario[] = [
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
  misbehaved(
    {
      id: 'client/frames/unknown-body',
      title: 'a frame without a body that is known here ends the session',
      requirements: ['WI-15'],
    },
    ['frame.type'],
    (end) => end.sendPlaintext(delimited(Uint8Array.of(0x08, 1, 0xba, 0x06, 0))),
  ),
  misbehaved(
    {
      id: 'client/frames/length-zero',
      title: 'a frame of no bytes ends the session',
      requirements: ['WI-10'],
    },
    LENGTH,
    (end) => end.sendPlaintext(Uint8Array.of(0)),
  ),
  misbehaved(
    {
      id: 'client/frames/length-too-large',
      title: 'a declared length above FRAME_BYTES_MAX ends the session before its bytes come',
      requirements: ['WI-10', 'WI-11', 'LI-01'],
    },
    LENGTH,
    (end) => end.sendPlaintext(new BinaryWriter().uint32(FRAME_BYTES_MAX + 1).finish()),
  ),
  misbehaved(
    {
      id: 'client/frames/length-not-minimal',
      title: 'a length that is no minimal varint ends the session',
      requirements: ['WI-10'],
    },
    LENGTH,
    (end) => end.sendPlaintext(Uint8Array.of(0x82, 0x00, 0x08, 0x01)),
  ),
  misbehaved(
    {
      id: 'client/frames/wire-type',
      title: 'a body of the wrong wire type ends the session',
      requirements: ['WI-13', 'WI-14'],
    },
    PARSE,
    (end) => end.sendPlaintext(delimited(Uint8Array.of(0x30, 1))),
  ),
  misbehaved(
    {
      id: 'client/frames/two-bodies',
      title: 'a frame with two bodies ends the session',
      requirements: ['WI-14'],
    },
    PARSE,
    (end, requestId, stage) => {
      const one = frameBytes(requestId, page(honestPage(stage)));
      const other = frameBytes(0, { $case: 'pong', value: { serverTimeMs: 1n } });
      end.sendPlaintext(delimited(concat(one, other)));
    },
  ),
  misbehaved(
    {
      id: 'client/frames/cursor-too-large',
      title: 'a cursor above 2^53−1 ends the session',
      requirements: ['WI-16', 'OV-02', 'LI-39'],
    },
    PARSE,
    (end, requestId, stage) => {
      const head = BigInt(SAFE_INTEGER_MAX) + 1n;
      end.sendPlaintext(delimited(frameBytes(requestId, page({ ...honestPage(stage), head }))));
    },
  ),
  misbehaved(
    {
      id: 'client/frames/nonce-length',
      title: 'a page with an envelope whose nonce has 23 bytes ends the session',
      requirements: ['WI-18', 'EN-04'],
    },
    PARSE,
    (end, requestId, stage) =>
      end.sendPlaintext(
        delimited(
          frameBytes(
            requestId,
            withFirst(stage, () => ({ nonce: random(23) })),
          ),
        ),
      ),
  ),
  misbehaved(
    {
      id: 'client/frames/signature-length',
      title: 'a page with an envelope whose signature has 63 bytes ends the session',
      requirements: ['WI-18', 'EN-04'],
    },
    PARSE,
    (end, requestId, stage) =>
      end.sendPlaintext(
        delimited(
          frameBytes(
            requestId,
            withFirst(stage, () => ({ signature: random(63) })),
          ),
        ),
      ),
  ),
  misbehaved(
    {
      id: 'client/frames/page-without-segment',
      title: 'a page without its segment ends the session',
      requirements: ['WI-20'],
    },
    PARSE,
    (end, requestId) => end.sendPlaintext(delimited(frameBytes(requestId, page(undefined)))),
  ),
  misbehaved(
    {
      id: 'client/frames/too-many-envelopes',
      title: 'a page of more than PAGE_ITEMS_MAX envelopes ends the session',
      requirements: ['WI-17', 'LI-11'],
    },
    ['resource.limit'],
    (end, requestId, stage) => {
      const segment = honestPage(stage);
      const [envelope] = segment.envelopes;
      if (envelope === undefined) throw new TypeError('the log has an envelope');
      const envelopes = Array.from({ length: PAGE_ITEMS_MAX + 1 }, (_, index) => ({
        ...envelope,
        cursor: segment.after + BigInt(index) + 1n,
      }));
      const next = segment.after + BigInt(envelopes.length);
      end.sendPlaintext(delimited(frameBytes(requestId, page({ ...segment, envelopes, next, head: next }))));
    },
  ),
  misbehaved(
    {
      id: 'client/frames/truncated',
      title: 'a stream that ends inside a frame is truncated',
      requirements: ['WI-12', 'SE-54'],
    },
    LENGTH,
    (end, requestId, stage) => {
      const bytes = delimited(frameBytes(requestId, page(honestPage(stage))));
      end.sendPlaintext(bytes.subarray(0, bytes.length - 1));
      end.stream.end();
    },
  ),
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
