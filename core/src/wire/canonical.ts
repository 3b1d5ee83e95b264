import type { MessageName } from '@0k-sync/generated/schema';
import type { BinaryWriter } from '@bufbuild/protobuf/wire';
import { equal } from '../bytes/index.ts';
import { walkMessage } from './walk.ts';

/** The codec of one message, as it is generated. */
export interface Codec<Message> {
  encode(message: Message): BinaryWriter;
  decode(bytes: Uint8Array): Message;
}

/** Decodes a message that passes the strict wire walk; undefined when it does not. WI-13. */
export function decodeStrict<Message>(
  name: MessageName,
  codec: Codec<Message>,
  bytes: Uint8Array,
): Message | undefined {
  return walkMessage(name, bytes, 'relay') === undefined ? codec.decode(bytes) : undefined;
}

/** Decodes a message only when encoding it again gives the same bytes; undefined otherwise. OV-04. */
export function decodeCanonical<Message>(
  name: MessageName,
  codec: Codec<Message>,
  bytes: Uint8Array,
): Message | undefined {
  const message = decodeStrict(name, codec, bytes);
  if (message === undefined) return undefined;
  return equal(codec.encode(message).finish(), bytes) ? message : undefined;
}
