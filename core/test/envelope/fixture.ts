import { toHex } from '@0k-sync/core/bytes';
import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import {
  type Chain,
  type Content,
  EMPTY_CHAIN,
  extendChain,
  type HashedEnvelope,
  type Judgement,
  type Receiver,
  type SealedEnvelope,
  type Witness,
} from '@0k-sync/core/envelope';
import { EpochKeys } from '@0k-sync/core/group';
import { Device, Group } from '@0k-sync/testkit/author';
import { deterministicRandom } from '@0k-sync/testkit/crypto';

const random = deterministicRandom('envelope');

const group = new Group(EpochKeys.create(crypto, random));
const member = new Device(group, random(32));
export const otherMember = new Device(group, random(32));
export const { epoch: keys } = group;
export const { keys: device } = member;
export const { keys: otherDevice } = otherMember;

export function message(text: string): Content {
  const content = { $case: 'text' as const, value: text };
  return {
    type: 'message',
    message: { id: random(16), content, metadata: undefined, sentAtMs: 1n, topic: '', skipped: [] },
  };
}

/** Seals envelopes 1 to `count` of one sender as a chain. */
export function sealChain(count: number, sender: Device = member, label = 'text'): SealedEnvelope[] {
  const author = new Device(sender.group, sender.seed);
  return Array.from({ length: count }, (_, index) => author.seal(`${label} ${index + 1}`));
}

/** A receiver's store in memory, which only accepted envelopes change. */
export class MemoryReceiver implements Receiver {
  readonly crypto = crypto;
  readonly groupId = keys.groupId;
  epochs: EpochKeys[] = [keys];
  members = [device, otherDevice];
  witness: Witness | undefined;
  readonly #chains = new Map<string, Chain>();
  readonly #accepted = new Map<string, HashedEnvelope>();

  senderOf(senderKey: Uint8Array): ReturnType<Receiver['senderOf']> {
    const name = toHex(senderKey);
    if (!this.members.some(({ deviceKey }) => toHex(deviceKey) === name)) return undefined;
    const at = (sequence: number) => this.#accepted.get(`${name} ${sequence}`);
    return {
      chain: this.#chains.get(name) ?? EMPTY_CHAIN,
      history: { hashAt: (sequence) => at(sequence)?.hash, previousAt: (sequence) => at(sequence)?.previous },
      witness: this.witness,
    };
  }

  keysOf(epoch: number): EpochKeys | undefined {
    return this.epochs.find((candidate) => candidate.epoch === epoch);
  }

  /** Stores an accepted envelope, as a client does. */
  store(outcome: Judgement): Judgement {
    if (outcome.type !== 'accepted') return outcome;
    const { authentic: signed } = outcome;
    const name = toHex(signed.senderKey);
    this.#accepted.set(`${name} ${signed.sequence}`, signed);
    this.#chains.set(name, extendChain(this.#chains.get(name) ?? EMPTY_CHAIN, signed));
    return outcome;
  }
}
