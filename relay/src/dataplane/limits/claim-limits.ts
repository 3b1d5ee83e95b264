import { RateLimiter } from './rate-limiter.ts';

const MINUTE_MS = 60_000;

/** The rates of failed claims. */
export interface ClaimLimitsConfig {
  readonly perMinuteAndAddress: number;
  readonly perMinuteAndMailbox: number;
  /** The addresses, and the mailboxes, that are remembered at once. */
  readonly entriesMax: number;
}

/** A claim that a stranger makes of a mailbox. */
export interface Claimer {
  /** As `addressKey` gives it. */
  readonly address: string;
  /** The mailbox's id in hexadecimal. */
  readonly mailbox: string;
}

/** A claim under way, which holds its places in the limits until it is settled. */
export interface Attempt {
  /** @param hasFailed true for a claim that was refused; anything else counts for nothing */
  settle(hasFailed: boolean): void;
}

/** Failed claims by address and by mailbox. A claim takes its places before anything is done for it. PA-18. */
export class ClaimLimits {
  readonly #byAddress: RateLimiter;
  readonly #byMailbox: RateLimiter;
  /** Mailboxes with a claim beyond the limits under way. */
  readonly #beyond = new Set<string>();

  constructor({ perMinuteAndAddress, perMinuteAndMailbox, entriesMax }: ClaimLimitsConfig) {
    this.#byAddress = new RateLimiter(perMinuteAndAddress, MINUTE_MS, entriesMax);
    this.#byMailbox = new RateLimiter(perMinuteAndMailbox, MINUTE_MS, entriesMax);
  }

  /** @returns undefined when one of the limits is reached */
  begin({ address, mailbox }: Claimer, now: number): Attempt | undefined {
    if (!this.#byAddress.take(address, 1, now)) return undefined;
    if (!this.#byMailbox.take(mailbox, 1, now)) {
      this.#byAddress.give(address, 1, now);
      return undefined;
    }
    return {
      settle: (hasFailed) => {
        if (hasFailed) return;
        this.#byAddress.give(address, 1, now);
        this.#byMailbox.give(mailbox, 1, now);
      },
    };
  }

  /**
   * Begins a claim beyond the limits, which the store expects to succeed.
   * @returns undefined while another one of the mailbox is under way
   */
  beginBeyond({ mailbox }: Claimer): Attempt | undefined {
    if (this.#beyond.has(mailbox)) return undefined;
    this.#beyond.add(mailbox);
    return { settle: () => void this.#beyond.delete(mailbox) };
  }
}
