// Rotations of spec/rotation.md over the noble packages and protobufjs.
import {
  LABEL_ROTATION_BODY,
  LABEL_ROTATION_RECEIPT,
  LABEL_ROTATION_STATE,
  LABEL_ROTATION_WELCOME,
} from '@0k-sync/generated/labels';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js';
import { type Device, derive, type Epoch, u32 } from './keys.ts';
import { pad } from './padding.ts';
import { encode } from './wire.ts';

const NOTHING = new Uint8Array(0);
const WELCOME_NONCE = new Uint8Array(24);

/** RO-17: the X-Wing ciphertext and the sealed secret. */
export function rotationWelcome(device: Device, epoch: Epoch, eseed: Uint8Array): Uint8Array {
  const { cipherText, sharedSecret } = ml_kem768_x25519.encapsulate(device.xwingKey, eseed);
  const key = derive(sharedSecret, LABEL_ROTATION_WELCOME, epoch.groupId, u32(epoch.epoch), device.deviceKey);
  return concatBytes(cipherText, xchacha20poly1305(key, WELCOME_NONCE).encrypt(epoch.secret));
}

/** A relay that gives receipts. */
export interface Anchor {
  readonly address: string;
  readonly nodeId: Uint8Array;
  readonly signingSeed: Uint8Array;
}

/** The parts that make one rotation. */
export interface RotationParts {
  readonly before: Epoch;
  readonly after: Epoch;
  readonly previous: Uint8Array;
  readonly signer: Device;
  /** Ascending by device key. */
  readonly members: readonly { readonly device: Device; readonly welcome: Uint8Array }[];
  /** Ascending by device key. */
  readonly removed?: readonly { readonly device: Device; readonly sequence: bigint; readonly hash: Uint8Array }[];
  readonly anchor: Anchor;
  readonly nonce: Uint8Array;
}

/** RO-19: nonce || sealed padded GroupState. */
export function sealedState({ before, after, previous, anchor, nonce }: RotationParts): Uint8Array {
  const pin = {
    address: anchor.address,
    node_id: anchor.nodeId,
    signing_key: ed25519.getPublicKey(anchor.signingSeed),
  };
  const state = encode('GroupState', { previous_secret: before.secret, relays: [pin] });
  const key = derive(after.secret, LABEL_ROTATION_STATE, after.groupId, u32(after.epoch));
  const ad = concatBytes(after.groupId, u32(after.epoch), previous);
  return concatBytes(nonce, xchacha20poly1305(key, nonce, ad).encrypt(pad(state)));
}

/** The fields of a RotationBody, by their names in proto/. RO-15. */
export function bodyFields(parts: RotationParts) {
  const { after, previous, signer, members, removed = [], anchor } = parts;
  return {
    group_id: after.groupId,
    epoch: after.epoch,
    previous,
    auth_key: after.authKey,
    signer: signer.deviceKey,
    members: members.map(({ device, welcome }) => ({ device_key: device.deviceKey, welcome_hash: blake3(welcome) })),
    removed: removed.map(({ device, sequence, hash }) =>
      sequence === 0n ? { device_key: device.deviceKey, hash } : { device_key: device.deviceKey, sequence, hash },
    ),
    anchor: anchor.nodeId,
    sealed_state: sealedState(parts),
  };
}

/** RO-16. */
export function rotationName(body: Uint8Array): Uint8Array {
  return blake3(concatBytes(utf8ToBytes(LABEL_ROTATION_BODY), body));
}

/** RO-16: a receipt by the anchor. */
export function receiptOf(body: Uint8Array, { signingSeed }: Anchor): Uint8Array {
  return ed25519.sign(concatBytes(utf8ToBytes(LABEL_ROTATION_RECEIPT), rotationName(body)), signingSeed);
}

/** The bytes of a Rotation of a body, signed by both keys. */
export function signedRotation(
  body: Uint8Array,
  { authSeed, signingSeed }: { readonly authSeed: Uint8Array; readonly signingSeed: Uint8Array },
  receipt = NOTHING,
): Uint8Array {
  const signed = concatBytes(utf8ToBytes(LABEL_ROTATION_BODY), body);
  const signatures = {
    body,
    auth_signature: ed25519.sign(signed, authSeed),
    device_signature: ed25519.sign(signed, signingSeed),
  };
  return encode('Rotation', receipt.length === 0 ? signatures : { ...signatures, receipt });
}
