import { evaluate } from '../../src/adapter/eval.ts';
import type { Answer, Members } from '../../src/zkcp/protocol.ts';
import { Reject } from '../../src/zkcp/serve.ts';

/** The answer of the reference adapter to one pure function. */
export function answerOf(op: string, input: Members, draws?: Members, nowMs?: number): Answer {
  try {
    return { ok: evaluate(op, input, draws, nowMs) };
  } catch (failure) {
    if (failure instanceof Reject) return { reject: { class: failure.class } };
    throw failure;
  }
}
