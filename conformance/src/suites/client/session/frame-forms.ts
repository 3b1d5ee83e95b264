import { concat } from '@0k-sync/core/bytes';
import { FRAME_BYTES_MAX, PAGE_ITEMS_MAX, SAFE_INTEGER_MAX } from '@0k-sync/generated/limits';
import type { LogSegment } from '@0k-sync/generated/wire/frame';
import { random } from '@0k-sync/testkit/crypto';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { ClientScenario } from '../target.ts';
import { delimited, frameBytes, honestPage, LENGTH, type Misdeed, misbehaved, PARSE, page } from './misbehaviour.ts';

/** The honest page, with its envelopes changed. */
function withEnvelopes(change: () => Partial<LogSegment['envelopes'][number]>): Misdeed {
  return (end, requestId, stage) => {
    const segment = honestPage(stage);
    const envelopes = segment.envelopes.map((envelope) => ({ ...envelope, ...change() }));
    end.sendPlaintext(delimited(frameBytes(requestId, page({ ...segment, envelopes }))));
  };
}

/** Frames that no relay sends anywhere. */
export const frameFormScenarios: readonly ClientScenario[] = [
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
    withEnvelopes(() => ({ nonce: random(23) })),
  ),
  misbehaved(
    {
      id: 'client/frames/signature-length',
      title: 'a page with an envelope whose signature has 63 bytes ends the session',
      requirements: ['WI-18', 'EN-04'],
    },
    PARSE,
    withEnvelopes(() => ({ signature: random(63) })),
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
];
