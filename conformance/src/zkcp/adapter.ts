import { randomBytes } from 'node:crypto';
import { currentLog } from '@0k-sync/testkit/log';
import { parseAnswer } from './answer.ts';
import { Child } from './child.ts';
import { AdapterFailure, type FailureKind } from './failure.ts';
import { parseInfo } from './info.ts';
import { LineSplitter } from './lines.ts';
import { cutLine, keepLine } from './log.ts';
import { Misspoken } from './misspoken.ts';
import { type AdapterInfo, type Answer, type Command, LINE_BYTES_MAX, type Members, ZKCP_VERSION } from './protocol.ts';
import { see } from './sections.ts';

export { AdapterFailure, type FailureKind } from './failure.ts';
export type { AdapterInfo, Answer, Command, Members, Rejection } from './protocol.ts';

const STDERR_BYTES_MAX = 16 * 1024 * 1024;
/** Longest time from `bye` or SIGKILL to the exit, ms. */
const GOODBYE_MS = 15_000;
/** Lines of both directions that are kept for the report of a failure. */
const LOG_LINES = 200;

/** Bounds of an adapter process, and the members of hello. */
export interface StartOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Bytes of stderr in the life of the process; more is a `protocol` failure. 16 MiB by default. */
  readonly stderrBytesMax?: number;
  /** Longest time from the start to the answer to hello, which includes the time to build, ms. */
  readonly startDeadlineMs: number;
  /** Keeps every line of a test, however long: a recording asks the same again. */
  readonly keepsAll?: boolean | undefined;
  /** Members of hello. */
  readonly hello?: { readonly suite: string; readonly vectors_digest: string; readonly run_nonce: string };
}

interface Request {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (failure: AdapterFailure) => void;
  readonly timer: NodeJS.Timeout;
  readonly log: string[] | undefined;
}

/**
 * One process that speaks ZKCP/1: the runner's end of it. It lives until the first failure; then its process group is
 * killed and every request in flight, and every later one, throws that failure.
 */
export class Adapter {
  readonly #child: Child;
  readonly #requests = new Map<number, Request>();
  readonly #lines = new LineSplitter(() => this.#info?.limits.max_line ?? LINE_BYTES_MAX);
  readonly #log: string[] = [];
  readonly #keepsAll: boolean;
  readonly #ended = Promise.withResolvers<void>();
  readonly #failed = Promise.withResolvers<void>();
  #info: AdapterInfo | undefined;
  #failure: AdapterFailure | undefined;
  #lastId = 0;

