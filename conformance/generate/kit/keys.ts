// Keys of groups, devices and relays, from spec/group.md and spec/handshake.md over the noble packages alone.
import {
  LABEL_AUTH,
  LABEL_DEVICE_KEY,
  LABEL_DEVICE_XWING,
  LABEL_GROUP_ID,
  LABEL_MEMBER_RECORD,
  LABEL_MESSAGE,
  LABEL_RELAY_MLKEM768,
  LABEL_RELAY_SIGNING,
  LABEL_RELAY_X25519,
} from '@0k-sync/generated/labels';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import type { Alter } from '../rows.ts';
import { labelled } from './labelled.ts';
import { encode } from './wire.ts';

const EMPTY = new Uint8Array(0);

export function derive(secret: Uint8Array, label: string, ...rest: readonly Uint8Array[]): Uint8Array {
  return hkdf(sha256, secret, EMPTY, concatBytes(utf8ToBytes(label), ...rest), 32);
}

export function u32(value: number): Uint8Array {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value);
  return out;
}

/** One epoch of a group. GR-02, GR-05. */
export interface Epoch {
  readonly epoch: number;
  readonly secret: Uint8Array;
  readonly groupId: Uint8Array;
  readonly authSeed: Uint8Array;
  readonly authKey: Uint8Array;
  readonly messageKey: Uint8Array;
}

export function epochOf(secret: Uint8Array, epoch = 0, known?: Uint8Array): Epoch {
  const scope = epoch === 0 ? [] : [known ?? EMPTY];
  const authSeed = derive(secret, LABEL_AUTH, ...scope, u32(epoch));
  const authKey = ed25519.getPublicKey(authSeed);
  const groupId = known ?? blake3(concatBytes(utf8ToBytes(LABEL_GROUP_ID), authKey));
  return { epoch, secret, groupId, authSeed, authKey, messageKey: derive(secret, LABEL_MESSAGE, groupId, u32(epoch)) };
}

/** A device in a group. GR-10. */
export interface Device {
  readonly seed: Uint8Array;
  readonly signingSeed: Uint8Array;
  readonly deviceKey: Uint8Array;
  readonly xwingKey: Uint8Array;
}

export function deviceOf(seed: Uint8Array, groupId: Uint8Array): Device {
  const signingSeed = derive(seed, LABEL_DEVICE_KEY, groupId);
  const xwingKey = ml_kem768_x25519.keygen(derive(seed, LABEL_DEVICE_XWING, groupId)).publicKey;
  return { seed, signingSeed, deviceKey: ed25519.getPublicKey(signingSeed), xwingKey };
}

/** A group of one epoch with named devices, everything from labelled hashes. */
export function groupOf(id: string): { readonly epoch: Epoch; device(name: string): Device } {
  const epoch = epochOf(labelled(id, 'epoch_secret'));
  return { epoch, device: (name) => deviceOf(labelled(id, `${name}_seed`), epoch.groupId) };
}

/** The bytes of a MemberRecord; `alter` passes each part through. GR-08, GR-09. */
export function memberRecord(device: Device, epoch: Epoch, alter: Alter = (_, honest) => honest): Uint8Array {
  const fields = { group_id: epoch.groupId, device_key: device.deviceKey, xwing_key: device.xwingKey };
  const body = alter(
    'body',
    encode('MemberRecordBody', epoch.epoch === 0 ? fields : { ...fields, epoch: epoch.epoch }),
  );
  const signed = alter('signed', concatBytes(utf8ToBytes(LABEL_MEMBER_RECORD), body));
  return encode('MemberRecord', {
    body,
    device_signature: ed25519.sign(signed, alter('device_signer', device.signingSeed)),
    auth_signature: ed25519.sign(signed, alter('auth_signer', epoch.authSeed)),
  });
}

/** HS-20, HS-21. */
export function relayOf(seed: Uint8Array) {
  const nodeId = x25519.getPublicKey(derive(seed, LABEL_RELAY_X25519));
  const mlkemSeed = hkdf(sha256, seed, EMPTY, utf8ToBytes(LABEL_RELAY_MLKEM768), 64);
  const mlkemKey = ml_kem768.keygen(mlkemSeed).publicKey;
  const signingKey = ed25519.getPublicKey(derive(seed, LABEL_RELAY_SIGNING));
  return { nodeId, mlkemKey, kemHash: blake3(mlkemKey), signingKey };
}
