import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { run } from '../../src/cli/run.ts';

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

/** A few small vector files, with a schema beside them. */
export const FIXTURE_VECTORS = path('../fixtures/vectors');

const NODE = `${process.execPath} --conditions=@0k-sync/source`;

/** The reference's pure functions with one fault, as a shell command. */
export function faultyAdapter(fault: string): string {
  return `${NODE} ${path('../../src/planted/main.ts')} --fault ${fault}`;
}

/** An adapter that breaks the protocol, as a shell command; `sound` does not. */
export function brokenAdapter(mode: string): string {
  return `${NODE} ${path('./broken-adapter.ts')} ${mode}`;
}

/** The reference's pure functions, without a fault. */
export const REFERENCE = `${NODE} ${path('./pure-adapter.ts')}`;

export interface Outcome {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `0k-conformance` as its users do. */
export async function runProgram(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Outcome> {
  const child = spawn(process.execPath, [path('../../bin/0k-conformance.js'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [exit]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { exit, stdout, stderr };
}

/** The same in this process, which is faster where nothing is about the process. */
export async function runHere(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const said = Promise.all([text(stdout), text(stderr)]);
  const exit = await run(args, { stdout, stderr, environment });
  stdout.end();
  stderr.end();
  const [out, error] = await said;
  return { exit, stdout: out, stderr: error };
}
