import { readFile } from 'node:fs/promises';
import { exitCodes } from '../run/exit.ts';
import type { Result } from '../run/result.ts';
import { matches } from '../run/select.ts';
import { SuiteError } from '../run/suite-error.ts';
import { isObject } from '../zkcp/protocol.ts';

/** A failure that is known: its test runs, and must still fail. */
export interface KnownFailure {
  /** A test id or a glob. */
  readonly id: string;
  /** A regular expression that what the test says must match. */
  readonly reason: string;
  /** Where it is tracked. */
  readonly issue: string;
  /** The last day it is excused, YYYY-MM-DD. */
  readonly expires: string;
  /** How many tests a glob may match; 1 when it is not said. */
  readonly matches?: number;
}

const HINT =
  'write {"known": [{"id": "area/topic/slug", "reason": "regular expression", "issue": "address", "expires": "2030-12-31"}]}';

function complaintAbout(entry: unknown): string | undefined {
  if (!isObject(entry)) return 'it is not an object';
  for (const name of ['id', 'reason', 'issue', 'expires'])
    if (typeof entry[name] !== 'string' || entry[name] === '') return `${name} is not a text`;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(String(entry['expires'])) || Number.isNaN(Date.parse(String(entry['expires']))))
    return `expires is no date: ${entry['expires']}`;
  if (entry['matches'] !== undefined && !(Number.isInteger(entry['matches']) && Number(entry['matches']) > 0))
    return 'matches is no count';
  try {
    new RegExp(String(entry['reason']));
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

/** Why an entry does not hold, or undefined. */
function complaintOf(entry: KnownFailure, matching: readonly Result[], today: string): string | undefined {
  if (matching.length === 0) return `${entry.id} matches no test of this run`;
  if (entry.expires < today) return `${entry.id} expired on ${entry.expires}; see ${entry.issue}`;
  const most = entry.matches ?? 1;
  if (matching.length > most) return `${entry.id} is too wide: it matches ${matching.length} tests, not ${most}`;
  const passed = matching.find(({ verdict }) => verdict === 'pass');
  if (passed) return `${entry.id} is stale: ${passed.test.id} passes; remove the entry and close ${entry.issue}`;
  return undefined;
}

/**
 * Turns failures that an entry explains into `known-failure`. Entries that are stale, expired, unmatched or too wide excuse
 * nothing and are complaints, which fail the run. `today`: YYYY-MM-DD.
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
  const excused = results.map((result): Result => {
    if (['pass', 'not-run', 'unjudged'].includes(result.verdict)) return result;
    const entry = valid.find(
      ({ id, reason }) => matches(result.test.id, id) && new RegExp(reason).test(describe(result)),
    );
    if (!entry) return result;
    const { verdict: excused } = result;
    return { ...result, verdict: 'known-failure', excused, actual: describe(result), issue: entry.issue };
  });
  return { results: excused, complaints };
}
