import {
  type ChainPlace,
  type Content,
  ENVELOPE_VERSION,
  envelopeHash,
  NO_HASH,
  type SealedEnvelope,
  sealEnvelope,
  wireSkipped,
} from '@0k-sync/core/envelope';
import { createMemberRecord, DeviceKeys, EpochKeys } from '@0k-sync/core/group';
import { CIPHERTEXT_BYTES_MIN } from '@0k-sync/generated/limits';
import { ContentType, type Envelope, EnvelopeHeader } from '@0k-sync/generated/wire/envelope';
import type { PushItem } from '@0k-sync/generated/wire/frame';
import type { MemberRecord } from '@0k-sync/generated/wire/group';
import { crypto, random } from '../crypto/provider.ts';

/** Fields of a forged envelope. Every field that is not given is right, H and signature included. */
export interface Forgery extends Partial<Omit<EnvelopeHeader, 'sequence'>> {
  readonly sequence?: number;
  /** The header's bytes instead of those that the fields give. */
  readonly headerBytes?: Uint8Array;
  readonly nonce?: Uint8Array;
  readonly ciphertext?: Uint8Array;
  readonly signature?: Uint8Array;
}

/** Fields of a message besides its content. */
export interface MessageFields {
  /** 16 bytes; random by default. */
  readonly id?: Uint8Array | undefined;
  readonly metadata?: string | undefined;
  /** The app's stream, at most TOPIC_BYTES_MAX bytes; none by default. EN-36. */
  readonly topic?: string | undefined;
  /** Sequences that never come, ascending and apart; none by default. EN-29. */
  readonly skipped?: readonly number[] | undefined;
}

const NONCE_BYTES = 24;

/** A group in the hands of a test. */
export class Group {
  readonly epoch: EpochKeys;

  /** A new group, unless the keys of its epoch 0 are given. */
  constructor(epoch: EpochKeys = EpochKeys.create(crypto, random)) {
    this.epoch = epoch;
  }

  /** 32 bytes. GR-02. */
  get id(): Uint8Array {
    return this.epoch.groupId;
  }

  /** A new device with a record of its own. */
  device(): Device {
    return new Device(this);
  }
}

/** A member with real keys, and its chain: it seals what an honest device seals, and what none would. */
export class Device {
  readonly group: Group;
  readonly keys: DeviceKeys;
  /** Record and key that its first Hello carries. */
  readonly enrolment: { readonly record: MemberRecord; readonly authKey: Uint8Array };
  /** The seed of its keys, 32 bytes: a secret that must turn up nowhere. */
  readonly seed: Uint8Array;
  /** Sequence of its last envelope; 0 before the first. */
  sequence = 0;
  /** H of its last envelope, 32 bytes; NO_HASH before the first. */
  previous: Uint8Array = NO_HASH;

  /** A device of a new group, unless one is given; with new keys, unless their seed is given. */
  constructor(group: Group = new Group(), seed: Uint8Array = random(32)) {
    this.group = group;
    this.seed = seed;
    this.keys = new DeviceKeys(crypto, this.seed, group.id);
    this.enrolment = { record: createMemberRecord(this.keys, group.epoch), authKey: group.epoch.authKey };
  }

  /** A new device of the same group. */
  sibling(): Device {
    return new Device(this.group);
  }

  /** Seals a message as the next envelope of the chain. */
  seal(content: string | Uint8Array = 'hello', fields: MessageFields = {}): SealedEnvelope {
    return this.advance(this.#sealAt(this.#nextPlace, messageOf(content, fields)));
  }

  /** Seals an announcement as the next envelope of the chain. PA-22. */
  announce(name: string): SealedEnvelope {
    const { record } = this.enrolment;
    return this.advance(
      this.#sealAt(this.#nextPlace, { type: 'announcement', announcement: { name, record, skipped: [] } }),
    );
  }

  /** `seal`, of which only the envelope is needed. */
  next(content?: string | Uint8Array, fields?: MessageFields): Envelope {
    return this.seal(content, fields).envelope;
  }

  /** Another envelope in the place of the last one, after `previous` (H, 32 bytes). The chain stays where it is. */
  twin(content: string, previous: Uint8Array): Envelope {
    return this.#sealAt({ sequence: this.sequence, previous }, messageOf(content, {})).envelope;
  }

  /** Push items of the next `count` messages. */
  items(count: number, content: string | Uint8Array = 'hello'): PushItem[] {
    return Array.from({ length: count }, () => itemOf(this.seal(content)));
  }

  /** The next envelope of the chain with a ciphertext of that many bytes. It opens for nobody, which no relay can tell. */
  sized(ciphertextBytes: number): SealedEnvelope {
    return this.advance(this.forge({ ciphertext: random(ciphertextBytes) }));
  }

  /** An envelope in the next place of the chain with a forgery. The chain stays where it is. */
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

  /** Takes an envelope into the chain: the next one follows on it. */
  advance(sealed: SealedEnvelope): SealedEnvelope {
    this.sequence = Number(EnvelopeHeader.decode(sealed.envelope.header).sequence);
    this.previous = sealed.hash;
    return sealed;
  }

  get #nextPlace(): ChainPlace {
    return { sequence: this.sequence + 1, previous: this.previous };
  }

  #sealAt(place: ChainPlace, content: Content): SealedEnvelope {
    return sealEnvelope(crypto, random, { device: this.keys, epoch: this.group.epoch }, place, content);
  }
}

/** The push item of an envelope. RL-24 says what `skip` does. */
export function itemOf({ envelope }: SealedEnvelope, skip = false): PushItem {
  return { envelope, skip };
}

function messageOf(
  content: string | Uint8Array,
  { id = random(16), metadata, topic = '', skipped = [] }: MessageFields,
): Content {
  const value =
    typeof content === 'string'
      ? ({ $case: 'text', value: content } as const)
      : ({ $case: 'data', value: content } as const);
  const ranges = wireSkipped(skipped.map((sequence) => ({ from: sequence, to: sequence })));
  const sentAtMs = BigInt(Date.now());
  return { type: 'message', message: { id, content: value, metadata, topic, sentAtMs, skipped: ranges } };
}
