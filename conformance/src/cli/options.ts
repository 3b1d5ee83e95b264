import { type Command, InvalidArgumentError, Option } from 'commander';
import { profileNamed, profiles } from '../profiles.ts';
import { formats, parseReport, type ReportTarget } from '../report/report.ts';
import type { LevelRunOptions } from '../run/level-run.ts';
import { shellWord } from '../run/shell.ts';
import { createSeed } from '../run/shuffle.ts';

const DEADLINE_MS = 10_000;
/** A compiled implementation builds itself at its first start. */
const START_DEADLINE_MS = 300_000;

/** The options of every command that runs tests. */
export interface RunOptions {
  readonly only: readonly string[];
  readonly seed: string;
  readonly report: readonly ReportTarget[];
  readonly quiet?: true;
  readonly bundle?: string;
  /** A file for `replay`. */
  readonly record?: string;
  readonly knownFailures?: string;
  readonly profile?: string;
  readonly deadline: number;
  readonly startDeadline: number;
}

/** The options that the run itself needs. */
export type ShortRunOptions = Pick<RunOptions, 'seed' | 'deadline' | 'startDeadline'>;

/** Turns command-line options into those of a level's run. */
export function levelRunOptions(
  {
    adapter,
    seed,
    deadline,
    startDeadline,
    vectors,
  }: ShortRunOptions & { readonly adapter: string; readonly vectors?: string | undefined },
  only: readonly string[],
): LevelRunOptions {
  const given = [
    vectors === undefined ? '' : ` --vectors ${shellWord(vectors)}`,
    deadline === DEADLINE_MS ? '' : ` --deadline ${deadline}`,
    startDeadline === START_DEADLINE_MS ? '' : ` --start-deadline ${startDeadline}`,
  ].join('');
  return { adapter, only, seed, deadlineMs: deadline, startDeadlineMs: startDeadline, given };
}

/** A timer that is set for longer fires at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

function milliseconds(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1 || value > TIMER_MS_MAX)
    throw new InvalidArgumentError(`it is no count of milliseconds from 1 to ${TIMER_MS_MAX}`);
  return value;
}

function profile(text: string): string {
  if (profileNamed(text)) return text;
  throw new InvalidArgumentError(`profiles are ${profiles.map(({ name }) => name).join(', ')}`);
}

export function collect(text: string, before: readonly string[]): string[] {
  return [...before, text];
}

export function seedOption(): Option {
  return new Option('--seed <text>', 'decides the order of the tests').default(createSeed(), 'random');
}

export function withSelection(command: Command): Command {
  return command
    .option('--only <id>', 'run this test, or all that match a glob; several times', collect, [])
    .option('--profile <name>', 'run what this profile needs, and demand all of it', profile);
}

export function withTimes(command: Command): Command {
  return command
    .option('--deadline <ms>', 'for one request', milliseconds, DEADLINE_MS)
    .option('--start-deadline <ms>', 'for the adapter to build itself and say hello', milliseconds, START_DEADLINE_MS);
}

export function withRunOptions(command: Command): Command {
  return withTimes(withSelection(command))
    .addOption(seedOption())
    .option(
      '--report <format=file>',
      `${Object.keys(formats).join(', ')}; several times, - is stdout`,
      (text, before: ReportTarget[]) => [...before, parseReport(text)],
      [],
    )
    .option('--quiet', 'no TAP on stdout')
    .option('--bundle <dir>', 'write a directory for each failure')
    .option('--known-failures <file>', 'failures that are known, and must still be there');
}

export function withAdapter(command: Command): Command {
  return command.requiredOption('--adapter <command>', 'a shell command that speaks ZKCP/1');
}

export function withTarget(command: Command): Command {
  return command
    .option('--target <host:port>', 'a relay: where it listens')
    .option('--relay <nodeid>', 'its key, as it shows it: nodeid[.kem hash]')
    .option('--access-token-file <path>', 'for a relay that creates groups by token');
}

function modeOption(): Option {
  return new Option('--mode <mode>', 'of the handshake').choices(['hybrid', 'classical']).default('hybrid');
}

export function withPair(command: Command): Command {
  return command
    .requiredOption('--a <command>', 'a client')
    .requiredOption('--b <command>', 'another client')
    .option('--relay-adapter <command>', 'whose relay (default: the relay of the suite)')
    .addOption(modeOption());
}

/** Adds the options of every level, for commands that take any level. */
export function withAnyEnds(command: Command): Command {
  return withTarget(command.option('--adapter <command>', 'a shell command that speaks ZKCP/1'))
    .option('--a <command>', 'of a pair: a client')
    .option('--b <command>', 'of a pair: another client')
    .option('--relay-adapter <command>', 'of a pair: whose relay (default: the relay of the suite)')
    .addOption(modeOption());
}
