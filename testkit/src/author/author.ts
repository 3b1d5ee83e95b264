import { ENVELOPE_VERSION, envelopeHash, NO_HASH, type SealedEnvelope, sealEnvelope } from '@0k-sync/core/envelope';
import { createMemberRecord, DeviceKeys, EpochKeys } from '@0k-sync/core/group';
import { CIPHERTEXT_BYTES_MIN } from '@0k-sync/generated/limits';
import { ContentType, EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import type { Enrolment, PushItem } from '@0k-sync/generated/wire/frame';
import { crypto, random } from '../crypto/provider.ts';

/** What an envelope leaves the rules in. Everything else is as it should be, the hash and signature over it too. */
export interface Forgery extends Partial<Omit<EnvelopeHeader, 'sequence'>> {
  readonly sequence?: number;
  /** The header's bytes instead of what the fields give. */
  readonly headerBytes?: Uint8Array;
  readonly nonce?: Uint8Array;
  readonly ciphertext?: Uint8Array;
  readonly signature?: Uint8Array;
}

const NONCE_BYTES = 24;

/** A new group, for whoever has it. */
export class Group {
  readonly epoch = EpochKeys.create(crypto, random);

  get id(): Uint8Array {
    return this.epoch.groupId;
  }

  /** Another device with a record of its own. */
  device(): Device {
    return new Device(this);
  }
}

/** A member with real keys, and its chain. */
export class Device {
  readonly group: Group;
  readonly keys: DeviceKeys;
  readonly enrolment: Enrolment;
  /** The seed of its keys, 32 bytes: a secret that may turn up nowhere. */
  readonly seed: Uint8Array;
  sequence = 0;
  previous: Uint8Array = NO_HASH;

  constructor(group: Group) {
    this.group = group;
    this.seed = random(32);
    this.keys = new DeviceKeys(crypto, this.seed, group.id);
    this.enrolment = { record: createMemberRecord(this.keys, group.epoch), authKey: group.epoch.authKey };
  }

  /** Seals the next message of the chain. */
  seal(text = 'hello'): SealedEnvelope {
    const message = {
      id: random(16),
      content: { $case: 'text' as const, value: text },
      metadata: undefined,
      sentAtMs: BigInt(Date.now()),
    };
    const place = { sequence: this.sequence + 1, previous: this.previous };
    const keys = { device: this.keys, epoch: this.group.epoch };
    return this.advance(sealEnvelope(crypto, random, keys, place, { type: 'message', message }));
  }

  items(count: number, text = 'hello'): PushItem[] {
    return Array.from({ length: count }, () => itemOf(this.seal(text)));
  }

  /** The next of the chain with a ciphertext of that many bytes, which opens for nobody: relays cannot tell. */
  sized(ciphertextBytes: number): SealedEnvelope {
    return this.advance(this.forge({ ciphertext: random(ciphertextBytes) }));
  }

  /** An envelope in the next place of the chain that differs as said; the chain stays where it is. */
  forge(forgery: Forgery = {}): SealedEnvelope {
    const header =
      forgery.headerBytes ??
      EnvelopeHeader.encode({
        version: forgery.version ?? ENVELOPE_VERSION,
        groupId: forgery.groupId ?? this.group.id,
        senderKey: forgery.senderKey ?? this.keys.deviceKey,
        sequence: BigInt(forgery.sequence ?? this.sequence + 1),
        previous: forgery.previous ?? this.previous,
        epoch: forgery.epoch ?? 0,
        contentType: forgery.contentType ?? ContentType.CONTENT_TYPE_MESSAGE,
      }).finish();
    const nonce = forgery.nonce ?? random(NONCE_BYTES);
    const ciphertext = forgery.ciphertext ?? random(CIPHERTEXT_BYTES_MIN);
    const hash = envelopeHash(crypto, { header, nonce, ciphertext });
    const signature = forgery.signature ?? this.keys.sign(hash);
    return { envelope: { header, nonce, ciphertext, signature, cursor: 0n, receivedAtMs: 0n }, hash };
  }

  /** Takes an envelope into the chain. */
  advance(sealed: SealedEnvelope): SealedEnvelope {
    this.sequence = Number(EnvelopeHeader.decode(sealed.envelope.header).sequence);
    this.previous = sealed.hash;
    return sealed;
  }
}

export function itemOf({ envelope }: SealedEnvelope, skip = false): PushItem {
  return { envelope, skip };
}