  private constructor(command: readonly string[], options: StartOptions) {
    this.#keepsAll = options.keepsAll === true;
    this.#child = new Child(
      command,
      { cwd: options.cwd, env: options.env, stderrBytesMax: options.stderrBytesMax ?? STDERR_BYTES_MAX },
      {
        output: (chunk) => this.#receive(chunk),
        flood: () => this.#fail('protocol', 'stderr is flooded'),
        ended: (code, signal) => this.#end(code, signal),
        failed: (error) => {
          this.#fail('crash', `the adapter cannot be started: ${error.message}`);
          this.#ended.resolve();
        },
      },
    );
  }

  /** Starts `command` and says hello. Throws `AdapterFailure`; the process is gone then. */
  static async start(command: readonly string[], options: StartOptions): Promise<Adapter> {
    const adapter = new Adapter(command, options);
    const hello = options.hello ?? { suite: '', vectors_digest: '', run_nonce: randomBytes(16).toString('hex') };
    const answer = await adapter.ask('hello', { protocol: ZKCP_VERSION, ...hello }, options.startDeadlineMs);
    try {
      if (!('ok' in answer))
        throw new Misspoken(
          `hello is answered with ${JSON.stringify(answer)}`,
          see('Commands', 'answer hello with ok'),
        );
      adapter.#info = parseInfo(answer.ok);
    } catch (error) {
      throw adapter.#breach(error);
    }
    return adapter;
  }

  /** Resolves when the process is gone. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** The answer to hello. */
  get info(): AdapterInfo {
    if (!this.#info) throw new TypeError('the adapter has not said hello');
    return this.#info;
  }

  get isAlive(): boolean {
    return this.#failure === undefined;
  }

  /** The reason why the process is gone. */
  get failure(): AdapterFailure | undefined {
    return this.#failure;
  }

  /** The last lines of both directions, long ones cut: `→` a request, `←` an answer. */
  get log(): readonly string[] {
    return this.#log;
  }

  /** The end of what it wrote to stderr. */
  get stderr(): string {
    return this.#child.stderr;
  }

  /** Everything that it wrote to stderr: its log is searched for what must not be in it. */
  get wholeStderr(): Uint8Array {
    return this.#child.wholeStderr;
  }

  /** True for an op, role or action that it claims in hello. */
  supports(name: string): boolean {
    return Object.hasOwn(this.info.capabilities, name) && this.info.capabilities[name] === true;
  }

  /**
   * Sends a request and waits for its answer. A missed deadline kills the adapter: nothing else it says can be trusted to
   * be in time. `log` collects the two lines; without it the log of `logged` does. Throws `AdapterFailure`.
   */
  ask(cmd: Command | (string & {}), members: Members, deadlineMs: number, log?: string[]): Promise<Answer> {
    if (this.#failure) return Promise.reject(this.#failure);
    this.#lastId += 1;
    const id = this.#lastId;
    const line = JSON.stringify({ id, cmd, ...members });
    const lines = log ?? currentLog();
    this.#record(`→ ${line}`, lines);
    const lineMax = this.#info?.limits.max_line ?? LINE_BYTES_MAX;
    if (Buffer.byteLength(line) > lineMax)
      return Promise.resolve({ unsupported: { what: `a request of ${line.length} bytes: max_line is ${lineMax}` } });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => this.#fail('hang', `no answer to ${cmd} (request ${id}) within ${deadlineMs} ms`),
        deadlineMs,
      );
      this.#requests.set(id, { resolve, reject, timer, log: lines });
      this.#child.write(`${line}\n`);
    });
  }

  /**
   * Says bye and waits until the process is gone; kills it after GOODBYE_MS. Returns the failure,
   * or undefined when it answered and exited with 0.
   */
  async stop(log?: string[]): Promise<AdapterFailure | undefined> {
    const answer = await this.#sayBye(log);
    await this.#isGoneWithin(GOODBYE_MS);
    const failure = this.#failure;
    if (failure?.kind !== 'early-exit' || !answer) return failure;
    if ('ok' in answer) return undefined;
    return new AdapterFailure('protocol', `bye is answered with ${Object.keys(answer)[0]}`, failure);
  }

  async #sayBye(log: string[] | undefined): Promise<Answer | undefined> {
    if (!this.isAlive) return undefined;
    const late = setTimeout(() => this.giveUp(`no exit within ${GOODBYE_MS} ms of bye`), GOODBYE_MS);
    try {
      const answer = await this.ask('bye', {}, GOODBYE_MS, log);
      this.#child.endInput();
      await Promise.race([this.#ended.promise, this.#failed.promise]);
      return answer;
    } catch {
      // `failure` already says why it did not answer.
      return undefined;
    } finally {
      clearTimeout(late);
    }
  }

  /** Waits at most `ms` for the end of the process, which the kernel may never let go of. */
  async #isGoneWithin(ms: number): Promise<boolean> {
    const late = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => late.resolve(false), ms);
    const isGone = await Promise.race([this.#ended.promise.then(() => true), late.promise]);
    clearTimeout(timer);
    return isGone;
  }

  /** Kills the process group now. */
  kill(): void {
    this.#fail('crash', 'the runner killed the adapter');
  }

  /** Kills the process because its request does not come to an end. */
  giveUp(detail: string): void {
    this.#fail('hang', detail);
  }

  #receive(chunk: Uint8Array): void {
    if (this.#failure) return;
    try {
      for (const line of this.#lines.push(chunk)) this.#take(line);
    } catch (error) {
      this.#breach(error);
    }
  }

  #take(line: string): void {
    const { id, answer } = parseAnswer(line);
    const request = this.#requests.get(id);
    if (!request) {
      this.#record(`← ${line}`);
      throw new Misspoken(
        id > 0 && id <= this.#lastId
          ? `request ${id} is answered twice`
          : `an answer to request ${id}, which was not sent`,
        see('Lines', 'answer each request once, with its own id'),
      );
    }
    this.#record(`← ${line}`, request.log);
    this.#requests.delete(id);
    clearTimeout(request.timer);
    request.resolve(answer);
  }

  #end(code: number | null, signal: NodeJS.Signals | null): void {
    if (code === 0) this.#fail('early-exit', 'the adapter exited with 0 before it was asked to', { exitCode: code });
    else
      this.#fail('crash', signal ? `the adapter was ended by ${signal}` : `the adapter exited with ${code}`, {
        exitCode: code,
      });
    this.#ended.resolve();
  }

  /** Ends the adapter because it broke the protocol. */
  #breach(error: unknown): AdapterFailure {
    const hint = error instanceof Misspoken ? error.hint : undefined;
    return this.#fail('protocol', (error as Error).message, { hint });
  }

  /** The first failure stays. */
  #fail(
    kind: FailureKind,
    detail: string,
    { exitCode, hint }: { exitCode?: number | null; hint?: string | undefined } = {},
  ): AdapterFailure {
    if (this.#failure) return this.#failure;
    const failure = new AdapterFailure(kind, detail, { stderr: this.stderr, exitCode: exitCode ?? undefined, hint });
    this.#failure = failure;
    this.#failed.resolve();
    this.#child.kill();
    for (const { reject, timer, log } of this.#requests.values()) {
      clearTimeout(timer);
      this.#record(`← ${failure.message}`, log);
      reject(failure);
    }
    this.#requests.clear();
    return failure;
  }

  #record(line: string, log?: string[]): void {
    if (this.#keepsAll) log?.push(line);
    else if (log) keepLine(log, line);
    this.#log.push(cutLine(line));
    if (this.#log.length > LOG_LINES) this.#log.shift();
  }
}
