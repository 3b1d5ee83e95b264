import { exitCodes } from '../run/exit.ts';
import type { LevelRunOptions } from '../run/level-run.ts';
import { finish } from '../run/run.ts';
import { AdapterFailure } from '../zkcp/adapter.ts';
import { type Cell, cellOf } from './cells.ts';
import type { Implementation } from './implementations.ts';

/** Handshake modes of a pair. */
export const MODES = ['hybrid', 'classical'] as const;

/** Client A and client B at a relay, in one mode. */
export interface Pair {
  readonly a: Implementation;
  readonly b: Implementation;
  readonly relay: Implementation;
  readonly mode: (typeof MODES)[number];
}

/** Every ordered pair of different clients at every relay, in both modes; `only` is one of the three. */
export function pairsOf(clients: readonly Implementation[], relays: readonly Implementation[], only?: string): Pair[] {
  const pairs = clients.flatMap((a) =>
    clients
      .filter((b) => b !== a)
      .flatMap((b) => relays.flatMap((relay) => MODES.map((mode) => ({ a, b, relay, mode })))),
  );
  return pairs.filter(({ a, b, relay }) => only === undefined || [a.name, b.name, relay.name].includes(only));
}

/** The name of a pair as the matrix prints it. */
export function pairName({ a, b, relay, mode }: Pair): string {
  return `${a.name} + ${b.name} at ${relay.name}, ${mode}`;
}

/** Runs one pair. */
export async function runPairCell(pair: Pair, options: LevelRunOptions): Promise<Cell> {
  const [{ runPair }, { scenarios }] = await Promise.all([import('../run/pair.ts'), import('../suites/pair/index.ts')]);
  const { a, b, relay, mode } = pair;
  const row = pairName(pair);
  try {
    const given = { ...options, adapter: a.adapter, b: b.adapter, relayAdapter: relay.adapter, mode };
    const { plan, results } = await runPair(scenarios, given);
    return cellOf(row, finish(plan, results));
  } catch (failure) {
    if (!(failure instanceof AdapterFailure)) throw failure;
    return { row, level: 'pair', note: `broken: ${failure.message}`, exit: exitCodes.infrastructure };
  }
}
