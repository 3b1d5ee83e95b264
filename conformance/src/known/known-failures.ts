import { readFile } from 'node:fs/promises';
import { cut } from '../excerpt.ts';
import type { Verdict } from '../model.ts';
import { findings } from '../report/explain.ts';
import { exitCodes } from '../run/exit.ts';
import type { Result } from '../run/result.ts';
import { matches } from '../run/select.ts';
import { SuiteError } from '../run/suite-error.ts';
import { isObject } from '../zkcp/protocol.ts';

/** A failure that is known: its test runs, and must still fail. */
export interface KnownFailure {
  /** A test id or a glob. */
  readonly id: string;
  /** A regular expression that what the test says must match: its verdict, or what was expected, seen or said. */
  readonly reason: string;
  /** The address of the issue that tracks the failure. */
  readonly issue: string;
  /** The last day it is excused, YYYY-MM-DD. */
  readonly expires: string;
  /** The number of tests that the glob matches; 1 when absent. */
  readonly matches?: number;
}

const HINT =
  'write {"known": [{"id": "area/topic/slug", "reason": "regular expression", "issue": "address", "expires": "2030-12-31"}]}';

/** A day of the calendar, YYYY-MM-DD. */
function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(`${text}T`);
}

function complaintAbout(entry: unknown): string | undefined {
  if (!isObject(entry)) return 'it is not an object';
  for (const name of ['id', 'reason', 'issue', 'expires'])
    if (typeof entry[name] !== 'string' || entry[name] === '') return `${name} is not a text`;
  if (!isDate(String(entry['expires']))) return `expires is no date: ${entry['expires']}`;
  if (entry['matches'] !== undefined && !(Number.isInteger(entry['matches']) && Number(entry['matches']) > 0))
    return 'matches is no count';
  try {
    if (new RegExp(String(entry['reason'])).test('')) return `reason matches everything: ${entry['reason']}`;
  } catch {
    return `reason is no regular expression: ${entry['reason']}`;
  }
  return undefined;
}

/** Reads a file of known failures. Throws `SuiteError`. */
export async function loadKnownFailures(path: string): Promise<KnownFailure[]> {
  let file: unknown;
  try {
    file = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new SuiteError(`the known failures cannot be read: ${(error as Error).message}`, HINT, exitCodes.usage);
  }
  const entries = isObject(file) ? file['known'] : undefined;
  if (!Array.isArray(entries)) throw new SuiteError(`${path} holds no list "known"`, HINT, exitCodes.usage);
  for (const [index, entry] of entries.entries()) {
    const complaint = complaintAbout(entry);
    if (complaint !== undefined)
      throw new SuiteError(`entry ${index + 1} of ${path}: ${complaint}`, HINT, exitCodes.usage);
  }
  return entries;
}

function describe(result: Result): string {
  return [result.verdict, result.actual, result.detail].filter((text) => text !== undefined).join(': ');
}

/** Verdicts that show a mistake of the adapter. The others (unproven, unsupported, not run) cannot be known failures. */
const EXCUSABLE: ReadonlySet<Verdict> = new Set<Verdict>(['fail', 'crash', 'hang', 'early-exit', 'protocol']);

/** True for a failure that gives the entry's reason. A report prints the findings, so any of them may be quoted. */
function isReasonOf({ reason }: KnownFailure, result: Result): boolean {
  const texts = [describe(result), ...findings(result).map(([name, text]) => `${name}: ${text}`)];
  return texts.some((text) => new RegExp(reason).test(text));
}

/** Returns the reason why an entry does not hold, or undefined. */
function complaintOf(entry: KnownFailure, matching: readonly Result[], today: string): string | undefined {
  if (matching.length === 0) return `${entry.id} matches no test of this run`;
  if (entry.expires < today) return `${entry.id} expired on ${entry.expires}; see ${entry.issue}`;
  const { matches: count = 1 } = entry;
  if (matching.length > count) return `${entry.id} is too wide: it matches ${matching.length} tests, not ${count}`;
  if (matching.length < count) return `${entry.id} matches ${matching.length} tests, not ${count}: correct matches`;
  const passed = matching.find(({ verdict }) => verdict === 'pass');
  if (passed) return `${entry.id} is stale: ${passed.test.id} passes; remove the entry and close ${entry.issue}`;
  const failed = matching.filter(({ verdict }) => EXCUSABLE.has(verdict));
  const [other] = failed.some((result) => isReasonOf(entry, result)) ? [] : failed;
  if (other)
    return `${entry.id} has another reason: /${entry.reason}/ is not found in: ${cut(describe(other).replaceAll(/\s+/g, ' '))}`;
  return undefined;
}

/**
 * Turns failures that an entry explains into `known-failure`. Entries that are stale, expired, unmatched, too wide or of
 * another reason excuse nothing; they, and those that find no failure, are complaints, which fail the run. `today`: YYYY-MM-DD.
 */
export function applyKnownFailures(
  results: readonly Result[],
  entries: readonly KnownFailure[],
  today: string,
): { readonly results: Result[]; readonly complaints: string[] } {
  const complaints: string[] = [];
  const valid: KnownFailure[] = [];
  for (const entry of entries) {
    const complaint = complaintOf(
      entry,
      results.filter(({ test }) => matches(test.id, entry.id)),
      today,
    );
    if (complaint === undefined) valid.push(entry);
    else complaints.push(complaint);
  }
  const used = new Set<KnownFailure>();
  const excused = results.map((result): Result => {
    if (!EXCUSABLE.has(result.verdict)) return result;
    const entry = valid.find((each) => matches(result.test.id, each.id) && isReasonOf(each, result));
    if (!entry) return result;
    used.add(entry);
    const { verdict: excused } = result;
    return { ...result, verdict: 'known-failure', excused, actual: describe(result), issue: entry.issue };
  });
  for (const entry of valid.filter((each) => !used.has(each)))
    complaints.push(
      `${entry.id} excuses nothing: nothing of it fails that no entry before it excuses; remove the entry`,
    );
  return { results: excused, complaints };
}
