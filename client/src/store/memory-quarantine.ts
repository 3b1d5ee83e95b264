import { equal, toHex } from '@0k-sync/core/bytes';
import { QUARANTINE_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Undo } from './table.ts';
import type { QuarantinedEnvelope } from './types.ts';

/** The quarantine of a memory store: one more envelope costs the same however many there are. EN-26. */
export class MemoryQuarantine {
  /** By number, in the order of their coming. */
  #rows = new Map<number, QuarantinedEnvelope>();
  readonly #byHash = new Map<string, number>();
  #bytes = 0;
  #number = 0;

  /** Newest first. */
  newest(limit: number): QuarantinedEnvelope[] {
    return [...this.#rows.values()].reverse().slice(0, limit);
  }

  byHash(hash: Uint8Array): QuarantinedEnvelope | undefined {
    return this.#rows.get(this.#byHash.get(toHex(hash)) ?? 0);
  }

  /** By sequence. */
  of(sender: Uint8Array): QuarantinedEnvelope[] {
    const rows = [...this.#rows.values()].filter((row) => equal(row.sender, sender));
    return rows.sort((a, b) => a.sequence - b.sequence);
  }

  /** Adds an envelope and removes the oldest ones above the bound. */
  add(envelope: QuarantinedEnvelope): Undo {
    this.#number += 1;
    this.#insert(this.#number, envelope);
    const gone: [number, QuarantinedEnvelope][] = [];
    for (const row of this.#rows) {
      if (this.#bytes <= QUARANTINE_BYTES_MAX) break;
      gone.push(row);
      this.#delete(...row);
    }
    const added = this.#number;
    return () => {
      this.#delete(added, envelope);
      this.#restore(gone);
    };
  }

  remove(hash: Uint8Array): Undo {
    const gone = [...this.#rows].filter(([, row]) => equal(row.hash, hash));
    for (const row of gone) this.#delete(...row);
    return () => this.#restore(gone);
  }

  #restore(gone: readonly [number, QuarantinedEnvelope][]): void {
    for (const row of gone) this.#insert(...row);
    this.#rows = new Map([...this.#rows].sort(([a], [b]) => a - b));
  }

  #insert(number: number, envelope: QuarantinedEnvelope): void {
    this.#rows.set(number, envelope);
    this.#byHash.set(toHex(envelope.hash), number);
    this.#bytes += envelope.envelope.length;
  }

  #delete(number: number, envelope: QuarantinedEnvelope): void {
    if (!this.#rows.delete(number)) return;
    const name = toHex(envelope.hash);
    if (this.#byHash.get(name) === number) this.#byHash.delete(name);
    this.#bytes -= envelope.envelope.length;
  }
}
