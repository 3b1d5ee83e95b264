import { CIPHERTEXT_BYTES_MAX, CIPHERTEXT_BYTES_MIN, HEADER_BYTES_MAX } from '@0k-sync/generated/limits';
import { ContentType, type Envelope } from '@0k-sync/generated/wire/envelope';
import { equal } from '../bytes/index.ts';
import { decodeCanonical, fail, type Result, succeed } from '../wire/index.ts';

/** The version that every header names. EN-05. */
export const ENVELOPE_VERSION = 1;
/** Length of an envelope's nonce, bytes. */
export const NONCE_BYTES = 24;
/** Length of H, bytes. EN-12. */
export const HASH_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** `previous` of a sender's first envelope. EN-08. */
export const NO_HASH: Uint8Array = new Uint8Array(HASH_BYTES);

/** The fields of a header of the right form. Nothing is authentic yet. */
export interface ParsedHeader {
  /** 32 bytes. */
  readonly senderKey: Uint8Array;
  /** 1 to 2^53−1. */
  readonly sequence: number;
  /** H of the sender's previous envelope, 32 bytes. */
  readonly previous: Uint8Array;
  readonly epoch: number;
  readonly contentType: typeof ContentType.CONTENT_TYPE_MESSAGE | typeof ContentType.CONTENT_TYPE_INVITE;
}

/** An envelope of the right form, with what its header says. Nothing is authentic yet. */
export interface ParsedEnvelope extends ParsedHeader {
  readonly envelope: Envelope;
}

/**
 * Takes the first two steps of EN-20: sizes and the canonical header, then version, group, content type and sequence.
 * Errors: ENVELOPE_MALFORMED, ENVELOPE_TOO_LARGE, ENVELOPE_VERSION, ENVELOPE_BINDING. EN-03, EN-04.
 * @param groupId the session's group, 32 bytes
 */
export function parseEnvelope(envelope: Envelope, groupId: Uint8Array): Result<ParsedEnvelope> {
  const { header, nonce, ciphertext, signature } = envelope;
  if (ciphertext.length > CIPHERTEXT_BYTES_MAX) {
    return fail('ENVELOPE_TOO_LARGE', `The ciphertext has ${ciphertext.length} bytes.`);
  }
  if (
    header.length === 0 ||
    header.length > HEADER_BYTES_MAX ||
    nonce.length !== NONCE_BYTES ||
    ciphertext.length < CIPHERTEXT_BYTES_MIN ||
    signature.length !== SIGNATURE_BYTES
  ) {
    return fail('ENVELOPE_MALFORMED', 'A part of the envelope has a wrong length.');
  }
  const parsed = parseHeader(header, groupId);
  return parsed.ok ? succeed({ ...parsed.value, envelope }) : parsed;
}

/**
 * Reads the header of an envelope or a stub: canonical, then version, group, content type and sequence.
 * Errors: ENVELOPE_MALFORMED, ENVELOPE_VERSION, ENVELOPE_BINDING. EN-03, EN-05 to EN-08.
 * @param groupId the session's group, 32 bytes
 */
export function parseHeader(bytes: Uint8Array, groupId: Uint8Array): Result<ParsedHeader> {
  const header = decodeCanonical('EnvelopeHeader', bytes);
  if (header === undefined) return fail('ENVELOPE_MALFORMED', 'The header is not canonical.');
  if (header.version !== ENVELOPE_VERSION) return fail('ENVELOPE_VERSION', `The version is ${header.version}.`);
  if (!equal(header.groupId, groupId)) return fail('ENVELOPE_BINDING', 'The envelope is of another group.');
  const { contentType, senderKey, previous, epoch } = header;
  if (contentType !== ContentType.CONTENT_TYPE_MESSAGE && contentType !== ContentType.CONTENT_TYPE_INVITE) {
    return fail('ENVELOPE_MALFORMED', `The content type is ${contentType}.`);
  }
  const sequence = Number(header.sequence);
  if (sequence === 0) return fail('ENVELOPE_MALFORMED', 'The sequence is 0.');
  return succeed({ senderKey, sequence, previous, epoch, contentType });
}
