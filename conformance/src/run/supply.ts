import { Adapter, AdapterFailure, type StartOptions } from '../zkcp/adapter.ts';

/** A hang costs its deadline too, so it uses up the budget faster. */
const HANG_COST = 5;
const BUDGET_MIN = 30;
/** In a row: then it does not come back. */
const FAILED_STARTS_MAX = 3;
/** It is built by then, and only has to start. */
const RESTART_MS_MIN = 60_000;
const TESTS_PER_RESTART = 10;

/** Restarts that a run of so many tests may use. */
export function restartBudget(tests: number): number {
  return BUDGET_MIN + Math.ceil(tests / TESTS_PER_RESTART);
}

export interface SupplyOptions extends StartOptions {
  /** For each request; to say hello again may take as long, or a minute. */
  readonly deadlineMs: number;
}

/** Settings for the restart of an adapter that has said hello before. */
export function againOptions(options: SupplyOptions): StartOptions {
  const again = Math.max(options.deadlineMs, RESTART_MS_MIN);
  return { ...options, startDeadlineMs: Math.min(options.startDeadlineMs, again) };
}

/** A failure of the adapter that no single test brings about, with the last lines before it. */
export interface Stray {
  readonly failure: AdapterFailure;
  readonly log: readonly string[];
}

/** Gives out the one adapter of a run, and starts it again when it is gone, as often as the budget allows. */
export class AdapterSupply {
  readonly command: readonly string[];
  readonly #options: SupplyOptions;
  #budget: number;
  #adapter: Adapter;
  /** The failed starts since the adapter last started. */
  readonly #failedStarts: AdapterFailure[] = [];
  readonly #explained = new WeakSet<Adapter>();
  readonly #stray = new Map<Adapter, Stray>();

  private constructor(command: readonly string[], options: SupplyOptions, budget: number, adapter: Adapter) {
    this.command = command;
    this.#options = options;
    this.#budget = budget;
    this.#adapter = adapter;
  }

  /** Throws `AdapterFailure` when it cannot even be started. */
  static async start(command: readonly string[], options: SupplyOptions, budget: number): Promise<AdapterSupply> {
    return new AdapterSupply(command, options, budget, await Adapter.start(command, options));
  }

  /** The adapter as it is, perhaps gone. */
  get adapter(): Adapter {
    return this.#adapter;
  }

  /** The reason why `take` has no adapter any more. */
  get whyGone(): string {
    const before = this.#adapter.failure?.message ?? 'nothing';
    const last = this.#failedStarts.at(-1);
    if (last) return `the adapter cannot be started again: ${last.message}; what ended it: ${before}`;
    return `the adapter failed so often that its restarts are used up, last by ${before}`;
  }

  /** A living adapter, or undefined when the budget is used up or it does not start any more. */
  async take(): Promise<Adapter | undefined> {
    while (!this.#adapter.isAlive) {
      this.#note();
      if (this.#failedStarts.length >= FAILED_STARTS_MAX) return undefined;
      this.#budget -= this.#adapter.failure?.kind === 'hang' ? HANG_COST : 1;
      if (this.#budget < 0) return undefined;
      try {
        this.#adapter = await Adapter.start(this.command, againOptions(this.#options));
        this.#failedStarts.length = 0;
      } catch (failure) {
        if (!(failure instanceof AdapterFailure)) throw failure;
        this.#failedStarts.push(failure);
        this.#budget -= 1;
      }
    }
    return this.#adapter;
  }

  /** The failure of this one is the doing of one test, which has it as its verdict. */
  explain(adapter: Adapter): void {
    this.#explained.add(adapter);
    this.#stray.delete(adapter);
  }

  /** Failures so far that are nobody's. */
  get stray(): readonly Stray[] {
    this.#note();
    return [...this.#stray.values()];
  }

  #note(): void {
    const { failure, log } = this.#adapter;
    if (failure && !this.#explained.has(this.#adapter)) this.#stray.set(this.#adapter, { failure, log });
  }

  async stop(): Promise<void> {
    await this.#adapter.stop();
  }
}
