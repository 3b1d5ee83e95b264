import type { Members } from '../zkcp/protocol.ts';
import { Unsupported } from '../zkcp/serve.ts';
import { chainOps } from './eval-chain.ts';
import { codeOps } from './eval-codes.ts';
import { envelopeOps } from './eval-envelopes.ts';
import { frameOps } from './eval-frames.ts';
import { handshakeOps } from './eval-handshake.ts';
import { keyOps } from './eval-keys.ts';
import { pairingOps } from './eval-pairing.ts';
import { primitiveOps } from './eval-primitives.ts';
import { recordOps } from './eval-records.ts';
import { rotationOps } from './eval-rotation.ts';
import { textOps } from './eval-text.ts';
import { Input } from './input.ts';
import type { Op, Ops } from './op.ts';

const ops: ReadonlyMap<string, Op> = new Map(
  Object.entries<Op>({
    ...primitiveOps,
    ...keyOps,
    ...textOps,
    ...handshakeOps,
    ...frameOps,
    ...recordOps,
    ...envelopeOps,
    ...chainOps,
    ...pairingOps,
    ...codeOps,
    ...rotationOps,
  } satisfies Ops),
);

/** The names of all pure functions. */
export const opNames: readonly string[] = [...ops.keys()];

/**
 * One pure function of zkcp.md over core. Throws Reject for bad input, Unsupported for an unknown op, and TypeError for a
 * member that is missing or of another type.
 */
export function evaluate(op: string, input: Members, draws: Members = {}, nowMs?: number): Members {
  const run = ops.get(op);
  if (run === undefined) throw new Unsupported(op);
  return run(new Input(input), new Input(draws), nowMs);
}
