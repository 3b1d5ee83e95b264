import type { EpochEvent } from '@0k-sync/generated/machines/epoch';
import type { RelayPin } from '@0k-sync/generated/wire/group';
import type { Rotation } from '@0k-sync/generated/wire/rotation';
import { equal } from '../bytes/index.ts';
import type { CryptoProvider } from '../crypto/index.ts';
import { type DeviceKeys, EpochKeys } from '../group/index.ts';
import { readRotationBody, rotationHash } from './body.ts';
import { advance, type ChainPosition, type FlawedRotation, type VerifiedRotation, verifyRotation } from './chain.ts';
import { openHistory } from './history.ts';
import { isReceipt } from './receipt.ts';
import type { OpenedEpoch } from './state.ts';
import { openRotationWelcome } from './welcome.ts';

/** A device that follows the chain of its group. */
export interface Follower {
  readonly device: DeviceKeys;
  /** The newest epoch that the device has taken. */
  readonly position: ChainPosition;
  /** The relays of that epoch's state; the first is the anchor. */
  readonly relays: readonly RelayPin[];
  /** Gives the devices whose records auth of a position's epoch countersigned, in hexadecimal. */
  readonly countersigned: (position: ChainPosition) => ReadonlySet<string>;
  /** R of the forced rotation whose code the user compared. RO-13. */
  readonly confirmed?: Uint8Array | undefined;
}

/** The outcome of a chain for one device. */
export interface Followed {
  readonly ok: true;
  /** The epochs that the device takes now, ascending; often none. */
  readonly opened: readonly OpenedEpoch[];
  /** The position after them. */
  readonly position: ChainPosition;
  /** The event of RO-40 to RO-47 that comes after them; `rotated` when nothing is left. */
  readonly event: EpochEvent;
  /** The rotation that the event is about; the last one when nothing is left. */
  readonly rotation: VerifiedRotation;
}

interface Step {
  readonly verified: VerifiedRotation;
  /** The position after the rotation. */
  readonly position: ChainPosition;
}

/**
 * Judges rotations that continue the position, in order, and opens what the device's welcome opens. One that does not
 * continue the chain refuses them all and changes nothing. Error: ROTATION_INVALID. RO-01 to RO-04, RO-13.
 * @param rotations at least one, from the position's epoch + 1
 * @param welcome the device's newest one, of any epoch of `rotations`
 */
export function followRotations(
  crypto: CryptoProvider,
  follower: Follower,
  rotations: readonly Rotation[],
  welcome: Uint8Array | undefined,
): Followed | FlawedRotation {
  const steps: Step[] = [];
  let { position } = follower;
  for (const rotation of rotations) {
    const countersigned = follower.countersigned(position);
    const verified = verifyRotation(crypto, position, rotation, countersigned);
    if (!verified.ok) return verified;
    position = advance(position, verified, countersigned);
    steps.push({ verified, position });
  }
  const last = steps.at(-1);
  if (last === undefined) throw new RangeError('there is no rotation to follow');
  const epochs = welcome === undefined ? [] : openWithWelcome(crypto, follower, steps, welcome);
  const proven = countProven(crypto, follower, steps, epochs);
  for (const { keys } of epochs.slice(proven)) keys.wipe();
  const opened = epochs.slice(0, proven);
  const { verified } = steps[proven] ?? last;
  const event = proven === steps.length ? 'rotated' : eventOf(crypto, follower, verified, opened);
  return { ok: true, opened, position: steps[proven - 1]?.position ?? follower.position, event, rotation: verified };
}

/**
 * Tells whether a rotation with a receipt of the anchor is a second one for an epoch. RO-13.
 * @param known R of the rotation that the device took for that epoch
 * @param anchorKey the signing key of the anchor that receipts that epoch
 */
export function isAnchorFork(
  crypto: CryptoProvider,
  known: Pick<VerifiedRotation, 'body' | 'hash'>,
  rival: Rotation,
  anchorKey: Uint8Array,
): boolean {
  const body = readRotationBody(rival.body);
  const isOfPlace = body?.epoch === known.body.epoch && equal(body.groupId, known.body.groupId);
  const hash = rotationHash(crypto, rival.body);
  return isOfPlace && !equal(hash, known.hash) && isReceipt(crypto, hash, rival.receipt, anchorKey);
}

/** Opens every epoch up to the newest one that the welcome is for; empty when it is bad. */
function openWithWelcome(
  crypto: CryptoProvider,
  { device, position }: Follower,
  steps: readonly Step[],
  welcome: Uint8Array,
): readonly OpenedEpoch[] {
  const hash = crypto.blake3(welcome);
  const at = steps.findLastIndex(({ verified }) =>
    verified.body.members.some(
      ({ deviceKey, welcomeHash }) => equal(deviceKey, device.deviceKey) && equal(welcomeHash, hash),
    ),
  );
  const newest = steps[at]?.verified.body;
  const secret = newest && openRotationWelcome(crypto, device, newest.epoch, welcome);
  if (newest === undefined || secret === undefined) return [];
  const keys = new EpochKeys(crypto, secret, newest.epoch, newest.groupId);
  const chain = steps.slice(0, at + 1).map(({ verified }) => verified);
  const history = openHistory(crypto, position, chain, keys);
  history?.base.wipe();
  return history?.epochs ?? [];
}

/** Counts the opened epochs whose receipts verify, upwards: each is receipted by the anchor of the state below it. */
function countProven(
  crypto: CryptoProvider,
  follower: Follower,
  steps: readonly Step[],
  epochs: readonly OpenedEpoch[],
): number {
  const isProven = (_: OpenedEpoch, index: number) => {
    const { verified } = steps[index] as Step;
    return receiptOf(crypto, follower, verified, epochs[index - 1]?.relays ?? follower.relays) === 'counts';
  };
  const unproven = epochs.findIndex((epoch, index) => !isProven(epoch, index));
  return unproven < 0 ? epochs.length : unproven;
}

/** The event of the first rotation that the device does not take. */
function eventOf(
  crypto: CryptoProvider,
  follower: Follower,
  verified: VerifiedRotation,
  opened: readonly OpenedEpoch[],
): EpochEvent {
  const receipt = receiptOf(crypto, follower, verified, opened.at(-1)?.relays ?? follower.relays);
  if (receipt !== 'counts') return receipt;
  const isOwn = ({ deviceKey }: { readonly deviceKey: Uint8Array }) => equal(deviceKey, follower.device.deviceKey);
  if (verified.body.removed.some(isOwn)) return 'removed';
  return verified.body.members.some(isOwn) ? 'welcome-bad' : 'left-out';
}

function receiptOf(
  crypto: CryptoProvider,
  { confirmed }: Follower,
  { hash, rotation }: VerifiedRotation,
  [anchor, ...others]: readonly RelayPin[],
): 'counts' | 'forced' | 'proposed' {
  const isBy = ({ signingKey }: RelayPin) => isReceipt(crypto, hash, rotation.receipt, signingKey);
  if (anchor !== undefined && isBy(anchor)) return 'counts';
  if (!others.some(isBy)) return 'proposed';
  return confirmed !== undefined && equal(confirmed, hash) ? 'counts' : 'forced';
}
