import { readFile } from 'node:fs/promises';
import { contrast } from '../excerpt.ts';
import { testsOf } from '../levels.ts';
import { oneLine, printable } from '../report/escape.ts';
import { parseReplay, type RecordedRequest, type ReplayFile } from '../report/replay-file.ts';
import { type ExitCode, exitCodes } from '../run/exit.ts';
import { shellCommand } from '../run/shell.ts';
import { SuiteError } from '../run/suite-error.ts';
import { firstDifference } from '../vectors/compare.ts';
import { Adapter, AdapterFailure, type Answer } from '../zkcp/adapter.ts';
import { anyRun, demandAdapter, type Ends } from './any-run.ts';
import { type Io, say } from './io.ts';
import type { ShortRunOptions } from './options.ts';

/** Options of `replay`. */
export type ReplayOptions = Ends & Omit<ShortRunOptions, 'seed'>;

async function readReplay(path: string): Promise<ReplayFile> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new SuiteError(
      `the replay file cannot be read: ${error.message}`,
      'name a file that exists',
      exitCodes.usage,
    );
  });
  return parseReplay(text, path);
}

/** The parts of an answer that are compared: all but the words of a refusal. */
function comparable(answer: Answer | undefined): unknown {
  if (answer === undefined) return 'no answer';
  if ('reject' in answer) return { reject: { class: answer.reject.class, code: answer.reject.code } };
  if ('ok' in answer) return answer;
  return { [Object.keys(answer)[0] ?? '']: {} };
}

/** Asks an adapter, and starts it again when a request ended it. */
class Asker {
  readonly #command: readonly string[];
  readonly #options: ReplayOptions;
  #adapter: Adapter | undefined;

  constructor(options: ReplayOptions) {
    this.#command = shellCommand(demandAdapter('vectors', options));
    this.#options = options;
  }

  async ask({ cmd, members }: RecordedRequest): Promise<Answer | undefined> {
    if (!this.#adapter?.isAlive)
      this.#adapter = await Adapter.start(this.#command, { startDeadlineMs: this.#options.startDeadline });
    try {
      return await this.#adapter.ask(cmd, members, this.#options.deadline);
    } catch (failure) {
      if (failure instanceof AdapterFailure) return undefined;
      throw failure;
    }
  }

  async stop(): Promise<void> {
    await this.#adapter?.stop();
  }
}

/** Runs recorded scenarios again and compares the verdicts of those that were recorded: a missing one differs. */
async function replayScenarios(io: Io, file: ReplayFile, options: ReplayOptions): Promise<ExitCode> {
  const { level, seed, tests } = file;
  const recorded = new Map(tests.map(({ id, verdict }) => [id, verdict]));
  const only = (await testsOf(level)).map(({ id }) => id).filter((id) => recorded.has(id));
  if (only.length === 0)
    throw new SuiteError(
      `none of the recorded tests is one of the level ${level}`,
      `see what there is with: 0k-conformance list --level ${level}`,
      exitCodes.nothing,
    );
  const perform = await anyRun(level, { ...options, seed }, only);
  const { results } = await perform();
  const judged = new Map(results.map((result) => [result.test.id, result]));
  let differences = 0;
  for (const [id, before] of recorded) {
    const { verdict = 'no such test', actual, detail } = judged.get(id) ?? {};
    const isSame = before === verdict;
    if (!isSame) differences += 1;
    const now = `${isSame ? 'same' : 'differs'} ${id}: ${verdict}${isSame ? '' : `, recorded ${before}`}`;
    io.stdout.write(`${oneLine(now)}\n`);
    if (!isSame && (actual ?? detail) !== undefined) io.stdout.write(`  ${printable(actual ?? detail ?? '')}\n`);
  }
  say(io, `${recorded.size} tests, ${differences} judged differently`);
  return differences === 0 ? exitCodes.conformant : exitCodes.failures;
}

/** Asks an adapter what a file recorded and compares the answers; scenarios are run again and their verdicts compared. */
export async function replayCommand(io: Io, path: string, options: ReplayOptions): Promise<ExitCode> {
  const file = await readReplay(path);
  if (file.level !== 'vectors') return replayScenarios(io, file, options);
  if (file.requests.length === 0)
    throw new SuiteError(
      `${path} holds no request that means the same in another run`,
      `run: ${file.repeat}`,
      exitCodes.nothing,
    );
  const asker = new Asker(options);
  let differences = 0;
  try {
    for (const request of file.requests) {
      const answer = await asker.ask(request);
      const difference = firstDifference(comparable(request.answer), comparable(answer));
      if (difference) differences += 1;
      const lines = [`${difference ? 'differs' : 'same'} ${request.test}`];
      if (difference) {
        const now = contrast(JSON.stringify(request.answer ?? 'no answer'), JSON.stringify(answer ?? 'no answer'));
        lines.push(`  recorded: ${now.expected}`, `  now: ${now.actual}`);
        if (now.where !== undefined) lines.push(`  ${now.where}`);
      }
      for (const line of lines) io.stdout.write(`${printable(line)}\n`);
    }
  } finally {
    await asker.stop();
  }
  say(io, `${file.requests.length} requests, ${differences} answered differently`);
  return differences === 0 ? exitCodes.conformant : exitCodes.failures;
}
