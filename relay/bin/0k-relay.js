#!/usr/bin/env -S _RJEM_MALLOC_CONF=narenas:1,dirty_decay_ms:0,muzzy_decay_ms:0 MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=65536 MALLOC_TRIM_THRESHOLD_=131072 node --max-semi-space-size=8 --no-parallel-scavenge
// V8's young generation may grow to 96 MB and was 52 of a relay with 500 sessions. 8 MB per half bound it by 24; the speed
// did not differ by more than the noise of a busy machine. A space that small is collected by one thread with less
// processor time than by several, which wait for each other. bench/README.md.
// glibc gives large buffers back to the system only with these settings: without them 250 MB of answers that nobody read
// stayed with the process when their readers had left. The native QUIC package has an allocator of its own, jemalloc, which
// keeps what is free for five seconds: 100 MB while 120 readers stop reading.
// Plain JavaScript: an old Node cannot load what follows, so its version is checked before anything of ours is imported.
import { existsSync } from 'node:fs';
import nodeModule from 'node:module';

const PROGRAM = '0k-relay';
const MAIN = '@0k-sync/relay/main';

function fail(error, hint) {
  process.stderr.write(`error: ${error}\nhint: ${hint}\n`);
  process.exitCode = 1;
}

// In a checkout the sources run as they are. Forks inherit process.execArgv; workers are given it.
function preferSources() {
  const condition = '@0k-sync/source';
  if (process.execArgv.includes(`--conditions=${condition}`)) return;
  process.execArgv.push(`--conditions=${condition}`);
  nodeModule.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...context.conditions, condition] }),
  });
}

function start() {
  if (existsSync(new URL('../../tsconfig.base.json', import.meta.url))) preferSources();
  import(MAIN).catch((error) => {
    if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    fail(`${PROGRAM} is not installed completely: ${error.message}`, 'install it again; in a checkout run: make setup');
  });
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 24 || (major === 24 && minor >= 15)) start();
else
  fail(
    `${PROGRAM} needs Node.js 24.15 or later, and this is ${process.versions.node} (${process.execPath})`,
    'install Node.js 24 (https://nodejs.org) and put it first in PATH; in a checkout run this with tools/with-node',
  );
