import type { Clock } from '../async/clock.ts';

/** A link of a device's group is closed when nothing has needed it for this long, ms; at the latest after twice as long. */
export const LINK_IDLE_MS = 30_000;

interface IdleWatchDeps {
  readonly clock: Clock;
  /** True while something needs the link. */
  readonly isNeeded: () => boolean;
  /** Closes the link's session. */
  readonly leave: () => void;
}

/** Has a session closed that nothing needs any more. It has a timer only while there is a session that may become idle. */
export class IdleWatch {
  readonly #deps: IdleWatchDeps;
  #wasUsed = false;
  #cancel: (() => void) | undefined;

  constructor(deps: IdleWatchDeps) {
    this.#deps = deps;
  }

  /** Notes that the link is used now. */
  noteUse(): void {
    this.#wasUsed = true;
  }

  start(): void {
    this.#wasUsed = false;
    this.#cancel = this.#deps.clock.after(LINK_IDLE_MS, () => this.#check());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #check(): void {
    if (this.#wasUsed || this.#deps.isNeeded()) this.start();
    else this.#deps.leave();
  }
}
