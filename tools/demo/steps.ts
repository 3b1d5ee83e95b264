import { heading } from './narrate.ts';

/** The failure of a step: its title, the reason and a hint. */
export class StepFailure extends Error {
  readonly step: string;
  readonly hint: string;

  constructor(step: string, cause: unknown, hint: string) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.step = step;
    this.hint = hint;
  }
}

/** Runs one step under its heading, so that a failure names it. */
export async function step<T>(title: string, hint: string, run: () => Promise<T>): Promise<T> {
  heading(title);
  try {
    return await run();
  } catch (error) {
    throw new StepFailure(title, error, hint);
  }
}

/** Throws `otherwise` unless the condition holds. */
export function expect(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise);
}
