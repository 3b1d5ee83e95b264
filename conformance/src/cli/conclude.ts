import { applyKnownFailures, type KnownFailure, loadKnownFailures } from '../known/known-failures.ts';
import { isFull, patternsOf, profileNamed } from '../profiles.ts';
import { oneLine } from '../report/escape.ts';
import { countsText, subjectText, sumText } from '../report/explain.ts';
import { startLines } from '../report/start.ts';
import { type ExitCode, exitCodes } from '../run/exit.ts';
import type { Done } from '../run/level-run.ts';
import { finish, type Plan, type Run } from '../run/run.ts';
import { SuiteError } from '../run/suite-error.ts';
import { complain, type Io, say } from './io.ts';
import type { RunOptions } from './options.ts';
import { type Output, outputsOf } from './outputs.ts';

const DATE_LENGTH = 'YYYY-MM-DD'.length;

function judge({ plan, results }: Done, entries: readonly KnownFailure[]): Run {
  const today = new Date(plan.startedAtMs).toISOString().slice(0, DATE_LENGTH);
  const known = applyKnownFailures(results, entries, today);
  return finish(plan, known.results, known.complaints);
}

function sayProfiles(io: Io, run: Run, demanded: string | undefined): void {
  for (const badge of run.badges.filter((each) => each.profile === demanded || (each.needed > 0 && isFull(each)))) {
    const rest = badge.alsoNeeds.length > 0 ? `; the badge also needs ${badge.alsoNeeds.join(', ')}` : '';
    const missing = badge.missing.length > 0 ? `, missing first ${badge.missing[0]}` : '';
    say(io, `profile ${badge.profile}: ${badge.passed} of ${badge.needed}${missing}${rest}`);
  }
}

/** Says how many tests the target did not allow, and what would help. */
function sayUnjudged(io: Io, { results }: Run): void {
  const unjudged = results.filter(({ verdict }) => verdict === 'unjudged');
  const reasons = new Set(unjudged.map(({ detail = '' }) => detail));
  if (unjudged.length > 0) say(io, oneLine(`${unjudged.length} could not be judged: ${[...reasons].join('; ')}`));
}

/** The exit code of a run for which the user may have demanded a profile. */
function exitOf(run: Run, demanded: string | undefined): ExitCode {
  if (demanded === undefined || run.exit !== exitCodes.conformant) return run.exit;
  const badge = run.badges.find(({ profile }) => profile === demanded);
  if (!badge || badge.needed === 0) return exitCodes.nothing;
  return isFull(badge) ? exitCodes.conformant : exitCodes.failures;
}

function saySummary(io: Io, run: Run): void {
  for (const warning of run.warnings) say(io, oneLine(`warning: ${warning}`));
  for (const complaint of run.complaints) say(io, oneLine(`known failures: ${complaint}`));
  if (run.broken !== undefined)
    say(io, `error: the verdicts do not add up: ${run.broken}\nhint: this is a bug of the suite; report it`);
  say(io, `${run.level} of ${subjectText(run)}: ${countsText(run) || 'nothing'}`);
  say(io, oneLine(`${sumText(run)}; seed ${run.seed}; ${(run.durationMs / 1000).toFixed(1)} s`));
}

/** Writes each output and returns the errors of those that could not be written. */
async function writeAll(run: Run, outputs: readonly Output[]): Promise<SuiteError[]> {
  const lost: SuiteError[] = [];
  for (const { write } of outputs) {
    try {
      await write(run);
    } catch (error) {
      if (!(error instanceof SuiteError)) throw error;
      lost.push(error);
    }
  }
  return lost;
}

/**
 * Performs a run, writes what was asked for and says in two lines how it went. A file that cannot be read or written is
 * usage before the run; one that is lost behind it costs neither the others nor the summary. Returns the exit code.
 */
export async function conclude(io: Io, options: RunOptions, perform: () => Promise<Done>): Promise<ExitCode> {
  const known = options.knownFailures === undefined ? [] : await loadKnownFailures(options.knownFailures);
  const outputs = outputsOf(io, options);
  for (const { check } of outputs) await check();
  const run = judge(await perform(), known);
  const lost = await writeAll(run, outputs);
  saySummary(io, run);
  for (const line of startLines(run.results)) say(io, line);
  sayUnjudged(io, run);
  sayProfiles(io, run, options.profile);
  for (const { message, hint } of lost) complain(io, message, hint);
  return lost[0]?.exit ?? exitOf(run, options.profile);
}

/** The patterns that `--only` and `--profile` leave, or undefined when the profile has none at this level. */
export function selectionOf(
  level: Plan['level'],
  { only, profile }: Pick<RunOptions, 'only' | 'profile'>,
): readonly string[] | undefined {
  const chosen = profile === undefined ? undefined : profileNamed(profile);
  if (!chosen) return only;
  const patterns = patternsOf(chosen, level);
  if (patterns.length === 0) return undefined;
  return only.length > 0 ? only : patterns;
}
