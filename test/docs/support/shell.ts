import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export type Shell = (script: string) => SpawnSyncReturns<string>;

/** A shell in `directory` that finds `program`, a file of this tree, under its own name. */
export function shellWith(directory: string, program: string): Shell {
  const bin = join(directory, 'bin');
  mkdirSync(bin, { recursive: true });
  const launcher = `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`;
  writeFileSync(join(bin, basename(program, '.js')), launcher, { mode: 0o755 });
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` };
  return (script) => spawnSync('sh', ['-euc', script], { cwd: directory, encoding: 'utf8', env });
}
