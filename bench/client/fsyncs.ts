import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** True where strace can be run, which counts fsyncs. */
export function canCountFsyncs(): boolean {
  return spawnSync('strace', ['-V']).status === 0;
}

/**
 * Runs a program as `fork` does, under strace. Resolves with the number of fsyncs and fdatasyncs of all its threads from its
 * start to its end.
 */
export async function countFsyncs(
  program: string,
  args: readonly string[],
  use: (child: ChildProcess) => Promise<void>,
): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), '0k-sync-bench-'));
  const trace = join(directory, 'trace');
  const strace = ['-f', '--seccomp-bpf', '-e', 'trace=fsync,fdatasync', '-e', 'signal=none', '-o', trace];
  try {
    const child = fork(program, args, {
      execPath: 'strace',
      execArgv: [...strace, process.execPath, ...process.execArgv],
    });
    const exit = once(child, 'exit');
    await use(child);
    await exit;
    const lines = readFileSync(trace, 'utf8').split('\n');
    return lines.filter((line) => /\bf(?:data)?sync\(/.test(line)).length;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
