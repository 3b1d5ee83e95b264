import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Empty directories for the implementations of a run, removed with it. */
export class Workspace {
  #root: Promise<string> | undefined;

  async directory(): Promise<string> {
    this.#root ??= mkdtemp(join(tmpdir(), '0k-conformance-'));
    return mkdtemp(join(await this.#root, 'd-'));
  }

  async remove(): Promise<void> {
    if (this.#root) await rm(await this.#root, { recursive: true, force: true });
  }
}
