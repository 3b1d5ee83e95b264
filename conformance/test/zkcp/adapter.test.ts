import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { Adapter, AdapterFailure, type StartOptions } from '../../src/zkcp/adapter.ts';

const BROKEN = fileURLToPath(new URL('../support/broken-adapter.ts', import.meta.url));
const OPTIONS: StartOptions = { startDeadlineMs: 20_000 };
/** Long enough for a loaded machine: what must end earlier is measured against it. */
const DEADLINE_MS = 20_000;

const start = (mode: string, options = OPTIONS) => Adapter.start([process.execPath, BROKEN, mode], options);

async function failureOf(promise: Promise<unknown>): Promise<AdapterFailure> {
  const failure = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof AdapterFailure)) throw new Error(`no AdapterFailure but ${failure}`);
  return failure;
}

t.test('a sound adapter answers, in any order, and goes after bye', async (t) => {
  const adapter = await start('sound');
  t.equal(adapter.info.impl.name, 'broken');
  t.ok(adapter.supports('padme.pad'));
  t.notOk(adapter.supports('hash.blake3'), 'what is disclaimed');
  t.notOk(adapter.supports('toString'), 'what is missing');
  const log: string[] = [];
  t.strictSame(await adapter.ask('eval', { op: 'padme.pad', in: { len: 2 } }, DEADLINE_MS, log), { ok: {} });
  t.strictSame(log, ['→ {"id":2,"cmd":"eval","op":"padme.pad","in":{"len":2}}', '← {"id":2,"ok":{}}']);
  const nonces = await Promise.all(['a', 'b', 'c'].map((nonce) => adapter.ask('ping', { nonce }, DEADLINE_MS)));
  t.strictSame(nonces, [{ ok: { nonce: 'a' } }, { ok: { nonce: 'b' } }, { ok: { nonce: 'c' } }]);
  await adapter.stop();
  t.notOk(adapter.isAlive);
  t.equal((await failureOf(adapter.ask('ping', {}, DEADLINE_MS))).kind, 'early-exit');
});

const BROKEN_MODES = {
  'flood-stdout': ['protocol', /longer than 100000 bytes/],
  crash: ['crash', /exited with 7/],
  abort: ['crash', /SIGSEGV/],
  'early-exit': ['early-exit', /exited with 0/],
  noise: ['protocol', /not JSON: "warming up"/],
  'unknown-id': ['protocol', /request 1002, which was not sent/],
  'two-members': ['protocol', /has two of/],
  'no-member': ['protocol', /has none of/],
  'ok-list': ['protocol', /ok is not an object/],
  'not-utf8': ['protocol', /not valid/],
  'half-line': ['early-exit', /exited with 0/],
} as const;

for (const [mode, [kind, detail]] of Object.entries(BROKEN_MODES)) {
  t.test(`${mode} is ${kind}, named at once, and everything in flight fails with it`, async (t) => {
    const adapter = await start(mode);
    const asked = [1, 2].map(() => failureOf(adapter.ask('eval', { op: 'padme.pad', in: {} }, DEADLINE_MS)));
    const [failure, other] = (await Promise.all(asked)) as [AdapterFailure, AdapterFailure];
    t.equal(other, failure);
    t.equal(failure.kind, kind);
    t.match(failure.detail, detail);
    t.notOk(adapter.isAlive);
    await adapter.stop();
  });
}

for (const mode of ['duplicate', 'flood-lines']) {
  t.test(`${mode}: the first answer counts, one more is protocol`, async (t) => {
    const adapter = await start(mode);
    t.strictSame(await adapter.ask('eval', { op: 'padme.pad', in: {} }, DEADLINE_MS), { ok: {} });
    const failure = await failureOf(adapter.ask('ping', {}, DEADLINE_MS));
    t.equal(failure.kind, 'protocol');
    t.match(failure.detail, /request 2 is answered twice|request \d+, which was not sent/);
    await adapter.stop();
  });
}

