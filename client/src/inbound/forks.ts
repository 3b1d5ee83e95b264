import { equal, zBase32 } from '@0k-sync/core/bytes';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { encodeEnvelope, type HashedEnvelope, stubOf, type VerifiedStub } from '@0k-sync/core/envelope';
import { Stub } from '@0k-sync/generated/wire/envelope';
import type { Emitter } from '../async/emitter.ts';
import type { SyncEvents } from '../events.ts';
import type { Membership } from '../group/membership.ts';
import { stubOfEntry } from '../group/stored-entry.ts';
import type { Store } from '../store/port.ts';
import type { StoredEvidence } from '../store/types.ts';
import type { Arrival } from './arrival.ts';
import type { IntakeBatch } from './intake-batch.ts';

interface ForksDeps {
  readonly crypto: CryptoProvider;
  readonly store: Store;
  readonly membership: Membership;
  readonly events: Emitter<SyncEvents>;
}

/** Two envelopes that one sender signed for one place. */
interface Fork {
  readonly sender: Uint8Array;
  readonly sequence: number;
  /** H of the envelope that stays, and H of the other. */
  readonly hashes: readonly [Uint8Array, Uint8Array];
  readonly second: Stub;
  /** Address of the relay that showed the other. */
  readonly relay: string;
}

/** Keeps the evidence of forks, and reports them. EN-23, CL-26. */
export class Forks {
  readonly #deps: ForksDeps;
  #isOwnForked: boolean;

  constructor(deps: ForksDeps, stored: readonly StoredEvidence[]) {
    this.#deps = deps;
    this.#isOwnForked = stored.some(({ sender }) => deps.membership.isOwn(sender));
  }

  /** True once this device's own chain has two envelopes in one place, also after a restart. CL-26. */
  get isOwnForked(): boolean {
    return this.#isOwnForked;
  }

  /** Takes an authentic envelope whose place is taken by the one with H `known`, which stays. EN-23. */
  async take(batch: IntakeBatch, arrival: Arrival, authentic: HashedEnvelope, known: Uint8Array): Promise<void> {
    const { relay, address, cursor, atMs, receivedAtMs } = arrival;
    const { senderKey, sequence, hash } = authentic;
    const [sender, envelope] = [senderKey.slice(), encodeEnvelope(authentic.envelope)];
    const row = { relay, cursor, rejectClass: 'envelope.chain', hash, sender, sequence, unsigned: false, envelope };
    batch.write({ kind: 'quarantine', envelope: { ...row, receivedAtMs, atMs } });
    const second = stubOf(this.#deps.crypto, authentic.envelope);
    await this.#keep(batch, { sender, sequence, hashes: [known, hash], second, relay: address });
  }

  /** Takes a stub that this device signed; it is a fork when this device has another envelope in its place. CL-26. */
  async takeOwnStub(
    batch: IntakeBatch,
    relay: string,
    { senderKey, sequence, hash, stub }: VerifiedStub,
  ): Promise<void> {
    const known = await this.#deps.store.entryBySequence(senderKey, sequence);
    if (known === undefined || equal(known.hash, hash)) return;
    const hashes = [known.hash, hash] as const;
    await this.#keep(batch, { sender: senderKey.slice(), sequence, hashes, second: stub, relay });
  }

  async #keep(batch: IntakeBatch, { sender, sequence, hashes, second, relay }: Fork): Promise<void> {
    const { membership, events } = this.#deps;
    const first = await this.#stubOf(batch, sender, sequence, hashes[0]);
    if (first !== undefined) {
      batch.write({ kind: 'evidence', evidence: { sender, sequence, first, second: Stub.encode(second).finish() } });
    }
    const own = membership.isOwn(sender);
    batch.afterwards(() => {
      this.#isOwnForked ||= own;
      events.emit('fork', { sender: zBase32(sender), sequence, own, relay, hashes });
    });
  }

  /** The encoded stub that proves the envelope that stays: its own, or that of the one that names it as `previous`. */
  async #stubOf(
    batch: IntakeBatch,
    sender: Uint8Array,
    sequence: number,
    hash: Uint8Array,
  ): Promise<Uint8Array | undefined> {
    const { membership, store } = this.#deps;
    const head = membership.headOf(sender);
    if (head !== undefined && equal(head.hash, hash)) return head.stub;
    for (const place of [sequence, sequence + 1]) {
      const entry = batch.entryAt(sender, place) ?? (await store.entryBySequence(sender, place));
      if (entry !== undefined) return Stub.encode(stubOfEntry(membership.groupId, entry)).finish();
    }
    return undefined;
  }
}
