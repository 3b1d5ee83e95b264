import { CODE_CLAIMANTS_MAX } from '@0k-sync/generated/limits';
import { concat } from '../bytes/index.ts';
import type { Secret } from '../group/index.ts';
import { codeChannel } from './cpace.ts';
import { CreatorRun } from './creator-run.ts';
import { type CodeDeps, SID_BYTES } from './messages.ts';

/** The code of one creator. */
export interface CodeCreatorOptions {
  /** The words of the code, which this object wipes on close. */
  readonly words: Secret;
  /** The NodeId of the relay that gave the number, 32 bytes. */
  readonly nodeId: Uint8Array;
  /** The creator's device key, 32 bytes. */
  readonly creator: Uint8Array;
  /** 16 bytes. */
  readonly mailboxId: Uint8Array;
  /** Milliseconds since 1970, by the relay's clock. */
  readonly expiresAtMs: number;
}

/**
 * The creator's end of a short code: one run for each joiner that comes, until one is right or the code is burnt. CO-16.
 * Call `begin` for each joiner, `confirm` of the run, and `grant` of a confirmed run; `close` ends everything.
 */
export class CodeCreator {
  readonly #deps: CodeDeps;
  readonly #options: CodeCreatorOptions;
  readonly #runs: CreatorRun[] = [];

  constructor(deps: CodeDeps, options: CodeCreatorOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** True when all runs have ended and none was right: nobody can use the code any more. CO-16. */
  get isBurnt(): boolean {
    return this.#runs.length === CODE_CLAIMANTS_MAX && this.#runs.every(({ state }) => state === 'failed');
  }

  /**
   * Begins a run with a joiner; undefined when the code has no more runs. CO-16.
   *
   * @param sid sid_b, 16 bytes
   */
  begin(sid: Uint8Array): CreatorRun | undefined {
    const isTaken = this.#runs.some(({ state }) => state === 'confirmed');
    if (isTaken || this.#runs.length === CODE_CLAIMANTS_MAX) return undefined;
    const { words, nodeId, ...offer } = this.#options;
    const sidA = this.#deps.random(SID_BYTES);
    const context = { password: words.reveal(), channel: codeChannel(nodeId), sid: concat(sidA, sid) };
    const run = new CreatorRun(this.#deps, context, { ...offer, sid: sidA });
    this.#runs.push(run);
    return run;
  }

  /** Ends every run, and wipes the words. */
  close(): void {
    for (const run of this.#runs) run.close();
    this.#options.words.wipe();
  }
}
