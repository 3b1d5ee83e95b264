import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@0k-sync/core/bytes';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { ScriptedRelay } from '@0k-sync/testkit/relay';
import { QuicTransport } from '@0k-sync/transport/quic';
import t from 'tap';
import { FIXTURE_VECTORS, faultyAdapter, REFERENCE, runHere } from '../support/commands.ts';

const FIXTURES = ['--vectors', FIXTURE_VECTORS];

t.test('doctor goes step by step, with a hint for what does not hold', async (t) => {
  const sound = await runHere(['doctor', '--adapter', REFERENCE, ...FIXTURES]);
  t.equal(sound.exit, 0, sound.stdout);
  t.match(sound.stdout, /^ok hello: 0k-sync .*\nok ping\nok zkcp\/unknown-op\n/);
  const sick = await runHere(['doctor', '--adapter', faultyAdapter('rejects-everything'), ...FIXTURES]);
  t.equal(sick.exit, 3);
  t.match(
    sick.stdout,
    /fail text\/nodeid\/hexadecimal\n {2}expected: .*\n {2}actual: reject frame.parse.*\n {2}hint: run: 0k-conformance explain/,
  );
});

t.test('what record keeps, replay asks again', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'record-'));
  t.teardown(() => rm(dir, { recursive: true }));
  const file = join(dir, 'run.json');
  const recorded = await runHere(['record', '--adapter', REFERENCE, '-o', file, ...FIXTURES]);
  t.equal(recorded.exit, 0, recorded.stderr);
  t.match(recorded.stderr, /9 requests of 12 tests/);
  const same = await runHere(['replay', file, '--adapter', REFERENCE]);
  t.equal(same.exit, 0, same.stdout);
  const other = await runHere(['replay', file, '--adapter', faultyAdapter('wrong-answer')]);
  t.equal(other.exit, 1);
  t.match(other.stdout, /^differs text\/blake3\/empty$/m);
});

t.test('record says how the run went, and leaves what else was asked for', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'record-'));
  t.teardown(() => rm(dir, { recursive: true }));
  const path = (name: string) => join(dir, name);
  const given = ['-o', path('run.json'), '--report', `json=${path('json')}`, '--bundle', path('bundle'), ...FIXTURES];
  const { exit, stderr } = await runHere(['record', '--adapter', faultyAdapter('wrong-answer'), ...given]);
  t.equal(exit, 1, stderr);
  t.match(stderr, /9 requests of 12 tests/);
  t.strictSame((await readdir(dir)).sort(), ['bundle', 'json', 'run.json']);
  t.strictSame(await readdir(path('bundle')), ['text.blake3.empty']);
});

t.test('record and replay need no adapter for a relay, and two clients for a pair', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'record-'));
  t.teardown(() => rm(dir, { recursive: true }));
  const file = join(dir, 'run.json');
  const relay = new ScriptedRelay({ crypto, random, transport: new QuicTransport() });
  const { host, port } = await relay.listen();
  t.teardown(() => relay.stop());
  const target = ['--target', `${host}:${port}`, '--relay', toHex(relay.keys.nodeId)];
  const given = ['--level', 'relay', ...target, '--only', 'relay/handshake/hybrid', '-o', file];
  const recorded = await runHere(['record', ...given]);
  t.equal(recorded.exit, 0, recorded.stderr);
  const again = await runHere(['replay', file, ...target]);
  t.equal(again.exit, 0, again.stderr);
  t.equal(again.stdout, 'same relay/handshake/hybrid: pass\n');
  for (const [args, hint] of [
    [['replay', file], '--target host:port'],
    [['record', '-o', file], '--adapter CMD'],
    [['record', '--level', 'pair', '-o', file], '--a CMD --b CMD'],
  ] as const) {
    const { exit, stderr } = await runHere(args);
    t.equal(exit, 2, args.join(' '));
    t.match(stderr, new RegExp(`^error: .+\nhint: write ${hint}`));
  }
});
