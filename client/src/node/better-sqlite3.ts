import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';
import { SyncError } from '../error.ts';
import { assertRuntime } from './runtime.ts';

/**
 * Loads the optional package better-sqlite3 from where it is installed, at the first store that is opened.
 *
 * @throws SyncError kind `store` when it is absent or has no build for this system, `unsupported` when this runtime is too
 * old for it
 */
export function loadBetterSqlite3(): typeof BetterSqlite3 {
  assertRuntime();
  try {
    return requireFromHere()('better-sqlite3');
  } catch (cause) {
    throw new SyncError('store', 'SqliteStore needs the package better-sqlite3, which does not load here.', {
      hint: 'Install better-sqlite3 (npm install --include=optional), or give the session another store: new MemoryStore() keeps data until the process ends.',
      cause,
    });
  }
}

/** Packages are found from this file: a bundle in CommonJS form has `__filename` instead of `import.meta.url`. */
function requireFromHere(): NodeJS.Require {
  return createRequire(typeof __filename === 'string' ? __filename : import.meta.url);
}
