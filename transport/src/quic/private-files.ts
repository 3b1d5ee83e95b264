import { mkdtempSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const PRIVATE_UMASK = 0o077;

/**
 * Runs `action` with a fresh temporary directory for the process that nobody else can enter, and removes it afterwards.
 * Native code that writes secrets to temporary files with guessable names needs it.
 *
 * Everything here is process-wide, so `action` must do its work before it returns. A worker thread has an environment
 * of its own unless it was started with `env: SHARE_ENV`: without that the native code would not see the directory.
 * @returns what `action` returned, and whether anything was written to the directory
 */
export function withPrivateTemporaryFiles<Result>(action: () => Result): { result: Result; wasUsed: boolean } {
  const directory = mkdtempSync(join(tmpdir(), '0k-sync-'));
  // The time lies far back, so that a change shows at any resolution of the file system's clock.
  utimesSync(directory, 0, 0);
  const before = process.env['TMPDIR'];
  const umask = isMainThread ? process.umask(PRIVATE_UMASK) : undefined;
  process.env['TMPDIR'] = directory;
  try {
    const result = action();
    return { result, wasUsed: statSync(directory).mtimeMs !== 0 };
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    if (umask !== undefined) process.umask(umask);
    rmSync(directory, { recursive: true, force: true });
  }
}
