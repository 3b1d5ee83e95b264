import { toHex } from '@0k-sync/core/bytes';
import {
  type Content,
  EMPTY_CHAIN,
  envelopeHash,
  NO_HASH,
  type Receiver,
  receiveEnvelope,
  type SenderView,
  sealEnvelope,
} from '@0k-sync/core/envelope';
import { EpochKeys } from '@0k-sync/core/group';
import { decodeStrict } from '@0k-sync/core/wire';
import { Envelope, type SequenceRange } from '@0k-sync/generated/wire/envelope';
import { MemberRecord } from '@0k-sync/generated/wire/group';
import type { Members } from '../zkcp/protocol.ts';
import { Reject } from '../zkcp/serve.ts';
import { deviceOf, epochKeysOf } from './eval-keys.ts';
import type { Input } from './input.ts';
import { crypto, given, type Ops, rejection } from './op.ts';

/** Sealing and judging envelopes. EN-03 to EN-27. */
export const envelopeOps = {
  'envelope.seal': (input, draws) => {
    const keys = { device: deviceOf(input, 'device_seed'), epoch: epochKeysOf(input) };
    const place = { sequence: Number(input.u64('sequence')), previous: input.bytes('previous', 32) };
    const content = contentFromJson(input.object('content'));
    const nonce = draws.bytes('nonce', 24);
    const { envelope, hash } = sealOrReject(() => sealEnvelope(crypto, () => nonce, keys, place, content));
    return { envelope: toHex(Envelope.encode(envelope).finish()), hash: toHex(hash) };
  },

  'envelope.open': (input) => {
    const groupId = input.bytes('group_id', 32);
    const epochs = new Map(
      input.objects('epochs').map((epoch) => [epoch.number('epoch'), epoch.bytes('secret', 32)] as const),
    );
    const view = viewOf(input.optionalObject('head'));
    const members = new Set(input.byteList('members').map(toHex));
    const receiver: Receiver = {
      crypto,
      groupId,
      senderOf: (senderKey) => (members.has(toHex(senderKey)) ? view : undefined),
      keysOf: (epoch) => {
        const secret = epochs.get(epoch);
        return secret && new EpochKeys(crypto, secret.slice(), epoch, groupId);
      },
    };
    const envelope = given(decodeStrict('Envelope', input.bytes('envelope')), 'frame.parse');
    return opened(receiver, envelope);
  },

  'envelope.hash': (input) => {
    const [header, nonce, ciphertext] = [input.bytes('header'), input.bytes('nonce'), input.bytes('ciphertext')];
    return { hash: toHex(envelopeHash(crypto, { header, nonce, ciphertext })) };
  },
} satisfies Ops;

function opened(receiver: Receiver, envelope: Envelope): Members {
  const outcome = receiveEnvelope(receiver, envelope);
  switch (outcome.type) {
    case 'accepted': {
      const { senderKey, sequence, epoch, hash } = outcome.authentic;
      const content = contentToJson(outcome.content);
      return { sender_key: toHex(senderKey), sequence: String(sequence), epoch, hash: toHex(hash), content };
    }
    case 'duplicate':
      throw new Reject('envelope.replay');
    case 'gap':
    case 'fork':
      throw new Reject('envelope.chain');
    case 'pending':
      throw new Reject('session.epoch');
    case 'unknown-sender': // CL-09
      throw new Reject('envelope.auth');
    case 'rejected':
      throw rejection(outcome.error, outcome.detail);
  }
}

/** The receiver's view of a sender from its head. All envelopes below the head count as accepted, with an unknown H. */
function viewOf(head: Input | undefined): SenderView {
  const chain = head ? { head: Number(head.u64('sequence')), headHash: head.bytes('hash', 32) } : EMPTY_CHAIN;
  return {
    chain,
    history: {
      hashAt: (sequence) => {
        if (sequence === chain.head && head !== undefined) return chain.headHash;
        return sequence < chain.head ? NO_HASH : undefined;
      },
      previousAt: () => undefined,
    },
  };
}

/** Content beyond its limits is a RangeError of core's. EN-15. */
function sealOrReject<Value>(seal: () => Value): Value {
  try {
    return seal();
  } catch (error) {
    if (error instanceof RangeError) throw new Reject('envelope.parse', undefined, error.message);
    throw error;
  }
}

function contentFromJson(json: Input): Content {
  const announced = json.optionalObject('announcement');
  if (announced !== undefined) {
    const record = decodeStrict('MemberRecord', announced.bytes('record'));
    if (record === undefined) throw new TypeError('record is not a MemberRecord');
    return { type: 'announcement', announcement: { name: announced.text('name'), record, skipped: [] } };
  }
  const message = json.object('message');
  const content = message.has('text')
    ? ({ $case: 'text', value: message.text('text') } as const)
    : ({ $case: 'data', value: message.bytes('data') } as const);
  const metadata = message.has('metadata') ? message.text('metadata') : undefined;
  const topic = message.has('topic') ? message.text('topic') : '';
  return {
    type: 'message',
    message: {
      id: message.bytes('id'),
      content,
      metadata,
      topic,
      sentAtMs: message.u64('sent_at_ms'),
      skipped: message.has('skipped') ? message.objects('skipped').map(rangeFromJson) : [],
    },
  };
}

function rangeFromJson(range: Input): SequenceRange {
  return { from: range.u64('from'), to: range.u64('to') };
}

function contentToJson(content: Content): Members {
  if (content.type === 'announcement') {
    const { name, record } = content.announcement;
    const bytes = record === undefined ? new Uint8Array() : MemberRecord.encode(record).finish();
    return { announcement: { name, record: toHex(bytes) } };
  }
  const { id, content: body, metadata, topic, sentAtMs, skipped } = content.message;
  return {
    message: {
      id: toHex(id),
      ...(body?.$case === 'text' && { text: body.value }),
      ...(body?.$case === 'data' && { data: toHex(body.value) }),
      ...(metadata !== undefined && { metadata }),
      ...(topic !== '' && { topic }),
      ...(skipped.length > 0 && { skipped: skipped.map(({ from, to }) => ({ from: `${from}`, to: `${to}` })) }),
      sent_at_ms: String(sentAtMs),
    },
  };
}
