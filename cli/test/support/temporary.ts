import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';

/** A directory of mode 0700 that is gone after the test file. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(realpathSync(tmpdir()), '0k-cli-'));
  t.teardown(() => rmSync(path, { recursive: true, force: true, maxRetries: 3 }));
  return path;
}
