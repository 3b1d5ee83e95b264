import type { Rotation, RotationBody } from '@0k-sync/generated/wire/rotation';
import { equal, toHex } from '../bytes/index.ts';
import type { CryptoProvider } from '../crypto/index.ts';
import { type Failure, fail } from '../wire/index.ts';
import { NO_ROTATION, readRotationBody, rotationHash, rotationTranscript } from './body.ts';

/** The end of a verified chain, to which the next rotation is judged. Device keys are in hexadecimal. */
export interface ChainPosition {
  /** 32 bytes. */
  readonly groupId: Uint8Array;
  /** The newest epoch; 0 before the first rotation. */
  readonly epoch: number;
  /** R of the rotation that began it, 32 bytes; zeros for epoch 0. */
  readonly hash: Uint8Array;
  /** auth_pub of the newest epoch, 32 bytes. */
  readonly authKey: Uint8Array;
  /** The list of the newest rotation; empty for epoch 0. */
  readonly listed: ReadonlySet<string>;
  /** Every device that was a member in an epoch below the newest one. */
  readonly known: ReadonlySet<string>;
  /** Every device that a rotation has removed. */
  readonly removed: ReadonlySet<string>;
}

/** The rule that a rotation breaks. */
export type RotationFlaw =
  | 'form'
  | 'group'
  | 'epoch'
  | 'previous'
  | 'signer'
  | 'auth-signature'
  | 'device-signature'
  | 'members'
  | 'removed';

/** A rotation that continues the chain. Whether it counts is the receipt's business. */
export interface VerifiedRotation {
  readonly ok: true;
  readonly rotation: Rotation;
  readonly body: RotationBody;
  /** R, 32 bytes. */
  readonly hash: Uint8Array;
}

/** A rotation that does not continue the chain. */
export interface FlawedRotation extends Failure {
  readonly error: 'ROTATION_INVALID';
  readonly flaw: RotationFlaw;
}

const DETAILS: Readonly<Record<RotationFlaw, string>> = {
  form: 'The body has the wrong form.',
  group: 'The rotation is of another group.',
  epoch: 'The epoch is not the next one.',
  previous: 'The rotation continues another chain.',
  signer: 'The signer is no member of both epochs.',
  'auth-signature': 'The signature by the auth key of the epoch before does not verify.',
  'device-signature': 'The signature by the signer does not verify.',
  members: 'The rotation makes a member of a device that was none, or that was removed.',
  removed: 'The rotation removes a device that was never a member, or that was removed before.',
};

/** The position before the first rotation. */
export function startOfChain(groupId: Uint8Array, authKey: Uint8Array): ChainPosition {
  const nobody: ReadonlySet<string> = new Set();
  return { groupId, epoch: 0, hash: NO_ROTATION, authKey, listed: nobody, known: nobody, removed: nobody };
}

/** Tells whether a device is a member in the newest epoch. RO-05. @param countersigned as in `verifyRotation` */
export function isMember(
  { listed, removed }: ChainPosition,
  countersigned: ReadonlySet<string>,
  deviceKey: Uint8Array,
): boolean {
  const device = toHex(deviceKey);
  return listed.has(device) || (countersigned.has(device) && !removed.has(device));
}

/**
 * Verifies that a rotation continues a chain. Its receipt is not judged here. RO-01, RO-02, RO-15, RO-16.
 * @param countersigned the devices whose records auth of the position's epoch countersigned, in hexadecimal
 */
export function verifyRotation(
  crypto: CryptoProvider,
  position: ChainPosition,
  rotation: Rotation,
  countersigned: ReadonlySet<string>,
): VerifiedRotation | FlawedRotation {
  const body = readRotationBody(rotation.body);
  if (body === undefined) return flawed('form');
  const flaw =
    placeFlaw(position, body) ??
    memberFlaw(position, body, countersigned) ??
    signatureFlaw(crypto, position, rotation, body);
  if (flaw !== undefined) return flawed(flaw);
  return { ok: true, rotation, body, hash: rotationHash(crypto, rotation.body) };
}

/** Moves the position to the epoch of a verified rotation. @param countersigned as in `verifyRotation` */
export function advance(
  position: ChainPosition,
  { body, hash }: VerifiedRotation,
  countersigned: ReadonlySet<string>,
): ChainPosition {
  const { groupId, epoch, authKey, members, removed } = body;
  return {
    groupId,
    epoch,
    hash,
    authKey,
    listed: new Set(members.map(({ deviceKey }) => toHex(deviceKey))),
    known: new Set([...position.known, ...position.listed, ...countersigned]),
    removed: new Set([...position.removed, ...removed.map(({ deviceKey }) => toHex(deviceKey))]),
  };
}

function placeFlaw(position: ChainPosition, body: RotationBody): RotationFlaw | undefined {
  if (!equal(body.groupId, position.groupId)) return 'group';
  if (body.epoch !== position.epoch + 1) return 'epoch';
  return equal(body.previous, position.hash) ? undefined : 'previous';
}

function memberFlaw(
  position: ChainPosition,
  { members, removed, signer }: RotationBody,
  countersigned: ReadonlySet<string>,
): RotationFlaw | undefined {
  const isOld = (deviceKey: Uint8Array) => isMember(position, countersigned, deviceKey);
  if (!isOld(signer) || !members.some(({ deviceKey }) => equal(deviceKey, signer))) return 'signer';
  if (!members.every(({ deviceKey }) => isOld(deviceKey) && !position.removed.has(toHex(deviceKey)))) return 'members';
  const wasMember = (device: string) =>
    position.known.has(device) || position.listed.has(device) || countersigned.has(device);
  const areRemovable = removed.every(({ deviceKey }) => {
    const device = toHex(deviceKey);
    return wasMember(device) && !position.removed.has(device);
  });
  return areRemovable ? undefined : 'removed';
}

function signatureFlaw(
  crypto: CryptoProvider,
  { authKey }: ChainPosition,
  { authSignature, deviceSignature, body: bytes }: Rotation,
  { signer }: RotationBody,
): RotationFlaw | undefined {
  const signed = rotationTranscript(bytes);
  if (!crypto.ed25519Verify(authSignature, signed, authKey)) return 'auth-signature';
  return crypto.ed25519Verify(deviceSignature, signed, signer) ? undefined : 'device-signature';
}

function flawed(flaw: RotationFlaw): FlawedRotation {
  return { ...fail('ROTATION_INVALID', DETAILS[flaw]), error: 'ROTATION_INVALID', flaw };
}
