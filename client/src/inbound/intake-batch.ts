import { toHex } from '@0k-sync/core/bytes';
import { type Chain, extendChain } from '@0k-sync/core/envelope';
import type { Chains } from '../group/chains.ts';
import { keyName } from '../group/key-name.ts';
import type { Membership } from '../group/membership.ts';
import type { Change } from '../store/port.ts';
import type { HeldEnvelope, LogEntry, StoredChain, StoredMember } from '../store/types.ts';
import type { HeldEnvelopes } from './held.ts';

/** So many judgements take a few milliseconds. */
const STEPS_PER_TURN = 32;

/** The envelopes of one sender that a batch has accepted. */
interface AcceptedOfSender {
  chain: StoredChain | undefined;
  readonly entries: Map<number, LogEntry>;
  /** Names of the ids of its messages. */
  readonly messages: Set<string>;
}

/** Collaborators of IntakeBatch. */
export interface IntakeBatchDeps {
  readonly chains: Chains;
  readonly held: HeldEnvelopes;
  readonly membership: Membership;
}

/**
 * The changes of one transaction of the receiving side, and the events to emit after the commit. Judgements within a
 * batch see what the batch has accepted so far; everybody else sees it after the commit. CL-03.
 */
export class IntakeBatch {
  readonly #changes: Change[] = [];
  readonly #effects: (() => void)[] = [];
  readonly #undos: (() => void)[] = [];
  readonly #chains: Chains;
  readonly #held: HeldEnvelopes;
  readonly #membership: Membership;
  readonly #accepted = new Map<string, AcceptedOfSender>();
  readonly #members = new Map<string, StoredMember>();
  readonly #recalled = new Set<string>();
  #steps = 0;

  constructor({ chains, held, membership }: IntakeBatchDeps) {
    this.#chains = chains;
    this.#held = held;
    this.#membership = membership;
  }

  /** Number of accepted messages that the app will see. */
  visible = 0;

  /** Counts one judgement. True after some of them: then the event loop has to serve others. */
  countStep(): boolean {
    this.#steps += 1;
    return this.#steps % STEPS_PER_TURN === 0;
  }

  /** Notes that a quarantined envelope is judged again. Returns false when this batch has done so before. EN-34. */
  noteRecalled(hash: Uint8Array): boolean {
    if (this.#recalled.has(toHex(hash))) return false;
    this.#recalled.add(toHex(hash));
    return true;
  }

  /** Adds a change to the transaction. */
  write(change: Change): void {
    this.#changes.push(change);
  }

  /** Runs `effect` after the commit. */
  afterwards(effect: () => void): void {
    this.#effects.push(effect);
  }

  /** A sender's chain with what this batch has added to it. */
  chainOf(sender: Uint8Array): Chain {
    const chain = this.#accepted.get(keyName(sender))?.chain;
    return chain === undefined ? this.#chains.chainOf(sender) : { head: chain.sequence, headHash: chain.hash };
  }

  /** The entry that this batch has accepted for one place. */
  entryAt(sender: Uint8Array, sequence: number): LogEntry | undefined {
    return this.#accepted.get(keyName(sender))?.entries.get(sequence);
  }

  /** This batch has accepted a message with this id, 16 bytes. EN-16. */
  hasMessage(sender: Uint8Array, messageId: Uint8Array): boolean {
    return this.#accepted.get(keyName(sender))?.messages.has(idName(messageId)) === true;
  }

  /** The member with this device key, whose verified record is stored or taken by this batch. EN-07. */
  memberOf(deviceKey: Uint8Array): StoredMember | undefined {
    return this.#members.get(keyName(deviceKey)) ?? this.#membership.memberOf(deviceKey);
  }

  /** Takes a verified record. CL-09. */
  addMember(member: StoredMember): void {
    this.#members.set(keyName(member.deviceKey), member);
    this.write({ kind: 'member', member });
  }

  /** Gives a member the name of its announcement. GR-16. */
  rename(deviceKey: Uint8Array, name: string): void {
    const member = this.memberOf(deviceKey);
    if (member !== undefined && member.name !== name) this.addMember({ ...member, name });
  }

  /** Accepts an entry; nothing else changes a sender's chain. EN-21. */
  accept(entry: LogEntry): void {
    const { sender, sequence, hash } = entry;
    const { head, headHash } = extendChain(this.chainOf(sender), { sequence, hash, previous: hash });
    const accepted = this.#ofSender(sender);
    accepted.chain = { sender, sequence: head, hash: headHash };
    accepted.entries.set(sequence, entry);
    this.write({ kind: 'accept', entry });
    if (!entry.visible) return;
    accepted.messages.add(idName(entry.messageId));
    this.visible += 1;
  }

  /** Holds an envelope until its gap is filled or given up. EN-24. */
  hold(held: HeldEnvelope): void {
    this.write({ kind: 'hold', held });
    this.#held.add(held);
    this.#undos.push(() => this.#held.remove(held));
  }

  /** Ends the waiting of a held envelope. */
  release(held: HeldEnvelope): void {
    this.write({ kind: 'release', hash: held.hash });
    this.#held.remove(held);
    this.#undos.push(() => this.#held.add(held));
  }

  /** Writes all changes in one transaction, and only then updates the chains in memory and runs the effects. */
  async commit(write: (changes: readonly Change[]) => Promise<void>): Promise<void> {
    const chains = [...this.#accepted.values()].flatMap(({ chain }) => chain ?? []);
    try {
      await write([...this.#changes, ...chains.map((chain) => ({ kind: 'chain', chain }) as const)]);
    } catch (error) {
      for (const undo of this.#undos.reverse()) undo();
      throw error;
    }
    for (const chain of chains) this.#chains.setChain(chain);
    this.#membership.addMembers([...this.#members.values()]);
    for (const effect of this.#effects) effect();
  }

  #ofSender(sender: Uint8Array): AcceptedOfSender {
    const name = keyName(sender);
    const known = this.#accepted.get(name);
    if (known !== undefined) return known;
    const fresh: AcceptedOfSender = { chain: undefined, entries: new Map(), messages: new Set() };
    this.#accepted.set(name, fresh);
    return fresh;
  }
}

/** A Message.id, one character for each byte: hexadecimal costs more. */
function idName(messageId: Uint8Array): string {
  return String.fromCharCode(...messageId);
}
