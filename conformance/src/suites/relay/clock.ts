import { setTimeout as pause } from 'node:timers/promises';
import { Ended, type RawClient } from '@0k-sync/testkit/raw';
import type { RelayScene } from './scene.ts';

/** Pause between two looks, ms: it decides nothing. */
const LOOK_MS = 50;

/** The relay's own clock, as Pong tells it: it alone decides when a deadline of the relay is over. */
export class RelayClock {
  readonly #scene: RelayScene;
  #client: RawClient | undefined;

  constructor(scene: RelayScene) {
    this.#scene = scene;
  }

  /** Milliseconds since 1970. A connection without Hello that the relay ends meanwhile is made again. */
  async now(): Promise<number> {
    for (;;) {
      try {
        this.#client ??= await this.#scene.connect({ suite: 'classical' });
        return Number((await this.#client.ask({ $case: 'ping', value: {} }, 'pong')).serverTimeMs);
      } catch (error) {
        if (!(error instanceof Ended)) throw error;
        this.#client = undefined;
      }
    }
  }

  /** Waits until the clock has passed a time. */
  async passes(timeMs: number): Promise<void> {
    while ((await this.now()) <= timeMs) await pause(LOOK_MS);
  }
}
