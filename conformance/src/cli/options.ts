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
    throw new InvalidArgumentError(`the value must be a number of milliseconds from 1 to ${TIMER_MS_MAX}`);
  return value;
}

function profile(text: string): string {
  if (profileNamed(text)) return text;
  throw new InvalidArgumentError(`profiles are ${profiles.map(({ name }) => name).join(', ')}`);
}

/** Appends a value of a repeatable option. */
export function collect(text: string, before: readonly string[]): string[] {
  return [...before, text];
}

/** The option `--seed`. */
export function seedOption(): Option {
  return new Option('--seed <text>', 'seed of the order of the tests').default(createSeed(), 'random');
}

/** Adds the options that select tests. */
export function withSelection(command: Command): Command {
  return command
    .option('--only <id>', 'run this test, or all that match a glob (repeatable)', collect, [])
    .option('--profile <name>', 'run all tests that this profile needs, and require them', profile);
}

/** Adds the options of deadlines. */
export function withTimes(command: Command): Command {
  return command
    .option('--deadline <ms>', 'longest time for one request', milliseconds, DEADLINE_MS)
    .option(
      '--start-deadline <ms>',
      'longest time for the adapter to build itself and say hello',
      milliseconds,
      START_DEADLINE_MS,
    );
}

/** Adds the options of every command that runs tests. */
export function withRunOptions(command: Command): Command {
  return withTimes(withSelection(command))
    .addOption(seedOption())
    .option(
      '--report <format=file>',
      `write a report: ${Object.keys(formats).join(', ')}; - is stdout (repeatable)`,
      (text, before: ReportTarget[]) => [...before, parseReport(text)],
      [],
    )
    .option('--quiet', 'print no TAP on stdout')
    .option('--bundle <dir>', 'write a directory for each failure')
    .option('--known-failures <file>', 'list of known failures, which must still occur');
}

/** Adds the required option `--adapter`. */
export function withAdapter(command: Command): Command {
  return command.requiredOption('--adapter <command>', 'shell command that speaks ZKCP/1');
}

/** Adds the options that name a running relay. */
export function withTarget(command: Command): Command {
  return command
    .option('--target <host:port>', 'address of the relay under test')
    .option('--relay <nodeid>', 'key of the relay, as the relay prints it: nodeid[.kem hash]')
    .option('--access-token-file <path>', 'file with the token of a relay that needs one to create groups');
}

function modeOption(): Option {
  return new Option('--mode <mode>', 'mode of the handshake').choices(['hybrid', 'classical']).default('hybrid');
}

/** Adds the options that name two clients and their relay. */
export function withPair(command: Command): Command {
  return command
    .requiredOption('--a <command>', 'shell command of client A')
    .requiredOption('--b <command>', 'shell command of client B')
    .option('--relay-adapter <command>', 'command that opens the relay (default: the relay of the suite)')
    .addOption(modeOption());
}

/** Adds the options of every level, for commands that take any level. */
export function withAnyEnds(command: Command): Command {
  return withTarget(command.option('--adapter <command>', 'shell command that speaks ZKCP/1'))
    .option('--a <command>', 'pair: shell command of client A')
    .option('--b <command>', 'pair: shell command of client B')
    .option('--relay-adapter <command>', 'pair: command that opens the relay (default: the relay of the suite)')
    .addOption(modeOption());
}
