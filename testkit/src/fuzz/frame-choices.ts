import type { FrameBody } from '@0k-sync/core/wire';
import {
  CIPHERTEXT_BYTES_MAX,
  CIPHERTEXT_BYTES_MIN,
  CREDIT_BYTES_MAX,
  PAGE_BYTES_MAX,
} from '@0k-sync/generated/limits';
import type { PushItem } from '@0k-sync/generated/wire/frame';
import { type Device, itemOf } from '../author/index.ts';
import { allSamples } from '../samples/index.ts';
import type { Dice } from './dice.ts';

const NOTHING = new Uint8Array(0);
const CURSORS = [0n, 1n, 2n, 3n, 7n, 100n, BigInt(Number.MAX_SAFE_INTEGER), 2n ** 63n];
const SIZES = [CIPHERTEXT_BYTES_MIN, CIPHERTEXT_BYTES_MIN, 300, 2000, 20_000];
/** Places above and below a head that an attacker's items name. */
const SEQUENCES_MAX = 40;
const LARGE_ONE_IN = 200;

type Choice = (dice: Dice, device: Device) => FrameBody;

const hashOf = (dice: Dice, device: Device) => dice.pick([NOTHING, device.previous, dice.bytes(32)]);

/** An item that continues the chain, repeats it, forks it, jumps, fills a hole or is too large. */
function anItem(dice: Dice, device: Device): PushItem {
  const bytes = dice.oneIn(LARGE_ONE_IN) ? CIPHERTEXT_BYTES_MAX + dice.below(2) : dice.pick(SIZES);
  const forgery = { ciphertext: new Uint8Array(bytes) };
  if (dice.oneIn(3)) return itemOf(device.advance(device.forge(forgery)), dice.oneIn(8));
  const sequence = 1 + dice.below(SEQUENCES_MAX);
  const previous = dice.pick([device.previous, dice.bytes(32)]);
  return itemOf(device.forge({ ...forgery, sequence, previous, epoch: dice.oneIn(9) ? 1 : 0 }), dice.oneIn(3));
}

/** Frames of a member that are of the right form and mostly wrong in what they say. */
const MEMBER: readonly Choice[] = [
  (dice, device) => ({
    $case: 'push',
    value: { items: Array.from({ length: dice.oneIn(30) ? 0 : 1 + dice.below(5) }, () => anItem(dice, device)) },
  }),
  (dice, device) => ({ $case: 'push', value: { items: [anItem(dice, device)] } }),
  (dice, device) => ({
    $case: 'pull',
    value: {
      after: dice.pick(CURSORS.slice(0, -1)),
      hashAtAfter: hashOf(dice, device),
      bytesMax: 1 + dice.below(PAGE_BYTES_MAX),
    },
  }),
  (dice, device) => ({
    $case: 'subscribe',
    value: {
      after: dice.pick(CURSORS.slice(0, -1)),
      hashAtAfter: hashOf(dice, device),
      creditBytes: 1 + dice.below(CREDIT_BYTES_MAX),
    },
  }),
  (dice) => ({ $case: 'credit', value: { bytes: 1 + dice.below(CREDIT_BYTES_MAX) } }),
  (dice) => ({ $case: 'ack', value: { cursor: dice.pick(CURSORS.slice(0, -1)) } }),
  () => ({ $case: 'listDevices', value: {} }),
  (dice) => ({
    $case: 'mailboxPut',
    value: {
      mailboxId: dice.bytes(16),
      payload: dice.bytes(1 + dice.below(300)),
      expiresInMs: BigInt(dice.below(9000)),
    },
  }),
  (dice) => ({ $case: 'mailboxCancel', value: { mailboxId: dice.bytes(16) } }),
  () => ({ $case: 'ping', value: {} }),
];

/** Frames of somebody who has not said Hello. */
const STRANGER: readonly Choice[] = [
  (dice) => ({ $case: 'mailboxClaim', value: { mailboxId: dice.bytes(16), claimToken: dice.bytes(16) } }),
  (dice) => ({ $case: 'mailboxAck', value: { mailboxId: dice.bytes(16), claimToken: dice.bytes(16) } }),
  () => ({ $case: 'ping', value: {} }),
];

/** Chooses a frame: one of its sender's kind, or seldom the sample of any kind. */
export function chooseBody(dice: Dice, device: Device, isMember: boolean): FrameBody {
  if (dice.oneIn(40)) return dice.pick(allSamples);
  return dice.pick(isMember ? MEMBER : STRANGER)(dice, device);
}

/** Spoils a piece of the frame stream: changed, cut, repeated or random bytes. */
export function spoil(dice: Dice, bytes: Uint8Array): Uint8Array {
  const at = dice.below(Math.max(1, bytes.length));
  switch (dice.below(5)) {
    case 0:
      return bytes.with(at % bytes.length, dice.below(256));
    case 1:
      return bytes.slice(0, at);
    case 2:
      return Uint8Array.from([...bytes.slice(0, at), ...dice.bytes(1 + dice.below(8)), ...bytes.slice(at)]);
    case 3:
      return Uint8Array.from([...bytes.slice(0, at), ...bytes]);
    default:
      return dice.bytes(1 + dice.below(64));
  }
}
