import type { GroupQuotas } from '../messages/messages.ts';
import type { Statements } from './statements.ts';

/** A group by the one whose quota it counts against. */
export interface Owned {
  /** The name of the creator's address, in hexadecimal; undefined for a group from before such names. */
  readonly creator: string | undefined;
}

const CREATORS_MAX = 16_384;

/**
 * The bytes that all groups of one creator hold together, and those of all groups, as of this transaction. A sum is read
 * before the first change that it has to follow. RL-81.
 */
export class Usage {
  readonly #statements: Statements;
  readonly #quotas: GroupQuotas;
  readonly #creators = new Map<string, number>();
  #total: number | undefined;

  constructor(statements: Statements, quotas: GroupQuotas) {
    this.#statements = statements;
    this.#quotas = quotas;
  }

  lacksRoomFor(group: Owned, bytes: number): boolean {
    const { creatorBytesMax, totalBytesMax } = this.#quotas;
    if (totalBytesMax > 0 && this.#readTotal() + bytes > totalBytesMax) return true;
    return creatorBytesMax > 0 && this.#readCreator(group) + bytes > creatorBytesMax;
  }

  /** @param bytes how much more the group holds; negative after a removal */
  add(group: Owned, bytes: number): void {
    const { creatorBytesMax, totalBytesMax } = this.#quotas;
    if (totalBytesMax > 0) this.#total = this.#readTotal() + bytes;
    if (creatorBytesMax === 0 || group.creator === undefined) return;
    this.#creators.set(group.creator, this.#readCreator(group) + bytes);
  }

  /** Bounds the map; called between transactions. */
  trim(): void {
    if (this.#creators.size > CREATORS_MAX) this.#creators.clear();
  }

  /** Forgets everything read and changed; called after a rollback. */
  forget(): void {
    this.#creators.clear();
    this.#total = undefined;
  }

  #readTotal(): number {
    this.#total ??= this.#statements.bytesOfAll.get()?.bytes ?? 0;
    return this.#total;
  }

  #readCreator({ creator }: Owned): number {
    if (creator === undefined) return 0;
    const known = this.#creators.get(creator);
    if (known !== undefined) return known;
    const bytes = this.#statements.bytesOfCreator.get(Buffer.from(creator, 'hex'))?.bytes ?? 0;
    this.#creators.set(creator, bytes);
    return bytes;
  }
}