t.test('no answer by the deadline is hang, and the process group is gone', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'zkcp-'));
  t.teardown(() => rm(dir, { recursive: true }));
  const pidFile = join(dir, 'pid');
  // A launcher that stays and has a child, as a script around an interpreter does.
  const launcher = `sleep 1000 & echo $! > ${pidFile}; "$0" "$@"; wait`;
  const adapter = await Adapter.start(['/bin/sh', '-c', launcher, process.execPath, BROKEN, 'hang'], OPTIONS);
  const failure = await failureOf(adapter.ask('eval', { op: 'padme.pad', in: {} }, 100));
  t.equal(failure.kind, 'hang');
  t.match(failure.detail, /no answer to eval \(request 2\) within 100 ms/);
  await adapter.stop();
  const pid = Number(await readFile(pidFile, 'utf8'));
  // The kernel removes a killed process in its own time; /proc shows it until its parent has reaped it.
  const isGone = async () =>
    !existsSync(`/proc/${pid}`) ||
    /^State:\s+Z/m.test(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'State: Z'));
  while (!(await isGone())) await delay(5);
  t.pass('the child of the launcher is gone');
});

t.test('what outlives the adapter with its pipes, in a session of its own, is not waited for', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'zkcp-'));
  t.teardown(() => rm(dir, { recursive: true }));
  const pidFile = join(dir, 'pid');
  const launcher = `setsid sleep 1000 & echo $! > ${pidFile}; exec "$0" "$@"`;
  for (const mode of ['sound', 'crash']) {
    const adapter = await Adapter.start(['/bin/sh', '-c', launcher, process.execPath, BROKEN, mode], OPTIONS);
    const sleeper = Number(await readFile(pidFile, 'utf8'));
    t.teardown(() => process.kill(sleeper));
    if (mode === 'crash')
      t.match(await failureOf(adapter.ask('eval', { op: 'x', in: {} }, DEADLINE_MS)), { kind: 'crash', exitCode: 7 });
    await adapter.stop();
    t.ok(existsSync(`/proc/${sleeper}`), 'it is still there');
  }
});

t.test('a flood on stderr is protocol, and only its end is kept', async (t) => {
  const adapter = await start('flood-stderr', { ...OPTIONS, stderrBytesMax: 1024 * 1024 });
  const failure = await failureOf(adapter.ask('eval', { op: 'padme.pad', in: {} }, DEADLINE_MS));
  t.equal(failure.kind, 'protocol');
  t.match(failure.detail, /stderr is flooded/);
  t.ok(failure.stderr.length <= 64 * 1024);
  await adapter.stop();
});

t.test('all of stderr is there for whoever searches it, and the end of it for reports', async (t) => {
  const talk = 'echo first >&2; head -c 200000 /dev/zero | tr "\\0" x >&2; exec "$0" "$@"';
  const adapter = await Adapter.start(['/bin/sh', '-c', talk, process.execPath, BROKEN, 'sound'], OPTIONS);
  // Lines that were written before hello may be read behind it.
  while (adapter.wholeStderr.length < 200_006) await delay(5);
  t.equal(Buffer.from(adapter.wholeStderr).subarray(0, 6).toString(), 'first\n');
  t.equal(adapter.stderr.length, 64 * 1024);
  await adapter.stop();
});

t.test('hello: a missing program, a missing toolchain, another protocol', async (t) => {
  const missing = await failureOf(Adapter.start(['/nonexistent/adapter'], OPTIONS));
  t.equal(missing.kind, 'crash');
  t.match(missing.detail, /cannot be started: .*ENOENT/);
  const toolchain = await failureOf(start('no-toolchain'));
  t.equal(toolchain.kind, 'crash');
  t.equal(toolchain.exitCode, 3);
  const old = await failureOf(start('old-protocol'));
  t.equal(old.kind, 'protocol');
  t.match(old.detail, /protocol is 0, not 1/);
});

t.test('a request longer than max_line is not sent: the adapter does not support it', async (t) => {
  const adapter = await start('short-lines');
  const answer = await adapter.ask('eval', { op: 'padme.pad', in: { text: 'x'.repeat(200) } }, DEADLINE_MS);
  t.match(answer, { unsupported: { what: /max_line is 100/ } });
  await adapter.stop();
});
