import { Writable } from 'node:stream';
import { evaluate, opNames } from '../../adapter/eval.ts';
import { infoOf } from '../../adapter/info.ts';
import { crypto } from '../../adapter/op.ts';
import type { Members } from '../../zkcp/protocol.ts';
import { serve } from '../../zkcp/serve.ts';
import { adapterFaults } from './adapter-faults.ts';
import type { Behaviour } from './behaviour.ts';
import { cryptoFaults } from './crypto-faults.ts';

/** Every behaviour of this adapter, by the name of its fault. */
export const behaviours: Readonly<Record<string, Behaviour>> = { ...adapterFaults, ...cryptoFaults };

function outputOf({ line }: Behaviour): NodeJS.WritableStream {
  if (!line) return process.stdout;
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      process.stdout.write(line(chunk.toString('utf8')), done);
    },
  });
}

/** Serves pure functions with one fault until the runner says bye. */
export async function serveFaulty(behaviour: Behaviour): Promise<void> {
  let current = '';
  Object.assign(
    crypto,
    behaviour.crypto?.({ ...crypto }, () => current),
  );
  const info = infoOf(opNames, ['vectors']);
  const faultyEvaluate = (op: string, input: Members, draws: Members, nowMs: number | undefined) => {
    const ask = (changed = input) => {
      current = op;
      return evaluate(op, changed, draws, nowMs);
    };
    return behaviour.evaluate?.({ op, input, ask }) ?? ask();
  };
  await serve(
    { info: behaviour.info?.(info) ?? info, handlers: { eval: faultyEvaluate } },
    process.stdin,
    outputOf(behaviour),
  );
}
