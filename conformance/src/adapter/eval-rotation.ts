import { toHex } from '@0k-sync/core/bytes';
import { EpochKeys } from '@0k-sync/core/group';
import {
  isReceipt,
  Membership,
  openRotation,
  openRotationWelcome,
  readRotationBody,
  rotationCode,
  rotationHash,
  verifyRotation,
} from '@0k-sync/core/rotation';
import { decodeStrict } from '@0k-sync/core/wire';
import type { RotationBody } from '@0k-sync/generated/wire/rotation';
import { Reject } from '../zkcp/serve.ts';
import { deviceOf } from './eval-keys.ts';
import { bytesOf, type Input } from './input.ts';
import { crypto, given, type Ops } from './op.ts';

const INVALID = 'rotation.invalid';

/** Rotations, their welcomes and receipts, and what membership says of an envelope. RO-01 to RO-19. */
export const rotationOps = {
  'rotation.welcome.open': (input) => {
    const welcome = input.bytes('welcome');
    const device = deviceOf(input, 'device_seed');
    const secret = openRotationWelcome(crypto, device, input.number('epoch'), welcome);
    return { secret: toHex(given(secret, INVALID)), hash: toHex(crypto.blake3(welcome)) };
  },

  'rotation.open': (input) => {
    const body = bodyOf(input.bytes('body'));
    const keys = new EpochKeys(crypto, input.bytes('secret', 32), body.epoch, body.groupId);
    const opened = given(openRotation(crypto, keys, body, input.bytes('previous_auth_key', 32)), INVALID);
    return {
      previous_secret: toHex(opened.previous.exportSecret()),
      relays: opened.relays.map(({ address }) => address),
    };
  },

  'rotation.verify': (input) => {
    const rotation = given(decodeStrict('Rotation', input.bytes('rotation')), 'frame.parse');
    const position = {
      groupId: input.bytes('group_id', 32),
      epoch: input.number('epoch'),
      hash: input.bytes('previous', 32),
      authKey: input.bytes('auth_key', 32),
      listed: keysOf(input, 'listed'),
      known: keysOf(input, 'known'),
      removed: keysOf(input, 'removed'),
    };
    const verified = verifyRotation(crypto, position, rotation, keysOf(input, 'countersigned'));
    if (!verified.ok) throw new Reject(INVALID, undefined, verified.detail);
    const { hash, body } = verified;
    return { hash: toHex(hash), epoch: body.epoch, signer: toHex(body.signer) };
  },

  'rotation.receipt': (input) => {
    const hash = rotationHash(crypto, input.bytes('body'));
    const isBy = isReceipt(crypto, hash, input.bytes('receipt'), input.bytes('signing_key', 32));
    if (!isBy) throw new Reject(INVALID);
    return { code: rotationCode(hash) };
  },

  'rotation.judge': (input) => {
    const membership = new Membership(input.list('bodies').map((value) => bodyOf(bytesOf(value, 'bodies'))));
    const place = {
      epoch: input.number('epoch'),
      senderKey: input.bytes('sender_key', 32),
      sequence: Number(input.u64('sequence')),
      hash: input.bytes('hash', 32),
    };
    return { verdict: membership.judge(place, input.members['countersigned'] === true) };
  },
} satisfies Ops;

function bodyOf(bytes: Uint8Array): RotationBody {
  return given(readRotationBody(bytes), INVALID);
}

function keysOf(input: Input, name: string): ReadonlySet<string> {
  return new Set(input.byteList(name).map(toHex));
}
