import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';

const SOURCE = fileURLToPath(new URL('shim.c', import.meta.url));

/** A program's disk, which fails as it is told. */
export class FaultyDisk {
  /** The environment of the program. */
  readonly environment: Record<string, string>;
  readonly #control: string;

  private constructor(folder: string) {
    this.#control = join(folder, 'control');
    this.environment = { LD_PRELOAD: join(folder, 'shim.so'), FAULT_CONTROL: this.#control };
  }

  /** Compiles the shim with `cc`, which Rust links with too. Throws when there is none: the test must not pass then. */
  static make(t: Test): FaultyDisk {
    const folder = mkdtempSync(join(tmpdir(), '0k-faults-'));
    t.teardown(() => rmSync(folder, { recursive: true }));
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-Wall', '-o', join(folder, 'shim.so'), SOURCE, '-ldl'], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const disk = new FaultyDisk(folder);
    disk.fail();
    return disk;
  }

  /** Sets the faults from now on, each a line as shim.c reads it; none makes the disk work. */
  fail(...faults: readonly string[]): void {
    // Renamed, so that nobody reads half of it.
    writeFileSync(`${this.#control}.new`, faults.map((fault) => `${fault}\n`).join(''));
    renameSync(`${this.#control}.new`, this.#control);
  }
}
