// Sealing of spec/envelope.md over the noble packages and protobufjs.
import { LABEL_BODY, LABEL_ENVELOPE } from '@0k-sync/generated/labels';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { JsonObject } from '../model.ts';
import type { Alter } from '../rows.ts';
import { type Device, type Epoch, u32 } from './keys.ts';
import { hex, labelled } from './labelled.ts';
import { pad } from './padding.ts';
import { encode, encodeJson, varint } from './wire.ts';

export const MESSAGE = 1;
export const INVITE = 2;
export const NO_HASH = new Uint8Array(32);

/** The parts of an envelope. */
export interface Parts {
  readonly epoch: Epoch;
  readonly device: Device;
  readonly sequence: number | bigint;
  readonly previous: Uint8Array;
  readonly contentType: number;
  readonly plaintext: Uint8Array;
  readonly nonce: Uint8Array;
}

export interface Sealed {
  readonly envelope: Uint8Array;
  readonly header: Uint8Array;
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly signature: Uint8Array;
  /** H, 32 bytes. */
  readonly hash: Uint8Array;
}

/** B. EN-12. */
export function bodyHash(nonce: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  return blake3(concatBytes(utf8ToBytes(LABEL_BODY), nonce, ciphertext));
}

/** H of a header and B. EN-12. */
export function stubHash(header: Uint8Array, body: Uint8Array): Uint8Array {
  return blake3(concatBytes(utf8ToBytes(LABEL_ENVELOPE), u32(header.length), header, body));
}

/** H. EN-12. */
export function envelopeHash(header: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  return stubHash(header, bodyHash(nonce, ciphertext));
}

/** EN-08 to EN-14; `alter` passes each part through, by the names that conformance/faults/envelopes.md gives them. */
export function seal(parts: Parts, alter: Alter = (_, honest) => honest): Sealed {
  const { epoch, device, sequence, previous, contentType, nonce } = parts;
  const fields = {
    version: 1,
    group_id: epoch.groupId,
    sender_key: device.deviceKey,
    sequence,
    previous,
    ...(epoch.epoch > 0 && { epoch: epoch.epoch }),
    content_type: contentType,
  };
  const header = alter('header', encode('EnvelopeHeader', fields));
  const plaintext = alter(contentType === MESSAGE ? 'message' : 'announcement', parts.plaintext);
  const padded = alter('padded', pad(plaintext));
  const ciphertext = xchacha20poly1305(alter('key', epoch.messageKey), nonce, alter('ad', header)).encrypt(padded);
  const hash = envelopeHash(header, nonce, ciphertext);
  const signature = ed25519.sign(alter('signed', hash), alter('signer', device.signingSeed));
  const envelope = encode('Envelope', { header, nonce, ciphertext, signature });
  return { envelope, header, nonce, ciphertext, signature, hash };
}

/** The fields of a device's stub for one place; only its body hash is invented. EN-28. */
export function stubFields(
  id: string,
  epoch: Epoch,
  device: Device,
  sequence: number,
): { readonly header: Uint8Array; readonly body_hash: Uint8Array; readonly signature: Uint8Array } {
  const label = `${hex(device.deviceKey)}/${sequence}`;
  const header = encode('EnvelopeHeader', {
    version: 1,
    group_id: epoch.groupId,
    sender_key: device.deviceKey,
    sequence,
    previous: sequence === 1 ? NO_HASH : labelled(id, `${label}/previous`),
    content_type: MESSAGE,
  });
  const body_hash = labelled(id, `${label}/body`);
  return { header, body_hash, signature: ed25519.sign(stubHash(header, body_hash), device.signingSeed) };
}

/** The plaintext of a content of zkcp.md. EN-15. */
export function plaintextOf(content: JsonObject): { readonly contentType: number; readonly plaintext: Uint8Array } {
  const announcement = content['announcement'] as JsonObject | undefined;
  if (announcement === undefined) {
    return { contentType: MESSAGE, plaintext: encodeJson('Message', withoutZeros(content['message'] as JsonObject)) };
  }
  const record = hexToBytes(announcement['record'] as string);
  // The record is bytes already: field 2, wire type 2.
  const name = encode('MemberAnnouncement', announcement['name'] === '' ? {} : { name: announcement['name'] });
  return { contentType: INVITE, plaintext: concatBytes(name, field(2, record)) };
}

/** A length-delimited field of any message, up to number 15. */
export function field(number: number, bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(number * 8 + 2), varint(bytes.length), bytes);
}

function withoutZeros(message: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(message).filter(([name, value]) => name !== 'sent_at_ms' || value !== '0'));
}
