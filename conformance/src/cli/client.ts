import { runClient } from '../run/client.ts';
import type { ExitCode } from '../run/exit.ts';
import { scenarios } from '../suites/client/index.ts';
import { conclude } from './conclude.ts';
import type { Io } from './io.ts';
import { demandSelection } from './nothing.ts';
import { levelRunOptions, type RunOptions } from './options.ts';

/** Plays the evil relay and the second device against a client. */
export async function clientCommand(io: Io, options: RunOptions & { readonly adapter: string }): Promise<ExitCode> {
  const only = demandSelection('client', scenarios, options);
  return conclude(io, options, () => runClient(scenarios, levelRunOptions(options, only)));
}
