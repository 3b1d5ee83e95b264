import type { Address } from '@0k-sync/transport';

/** Strangers attack a relay. They have groups of their own; the quiet device is in none of them. */
export interface Attack {
  /** The finding that it repeats, such as `R1`. */
  readonly finding: string;
  /** A few words that say what the strangers do. */
  readonly title: string;
  /** True if it is after memory: then the relay is looked at once more when the strangers have left. */
  readonly takesMemory: boolean;
  /**
   * Prepares, calls `begun`, attacks the relay until the signal aborts, and leaves it then. It goes on when the relay refuses it
   * or hangs up.
   */
  readonly run: (relay: Address, signal: AbortSignal, begun: () => void) => Promise<void>;
}
