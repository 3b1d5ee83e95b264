import { createRequire } from 'node:module';
import { SyncError } from '../error.ts';
import { assertRuntime } from './runtime.ts';
import { adaptBuiltin } from './sqlite/builtin.ts';
import type { SqliteLibrary } from './sqlite/sqlite.ts';

/**
 * Loads the optional package better-sqlite3 from where it is installed, at the first store that is opened; without it the
 * SQLite of the runtime, `node:sqlite`, which is slower.
 *
 * @throws SyncError kind `store` when neither loads, `unsupported` when this runtime is too old for them
 */
export function loadBetterSqlite3(): SqliteLibrary {
  assertRuntime();
  const require = requireFromHere();
  try {
    return require('better-sqlite3');
  } catch (cause) {
    return loadBuiltin(require, cause);
  }
}

function loadBuiltin(require: NodeJS.Require, cause: unknown): SqliteLibrary {
  try {
    return adaptBuiltin(require('node:sqlite'));
  } catch {
    throw new SyncError('store', 'SqliteStore needs better-sqlite3 or node:sqlite, and neither loads here.', {
      hint: 'Install better-sqlite3 (npm install --include=optional), or give the session another store: new MemoryStore() keeps data until the process ends.',
      cause,
    });
  }
}

/** Packages are found from this file: a bundle in CommonJS form has `__filename` instead of `import.meta.url`. */
function requireFromHere(): NodeJS.Require {
  return createRequire(typeof __filename === 'string' ? __filename : import.meta.url);
}
