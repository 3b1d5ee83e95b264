import type { Level } from '../model.ts';
import { exitCodes } from '../run/exit.ts';
import { type Result, VERDICTS } from '../run/result.ts';
import type { Run } from '../run/run.ts';
import { SuiteError } from '../run/suite-error.ts';
import { isAnswer } from '../zkcp/answer.ts';
import { isCut } from '../zkcp/log.ts';
import { type Answer, isObject, type Members } from '../zkcp/protocol.ts';

const SCHEMA = '0k-conformance/replay/1';

/** One request to an adapter and its answer. */
export interface RecordedRequest {
  /** The test that asked. */
  readonly test: string;
  readonly cmd: string;
  readonly members: Members;
  /** Absent where the adapter failed instead. */
  readonly answer?: Answer | undefined;
}

/** The verdict of one scenario. */
export interface RecordedVerdict {
  readonly id: string;
  readonly verdict: string;
}

/** The requests and answers of a run, from which `replay` repeats it. */
export interface ReplayFile {
  readonly schema: typeof SCHEMA;
  readonly level: Level;
  readonly seed: string;
  readonly repeat: string;
  readonly tests: readonly RecordedVerdict[];
  /** Pure functions only: what is asked of a client or relay depends on the run. */
  readonly requests: readonly RecordedRequest[];
}

const LEVELS: readonly unknown[] = ['vectors', 'relay', 'client', 'pair'] satisfies Level[];

/** Commands that mean the same in every run. */
const REPEATABLE = new Set(['eval']);

function requestsOf({ test, log }: Result): RecordedRequest[] {
  // An answer that was cut would stand for none.
  if (isCut(log)) return [];
  const lines = log.map((line) => ({ isRequest: line.startsWith('→ '), value: parse(line.slice(2)) }));
  const answers = new Map(lines.filter(({ isRequest }) => !isRequest).map(({ value }) => [value?.['id'], value]));
  return lines.flatMap(({ isRequest, value }) => {
    if (!isRequest || !value || !REPEATABLE.has(String(value['cmd']))) return [];
    const { id, cmd, ...members } = value;
    const { id: _, ...answer } = answers.get(id) ?? {};
    const isAnswered = Object.keys(answer).length > 0;
    return [
      { test: test.id, cmd: String(cmd), members, answer: isAnswered ? (answer as unknown as Answer) : undefined },
    ];
  });
}

function parse(line: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(line);
    // A value that is nested too deep to be written again throws here.
    JSON.stringify(value);
    return isObject(value) ? value : undefined;
  } catch {
    // `crash: …` stands in the place of an answer.
    return undefined;
  }
}

/** The results of a run as a file that `0k-conformance replay` reads. */
export function replayOf(run: Run, results: readonly Result[]): ReplayFile {
  return {
    schema: SCHEMA,
    level: run.level,
    seed: run.seed,
    repeat: run.repeat(results[0]?.test.id ?? '**'),
    tests: results.map(({ test, verdict, excused }) => ({ id: test.id, verdict: excused ?? verdict })),
    requests: results.flatMap(requestsOf),
  };
}

function isVerdict(entry: unknown): boolean {
  return isObject(entry) && typeof entry['id'] === 'string' && VERDICTS.some((each) => each === entry['verdict']);
}

function isRequest(entry: unknown): boolean {
  if (!isObject(entry) || typeof entry['test'] !== 'string') return false;
  const { cmd, members, answer } = entry;
  return REPEATABLE.has(String(cmd)) && isObject(members) && (answer === undefined || isAnswer(answer));
}

/** Returns the defect of a file, or undefined. */
function complaintAbout(file: Members | undefined, path: string): string | undefined {
  const { schema, level, seed, repeat, tests, requests } = file ?? {};
  const isWhole = typeof seed === 'string' && typeof repeat === 'string' && Array.isArray(tests);
  if (schema !== SCHEMA || !LEVELS.includes(level) || !isWhole || !Array.isArray(requests))
    return `${path} is no replay file of this version`;
  const test = tests.findIndex((entry) => !isVerdict(entry));
  if (test !== -1) return `entry ${test + 1} of tests in ${path} is not {id, verdict}`;
  const request = requests.findIndex((entry) => !isRequest(entry));
  return request === -1 ? undefined : `entry ${request + 1} of requests in ${path} is not {test, cmd, members, answer}`;
}

/** Reads the text of a replay file. Throws `SuiteError`. */
export function parseReplay(text: string, path: string): ReplayFile {
  const file = parse(text);
  const complaint = complaintAbout(file, path);
  if (complaint !== undefined)
    throw new SuiteError(
      complaint,
      'take replay.json of a failure bundle, or write one with: 0k-conformance record',
      exitCodes.usage,
    );
  return file as unknown as ReplayFile;
}
