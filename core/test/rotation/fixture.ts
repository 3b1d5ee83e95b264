import { toHex } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { DeviceKeys, EpochKeys } from '@0k-sync/core/group';
import {
  advance,
  type ChainPosition,
  makeRotation,
  type ProposedRotation,
  receiptTranscript,
  rotationHash,
  rotationTranscript,
  startOfChain,
  verifyRotation,
} from '@0k-sync/core/rotation';
import type { RelayPin } from '@0k-sync/generated/wire/group';
import { type Rotation, RotationBody, type RotationCut } from '@0k-sync/generated/wire/rotation';
import { crypto, deterministicRandom } from '@0k-sync/testkit/crypto';

export { crypto };
export const random = deterministicRandom('rotation');

/** A relay that gives receipts. */
export class TestAnchor {
  readonly pin: RelayPin;
  readonly #signingKey: Uint8Array;

  constructor(name: string) {
    this.#signingKey = crypto.ed25519SigningKey(random(32));
    const signingKey = this.#signingKey.slice(32);
    this.pin = { address: `${name}.example:4433`, nodeId: random(32), kemHash: random(32), signingKey };
  }

  /** Signs the receipt of a rotation. */
  receipt(rotation: Rotation): Rotation {
    const signed = receiptTranscript(rotationHash(crypto, rotation.body));
    return { ...rotation, receipt: crypto.ed25519Sign(signed, this.#signingKey) };
  }
}

/** Changes that a rotation differs by from the plain one: everybody stays, the first device makes it. */
export interface Change {
  readonly by?: DeviceKeys;
  readonly members?: readonly DeviceKeys[];
  readonly removed?: readonly RotationCut[];
  readonly relays?: readonly RelayPin[];
  readonly provider?: CryptoProvider;
}

/** A group as its honest members see it: the newest epoch, its keys, and who was countersigned in it. */
export class TestGroup {
  readonly first = EpochKeys.create(crypto, random);
  readonly groupId = this.first.groupId;
  readonly anchor = new TestAnchor('anchor');
  readonly devices: readonly DeviceKeys[];
  readonly rotations: Rotation[] = [];
  readonly proposals: ProposedRotation[] = [];
  readonly #countersigned = new Map<number, Set<string>>();
  keys = this.first;
  position: ChainPosition = startOfChain(this.groupId, this.first.authKey);
  relays: readonly RelayPin[] = [this.anchor.pin, new TestAnchor('second').pin];

  constructor(size = 3) {
    this.devices = Array.from({ length: size }, () => this.join());
  }

  /** A new device, whose record the newest auth key countersigns. */
  join(): DeviceKeys {
    const device = new DeviceKeys(crypto, random(32), this.groupId);
    this.#countersigned.set(this.keys.epoch, this.countersigned(this.keys).add(toHex(device.deviceKey)));
    return device;
  }

  /** The devices that an epoch's auth key countersigned. */
  readonly countersigned = ({ epoch }: { readonly epoch: number }): Set<string> =>
    new Set(this.#countersigned.get(epoch) ?? []);

  /** Makes a rotation without taking it. */
  propose({ by, members = this.devices, removed = [], relays = this.relays, provider = crypto }: Change = {}) {
    const { keys, position } = this;
    const device = by ?? (this.devices[0] as DeviceKeys);
    return makeRotation(provider, random, { device, keys, position, members, removed, relays });
  }

  /** Makes a rotation, has it receipted, and takes it. */
  rotate(change: Change = {}, anchor = this.anchor): ProposedRotation {
    const proposed = this.propose(change);
    const rotation = anchor.receipt(proposed.rotation);
    const countersigned = this.countersigned(this.position);
    const verified = verifyRotation(crypto, this.position, rotation, countersigned);
    if (!verified.ok) throw new TypeError(verified.detail);
    this.position = advance(this.position, verified, countersigned);
    this.keys = proposed.keys;
    this.relays = change.relays ?? this.relays;
    this.rotations.push(rotation);
    this.proposals.push(proposed);
    return { ...proposed, rotation };
  }
}

/** The cut of a device of whom nothing counts, or everything up to a sequence. */
export function cutOf({ deviceKey }: DeviceKeys, sequence = 0n, hash: Uint8Array = new Uint8Array(32)): RotationCut {
  return { deviceKey, sequence, hash };
}

/** Changes a body and signs it again with both keys, so that nothing but the change is wrong. */
export function resigned(
  rotation: Rotation,
  { keys, by }: { readonly keys: EpochKeys; readonly by: DeviceKeys },
  change: (body: RotationBody) => RotationBody,
): Rotation {
  const body = RotationBody.encode(change(RotationBody.decode(rotation.body))).finish();
  const signed = rotationTranscript(body);
  return { ...rotation, body, authSignature: keys.signAuth(signed), deviceSignature: by.sign(signed) };
}
