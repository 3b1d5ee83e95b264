import { Adapter, AdapterFailure, type StartOptions } from '../zkcp/adapter.ts';

/** A hang costs its deadline too, so it uses up the budget faster. */
const HANG_COST = 5;
const BUDGET_MIN = 30;
const TESTS_PER_RESTART = 10;

/** Restarts that a run of so many tests may use. */
export function restartBudget(tests: number): number {
  return BUDGET_MIN + Math.ceil(tests / TESTS_PER_RESTART);
}

/** Gives out the one adapter of a run, and starts it again when it is gone, as often as the budget allows. */
export class AdapterSupply {
  readonly command: readonly string[];
  readonly #options: StartOptions;
  #budget: number;
  #adapter: Adapter;

  private constructor(command: readonly string[], options: StartOptions, budget: number, adapter: Adapter) {
    this.command = command;
    this.#options = options;
    this.#budget = budget;
    this.#adapter = adapter;
  }

  /** Throws `AdapterFailure` when it cannot even be started. */
  static async start(command: readonly string[], options: StartOptions, budget: number): Promise<AdapterSupply> {
    return new AdapterSupply(command, options, budget, await Adapter.start(command, options));
  }

  /** The adapter as it is, perhaps gone. */
  get adapter(): Adapter {
    return this.#adapter;
  }

  /** A living adapter, or undefined when the budget is used up. */
  async take(): Promise<Adapter | undefined> {
    while (!this.#adapter.isAlive) {
      this.#budget -= this.#adapter.failure?.kind === 'hang' ? HANG_COST : 1;
      if (this.#budget < 0) return undefined;
      try {
        this.#adapter = await Adapter.start(this.command, this.#options);
      } catch (failure) {
        if (!(failure instanceof AdapterFailure)) throw failure;
        this.#budget -= 1;
      }
    }
    return this.#adapter;
  }

  async stop(): Promise<void> {
    await this.#adapter.stop();
  }
}
