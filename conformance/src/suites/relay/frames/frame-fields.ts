import { concat, utf8 } from '@0k-sync/core/bytes';
import { MAILBOX_PAYLOAD_BYTES_MAX, PUSH_ITEMS_MAX } from '@0k-sync/generated/limits';
import { Envelope } from '@0k-sync/generated/wire/envelope';
import { Hello } from '@0k-sync/generated/wire/frame';
import { random } from '@0k-sync/testkit/crypto';
import type { RawClient } from '@0k-sync/testkit/raw';
import { delimited, field, frameBytes, lengthField, requestIdField, varint } from '@0k-sync/testkit/wire';
import type { Stage } from '../attack.ts';
import { envelopeOf, type IllFormed, NOTHING, pull, push, refusedFrames } from './ill-formed.ts';

/** A Hello whose text field is made of these bytes. */
const helloWithToken = (client: RawClient, { attacker }: Stage, token: Uint8Array) => {
  const hello = Hello.encode(client.helloBody(attacker).value).finish();
  return delimited(concat(requestIdField(7), lengthField(2, concat(hello, lengthField(5, token)))));
};

const illFormed: readonly IllFormed[] = [
  {
    id: 'relay/frame/not-utf-8',
    title: 'A string that is not UTF-8 is refused',
    requirements: ['WI-14'],
    class: 'frame.parse',
    bytes: (client, stage) => helloWithToken(client, stage, Uint8Array.of(0x61, 0xc0, 0x80)),
  },
  {
    id: 'relay/frame/surrogate',
    title: 'A string with an encoded surrogate is not UTF-8 and is refused',
    requirements: ['WI-14'],
    class: 'frame.parse',
    bytes: (client, stage) => helloWithToken(client, stage, Uint8Array.of(0xed, 0xa0, 0x80)),
  },
  {
    id: 'relay/frame/text-too-long',
    title: 'An access token of 257 bytes is refused',
    requirements: ['WI-18'],
    class: 'frame.parse',
    bytes: (client, stage) => helloWithToken(client, stage, utf8('a'.repeat(257))),
  },
  {
    id: 'relay/frame/no-body',
    title: 'A frame without a body is refused',
    requirements: ['WI-15'],
    class: 'frame.type',
    bytes: () => delimited(requestIdField(7)),
  },
  {
    id: 'relay/frame/unknown-body',
    title: 'A frame whose only body is unknown is refused',
    requirements: ['WI-15'],
    class: 'frame.type',
    bytes: () => delimited(concat(requestIdField(7), lengthField(99, NOTHING))),
  },
  {
    id: 'relay/frame/uint32-too-large',
    title: 'A uint32 above 2^32−1 is refused',
    requirements: ['WI-16'],
    class: 'frame.parse',
    bytes: () => pull(field(3, 0, varint(2n ** 32n))),
  },
  {
    id: 'relay/frame/uint64-too-large',
    title: 'A uint64 above 2^53−1 is refused',
    requirements: ['WI-16'],
    class: 'frame.parse',
    bytes: () => pull(concat(field(1, 0, varint(2n ** 53n)), field(3, 0, varint(1)))),
  },
  {
    id: 'relay/frame/bool-two',
    title: 'A bool of 2 is refused',
    requirements: ['WI-16'],
    class: 'frame.parse',
    bytes: (_, stage) => push(concat(lengthField(1, envelopeOf(stage)), field(2, 0, varint(2)))),
  },
  {
    id: 'relay/frame/too-many-items',
    title: 'One item more than a Push may have is refused while it is walked',
    requirements: ['WI-17', 'RL-20'],
    class: 'resource.limit',
    bytes: (_, stage) => {
      const item = lengthField(1, lengthField(1, envelopeOf(stage)));
      const items = concat(...Array.from({ length: PUSH_ITEMS_MAX + 1 }, () => item));
      return delimited(concat(requestIdField(7), lengthField(3, items)));
    },
  },
  {
    id: 'relay/frame/bytes-too-short',
    title: 'A byte field of fixed length that is one byte short is refused',
    requirements: ['WI-18'],
    class: 'frame.parse',
    bytes: () => delimited(concat(requestIdField(7), lengthField(22, lengthField(1, random(15))))),
  },
  {
    id: 'relay/frame/bytes-absent',
    title: 'A byte field of fixed length that is absent is refused',
    requirements: ['WI-18'],
    class: 'frame.parse',
    bytes: () => delimited(concat(requestIdField(7), lengthField(22, NOTHING))),
  },
  {
    id: 'relay/frame/hash-of-wrong-length',
    title: 'A hash_at_after that is neither empty nor 32 bytes is refused',
    requirements: ['WI-18'],
    class: 'frame.parse',
    bytes: () => pull(concat(field(1, 0, varint(1)), lengthField(2, random(31)), field(3, 0, varint(1)))),
  },
  {
    id: 'relay/frame/nonce-of-wrong-length',
    title: 'An envelope whose nonce has 23 bytes is refused',
    requirements: ['WI-18'],
    class: 'frame.parse',
    bytes: (_, { attacker }) => {
      const { envelope } = attacker.forge({ nonce: random(23) });
      return push(lengthField(1, Envelope.encode(envelope).finish()));
    },
  },
  {
    id: 'relay/frame/signature-of-wrong-length',
    title: 'An envelope whose signature has 63 bytes is refused',
    requirements: ['WI-18'],
    class: 'frame.parse',
    bytes: (_, { attacker }) => {
      const { envelope } = attacker.forge({ signature: random(63) });
      return push(lengthField(1, Envelope.encode(envelope).finish()));
    },
  },
  {
    id: 'relay/frame/bytes-too-long',
    title: 'A mailbox payload one byte above its limit is refused',
    requirements: ['WI-18', 'PA-13'],
    class: 'frame.parse',
    bytes: () => {
      const payload = random(MAILBOX_PAYLOAD_BYTES_MAX + 1);
      const value = { mailboxId: random(16), payload, expiresInMs: 1000n };
      return delimited(frameBytes({ $case: 'mailboxPut', value }, 7));
    },
  },
  {
    id: 'relay/frame/unknown-enum',
    title: 'An enum value that the schema does not name is refused in what a client sends',
    requirements: ['WI-19'],
    class: 'frame.parse',
    bytes: () => delimited(lengthField(7, field(1, 0, varint(9999)))),
  },
  {
    id: 'relay/frame/message-absent',
    title: 'A Push item without an envelope is refused',
    requirements: ['WI-20'],
    class: 'frame.parse',
    bytes: () => push(field(2, 0, varint(1))),
  },
];

/** Fields whose values the schema or a limit does not allow. */
export const frameFieldScenarios = refusedFrames(illFormed);
