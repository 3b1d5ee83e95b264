import { failureOf } from './expect.ts';

/** The surroundings of one scenario: its target, its parties, and the steps that undo it. */
export abstract class Scene<Target> {
  readonly target: Target;
  /** The scenario did not pass. */
  hasFailed = false;
  readonly #cleanups: (() => Promise<unknown>)[] = [];

  constructor(target: Target) {
    this.target = target;
  }

  /** Something to undo when the scenario is over; the last comes first. */
  later(cleanup: () => Promise<unknown>): void {
    this.#cleanups.push(cleanup);
  }

  async close(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).reverse()) await cleanup();
  }

  /** An error of the scenario as its report shows it. */
  failure(error: unknown): unknown {
    return failureOf(error);
  }
}

/** Plays an act to its end, and closes its scene. */
export async function play<S extends Scene<unknown>>(scene: S, act: (scene: S) => Promise<void>): Promise<void> {
  try {
    await act(scene);
  } catch (error) {
    scene.hasFailed = true;
    throw scene.failure(error);
  } finally {
    await scene.close();
  }
}
