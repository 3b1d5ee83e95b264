import type { RelayEvent, RelaySession, Step } from '@0k-sync/core/session';
import type { Intake } from './intake.ts';
import type { Operations } from './operations.ts';

/** The operations that one step of the engine costs. RL-74. */
const OPERATIONS: Readonly<Record<Step, number>> = { message: 64, record: 1, frame: 1 };
const HELLO_OPERATIONS = 64;

/** The collaborators of a connection's steps. */
export interface StepsDeps {
  readonly engine: RelaySession;
  readonly intake: Intake;
  readonly operations: Operations;
  /** The monotonic clock, milliseconds. */
  readonly now: () => number;
  /** Serves what a frame asks for. */
  readonly serve: (event: RelayEvent) => void;
}

/** Reads what a connection received, one message, record or frame at a time, and counts what that costs. RL-73. */
export class Steps {
  readonly #deps: StepsDeps;

  constructor(deps: StepsDeps) {
    this.#deps = deps;
  }

  /** Takes the next step. @returns false when everything received was read */
  take(): boolean {
    const { engine, operations, now, serve } = this.#deps;
    const step = engine.proceed(now());
    if (step === undefined) return this.#takePiece();
    operations.spend(OPERATIONS[step]);
    for (const event of engine.takeEvents()) {
      if (event.type === 'hello') operations.spend(HELLO_OPERATIONS);
      serve(event);
    }
    return true;
  }

  #takePiece(): boolean {
    const { engine, intake, operations, now } = this.#deps;
    const piece = intake.take();
    if (piece !== undefined) {
      engine.take(piece);
      operations.spend(1);
    } else if (intake.takeEnd()) {
      engine.ended(now());
    }
    return piece !== undefined;
  }
}
