import { closeSync, fsyncSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** The reserve's file in the data directory. */
export const RESERVE_FILE = 'relay.reserve';
const OWNER_ONLY = 0o600;
const BLOCK_BYTES = 64 * 1024;
/** Files of one byte repeated may take no space on a disk that compresses. */
const BLOCK = Uint8Array.from({ length: BLOCK_BYTES }, (_, index) => (index * index * 31 + index) >> 5);

/** Gives the reserve's space back to the disk. @returns false when there was none */
export function releaseReserve(directory: string): boolean {
  try {
    rmSync(join(directory, RESERVE_FILE));
    return true;
  } catch {
    return false;
  }
}

/**
 * Disk space that a file holds for bad days: it is released to start and to remove envelopes while the disk is full.
 * RL-82.
 */
export class Reserve {
  readonly #directory: string;
  readonly #bytes: number;

  /** @param bytes the whole reserve; 0 is none */
  constructor(directory: string, bytes: number) {
    this.#directory = directory;
    this.#bytes = bytes;
  }

  /** The bytes that the file holds now. */
  get heldBytes(): number {
    return statSync(join(this.#directory, RESERVE_FILE), { throwIfNoEntry: false })?.size ?? 0;
  }

  release(): void {
    releaseReserve(this.#directory);
  }

  /**
   * Adds to the file, so that a start need not wait for all of it.
   * @returns false when the disk has no room for that; the file then holds what it held before
   */
  grow(stepBytes: number): boolean {
    const held = this.heldBytes;
    const added = Math.min(this.#bytes - held, stepBytes);
    if (added <= 0) return true;
    const file = join(this.#directory, RESERVE_FILE);
    try {
      append(file, added);
      return true;
    } catch {
      if (held === 0) this.release();
      else truncateSync(file, held);
      return false;
    }
  }
}

function append(file: string, bytes: number): void {
  const descriptor = openSync(file, 'a', OWNER_ONLY);
  try {
    for (let left = bytes; left > 0; ) left -= writeSync(descriptor, BLOCK, 0, Math.min(left, BLOCK_BYTES));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
