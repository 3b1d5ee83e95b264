import { type ExitCode, exitCodes } from '../run/exit.ts';
import type { Done } from '../run/level-run.ts';
import { runRelay, runRelayOfAdapter } from '../run/relay.ts';
import { SuiteError } from '../run/suite-error.ts';
import { scenarios, TargetError } from '../suites/relay/index.ts';
import { conclude } from './conclude.ts';
import type { Io } from './io.ts';
import { demandSelection } from './nothing.ts';
import { levelRunOptions, type RunOptions, type ShortRunOptions } from './options.ts';
import { repeatOf, type TargetOptions, targetOf, usage } from './relay-target.ts';

/** A running relay, or the adapter that opens one. */
export interface RelayEnds extends TargetOptions {
  readonly adapter?: string;
}

/** Returns the function that tests a running relay or one that an adapter opens. Throws `SuiteError` when there is neither. */
export async function relayRun(
  options: RelayEnds & ShortRunOptions,
  only: readonly string[],
): Promise<() => Promise<Done>> {
  const target = await targetOf(options);
  const { adapter, seed, target: name = '' } = options;
  if (adapter !== undefined) {
    const beside = target && { target, repeat: repeatOf(options) };
    return () => runRelayOfAdapter(scenarios, levelRunOptions({ ...options, adapter }, only), beside);
  }
  if (!target) throw usage('there is no relay to test', 'write --target host:port --relay NODEID, or --adapter CMD');
  return () => runRelay(scenarios, { target, name, only, seed, repeat: repeatOf(options) }).catch(refused);
}

function refused(error: unknown): never {
  if (error instanceof TargetError) throw new SuiteError(error.message, error.hint, exitCodes.infrastructure);
  throw error;
}

/** Plays honest and evil clients against a relay. */
export async function relayCommand(io: Io, options: RelayEnds & RunOptions): Promise<ExitCode> {
  return conclude(io, options, await relayRun(options, demandSelection('relay', scenarios, options)));
}
