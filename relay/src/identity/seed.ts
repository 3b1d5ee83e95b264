import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { wipe } from '@0k-sync/core/bytes';
import type { RandomSource } from '@0k-sync/core/crypto';
import { OperatorFailure } from '../operator/failure.ts';

/** The seed's file in the data directory. */
export const KEY_FILE = 'relay.key';
const SEED_BYTES = 32;
const NOTHING = new Uint8Array(0);
const OWNER_ONLY = 0o600;

/** True when the relay has started before: its seed is there. Throws OperatorFailure for a seed that cannot be used. */
export function hasSeed(directory: string): boolean {
  const seed = findSeed(join(directory, KEY_FILE));
  wipe(seed ?? NOTHING);
  return seed !== undefined;
}

/** Loads the relay's seed, 32 bytes, which the first start creates. Throws OperatorFailure. RL-60. */
export function loadSeed(directory: string, random: RandomSource): Uint8Array {
  const file = join(directory, KEY_FILE);
  return findSeed(file) ?? createSeed(file, directory, random);
}

function findSeed(file: string): Uint8Array | undefined {
  const stored = readSeed(file);
  if (stored !== undefined && stored.length !== SEED_BYTES) {
    throw new OperatorFailure(
      `${file} has ${stored.length} bytes instead of ${SEED_BYTES}`,
      'restore it from a backup: with another key, clients see another relay',
    );
  }
  return stored;
}

function readSeed(file: string): Uint8Array | undefined {
  try {
    if ((statSync(file).mode & 0o077) !== 0) {
      throw new OperatorFailure(`${file} is a secret that other users may read`, `run: chmod 600 ${file}`);
    }
    return new Uint8Array(readFileSync(file));
  } catch (cause) {
    if (cause instanceof OperatorFailure) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new OperatorFailure(
      `${file} cannot be read: ${(cause as Error).message}`,
      'give the user that runs the relay the right to read it',
      {
        cause,
      },
    );
  }
}

/** Writes a temporary file, syncs, renames, and syncs the directory: a crash leaves a whole key or none. GR-13. */
function createSeed(file: string, directory: string, random: RandomSource): Uint8Array {
  const seed = random(SEED_BYTES);
  const temporary = `${file}.new`;
  // A file that a crash left there may have another mode.
  rmSync(temporary, { force: true });
  const descriptor = openSync(temporary, 'wx', OWNER_ONLY);
  writeSync(descriptor, seed);
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(temporary, file);
  const folder = openSync(directory, 'r');
  fsyncSync(folder);
  closeSync(folder);
  return seed;
}
