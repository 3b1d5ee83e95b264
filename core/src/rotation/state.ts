import { LABEL_ROTATION_STATE } from '@0k-sync/generated/labels';
import type { RelayPin } from '@0k-sync/generated/wire/group';
import { GroupState, type RotationBody } from '@0k-sync/generated/wire/rotation';
import { concat, equal, u32, wipe } from '../bytes/index.ts';
import type { CryptoProvider, RandomSource } from '../crypto/index.ts';
import { NONCE_BYTES, pad, unpad } from '../envelope/index.ts';
import { EpochKeys } from '../group/index.ts';
import { decodeStrict } from '../wire/index.ts';

/** The part of a body that its sealed state is bound to. RO-19. */
type StatePlace = Pick<RotationBody, 'groupId' | 'epoch' | 'previous'>;

/** A relay of a group whose signing key is known, so that it can be the anchor. RO-19. */
export interface Anchor {
  /** X25519 static, 32 bytes. */
  readonly nodeId: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly signingKey: Uint8Array;
}

/** An epoch that this device has taken: its keys and the relays of the group from then on. RO-04. */
export interface OpenedEpoch {
  readonly keys: EpochKeys;
  /** Ordered; the first is the anchor. */
  readonly relays: readonly RelayPin[];
  /** R of the rotation that began the epoch, 32 bytes. */
  readonly hash: Uint8Array;
}

/**
 * Seals the state of a new epoch: nonce || ciphertext. RO-19.
 * @param keys the keys of the new epoch
 * @param state the secret of the epoch before, which the caller keeps and wipes, and the group's relays
 */
export function sealGroupState(
  crypto: CryptoProvider,
  random: RandomSource,
  keys: EpochKeys,
  previous: Uint8Array,
  state: GroupState,
): Uint8Array {
  if (!hasAnchor(state.relays)) throw new TypeError('the first relay has no signing key');
  const plaintext = GroupState.encode(state).finish();
  const padded = pad(plaintext);
  const nonce = random(NONCE_BYTES);
  const place = { groupId: keys.groupId, epoch: keys.epoch, previous };
  const key = keys.deriveKey(LABEL_ROTATION_STATE);
  const sealed = concat(nonce, crypto.xchachaSeal(key, nonce, adOf(place), padded));
  wipe(key, plaintext, padded);
  return sealed;
}

/** Opens a rotation's state with the keys of its epoch; undefined unless all of RO-19 holds. */
export function openGroupState(crypto: CryptoProvider, keys: EpochKeys, body: RotationBody): GroupState | undefined {
  const { sealedState, anchor } = body;
  if (sealedState.length <= NONCE_BYTES) return undefined;
  const key = keys.deriveKey(LABEL_ROTATION_STATE);
  const nonce = sealedState.subarray(0, NONCE_BYTES);
  const padded = crypto.xchachaOpen(key, nonce, adOf(body), sealedState.subarray(NONCE_BYTES));
  wipe(key);
  const plaintext = padded && unpad(padded);
  const state = plaintext && decodeStrict('GroupState', plaintext);
  const own = state && { previousSecret: state.previousSecret.slice(), relays: state.relays.map(copyPin) };
  wipe(padded);
  if (own === undefined) return undefined;
  if (hasAnchor(own.relays) && equal(own.relays[0].nodeId, anchor)) return own;
  wipe(own.previousSecret);
  return undefined;
}

/**
 * Opens a rotation with the keys of its epoch; undefined unless they give the body's auth key, the state opens, and the secret
 * in it gives `previousAuthKey`. RO-04.
 */
export function openRotation(
  crypto: CryptoProvider,
  keys: EpochKeys,
  body: RotationBody,
  previousAuthKey: Uint8Array,
): { readonly previous: EpochKeys; readonly relays: readonly RelayPin[] } | undefined {
  const state = equal(keys.authKey, body.authKey) ? openGroupState(crypto, keys, body) : undefined;
  if (state === undefined) return undefined;
  const previous = new EpochKeys(crypto, state.previousSecret, body.epoch - 1, body.groupId);
  if (equal(previous.authKey, previousAuthKey)) return { previous, relays: state.relays };
  previous.wipe();
  return undefined;
}

/** Tells whether the first relay can give receipts. RO-19. */
export function hasAnchor<Pin extends Anchor>(relays: readonly Pin[]): relays is readonly [Pin, ...Pin[]] {
  const [anchor] = relays;
  return anchor !== undefined && anchor.signingKey.length > 0;
}

function adOf({ groupId, epoch, previous }: StatePlace): Uint8Array {
  return concat(groupId, u32(epoch), previous);
}

/** The pins outlive the plaintext, which is wiped. */
function copyPin({ address, nodeId, kemHash, signingKey }: RelayPin): RelayPin {
  return { address, nodeId: nodeId.slice(), kemHash: kemHash.slice(), signingKey: signingKey.slice() };
}
