import { compare } from '../src/vectors/judge.ts';
import { Adapter, AdapterFailure } from '../src/zkcp/adapter.ts';
import type { VectorCase, VectorFile } from './model.ts';

const START_DEADLINE_MS = 600_000;
const CASE_DEADLINE_MS = 30_000;

/** The answer of one implementation to one case. */
export interface Opinion {
  readonly agrees: boolean;
  /** The differing answer, for people. */
  readonly said: string;
}

/** Asks an implementation for every case of the ops that it claims; answers by id. */
export async function askAll(command: readonly string[], files: readonly VectorFile[]): Promise<Map<string, Opinion>> {
  const adapter = await Adapter.start(command, { startDeadlineMs: START_DEADLINE_MS });
  const opinions = new Map<string, Opinion>();
  try {
    for (const { op, cases } of files) {
      if (!adapter.supports(op)) continue;
      for (const one of cases) opinions.set(one.id, await ask(adapter, op, one));
    }
  } finally {
    await adapter.stop();
  }
  return opinions;
}

async function ask(adapter: Adapter, op: string, { in: input, draws, now_ms, expect }: VectorCase): Promise<Opinion> {
  const members = { op, in: input, ...(draws && { draws }), ...(now_ms !== undefined && { now_ms }) };
  try {
    const { verdict, actual = '' } = compare(expect, await adapter.ask('eval', members, CASE_DEADLINE_MS));
    return { agrees: verdict === 'pass', said: actual };
  } catch (failure) {
    if (failure instanceof AdapterFailure) throw new Error(`${op}: ${failure.message}\n${failure.stderr}`);
    throw failure;
  }
}
