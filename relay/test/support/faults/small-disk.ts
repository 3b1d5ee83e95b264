import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { FaultyDisk } from './shim.ts';

const FILLER = 'filler';
const BLOCK = new Uint8Array(4096);

/** A small disk, and what a program needs to see it. */
export interface SmallDisk {
  /** A folder on the disk. */
  readonly folder: string;
  readonly environment: Record<string, string>;
  /** Fills the disk to its last byte. */
  fill(): void;
  /** Frees what `fill` took. */
  free(): void;
}

/**
 * Makes a disk of so many bytes: a tmpfs where this process may mount one, else a folder on which the shim counts bytes.
 * The test says which it is, and runs on either.
 */
export function smallDisk(t: Test, bytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), '0k-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'none', folder], { stdio: 'pipe' });
  } catch (error) {
    t.comment(`the small disk is a folder of which the shim counts ${bytes} bytes: ${(error as Error).message}`);
    return countedDisk(t, folder, bytes);
  }
  t.comment(`the small disk is a tmpfs of ${bytes} bytes`);
  t.teardown(() => {
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true });
  });
  const filler = join(folder, FILLER);
  return { folder, environment: {}, fill: () => fillUp(filler), free: () => rmSync(filler, { force: true }) };
}

/** Writes until nothing fits. */
function fillUp(filler: string): void {
  const descriptor = openSync(filler, 'a');
  try {
    for (;;) writeSync(descriptor, BLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(descriptor);
  }
}

function countedDisk(t: Test, folder: string, bytes: number): SmallDisk {
  t.teardown(() => rmSync(folder, { recursive: true }));
  const disk = FaultyDisk.make(t);
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  disk.fail(`room ${data} ${bytes}`);
  const filler = join(data, FILLER);
  const used = () => readdirSync(data).reduce((sum, name) => sum + statSync(join(data, name)).size, 0);
  const fill = () => {
    writeFileSync(filler, '', { flag: 'a' });
    truncateSync(filler, statSync(filler).size + Math.max(0, bytes - used()));
  };
  return { folder, environment: disk.environment, fill, free: () => rmSync(filler, { force: true }) };
}
