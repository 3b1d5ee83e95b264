import { LABEL_ROTATION_BODY } from '@0k-sync/generated/labels';
import { ROTATION_BODY_BYTES_MAX } from '@0k-sync/generated/limits';
import type { RotationBody } from '@0k-sync/generated/wire/rotation';
import { concat, utf8 } from '../bytes/index.ts';
import type { CryptoProvider } from '../crypto/index.ts';
import { decodeCanonical } from '../wire/index.ts';

/** Length of R, the name of a rotation, bytes. RO-16. */
export const ROTATION_HASH_BYTES = 32;
/** The `previous` of the rotation to epoch 1. RO-01. */
export const NO_ROTATION: Uint8Array = new Uint8Array(ROTATION_HASH_BYTES);

/** Computes R = BLAKE3(label || body), the name of a rotation, 32 bytes. RO-16. */
export function rotationHash(crypto: CryptoProvider, body: Uint8Array): Uint8Array {
  return crypto.blake3(utf8(LABEL_ROTATION_BODY), body);
}

/** Returns the bytes that the auth key and the signer sign: label || body. RO-16. */
export function rotationTranscript(body: Uint8Array): Uint8Array {
  return concat(utf8(LABEL_ROTATION_BODY), body);
}

/** Reads a rotation's body; undefined unless its form is that of RO-15. Nothing is authentic yet. */
export function readRotationBody(bytes: Uint8Array): RotationBody | undefined {
  const body = bytes.length > ROTATION_BODY_BYTES_MAX ? undefined : decodeCanonical('RotationBody', bytes);
  if (body === undefined || body.epoch === 0 || body.members.length === 0) return undefined;
  const { members, removed } = body;
  return ascend(members) && ascend(removed) && areDisjoint(members, removed) ? body : undefined;
}

/** A row of a body's lists. */
interface Row {
  /** 32 bytes. */
  readonly deviceKey: Uint8Array;
}

/** Compares two public keys of one length byte by byte: negative, zero or positive. */
export function compareKeys(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

function ascend(rows: readonly Row[]): boolean {
  return rows.every(({ deviceKey }, index) => {
    const before = rows[index - 1];
    return before === undefined || compareKeys(before.deviceKey, deviceKey) < 0;
  });
}

function areDisjoint(rows: readonly Row[], others: readonly Row[]): boolean {
  return !rows.some(({ deviceKey }) => others.some((other) => compareKeys(other.deviceKey, deviceKey) === 0));
}
