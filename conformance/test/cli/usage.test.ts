import t from 'tap';
import { createProgram } from '../../src/cli/program.ts';
import { LEVELS, testsOf } from '../../src/levels.ts';
import { FIXTURE_VECTORS, runHere, runProgram } from '../support/commands.ts';

const FIXTURES = ['--vectors', FIXTURE_VECTORS];

t.test('2: usage, each with one sentence and a hint', async (t) => {
  for (const args of [
    ['frobnicate'],
    ['vectors'],
    ['vectors', '--adapter', 'true', '--report', 'pdf=x'],
    ['vectors', '--adapter', 'true', '--profile', 'gold'],
    ['vectors', '--adapter', 'true', '--deadline', 'soon'],
    ['vectors', '--adapter', 'true', '--deadline', '2147483648'],
    ['vectors', '--adapter', 'true', '--start-deadline', '3000000000'],
    ['explain', 'no/such/test', ...FIXTURES],
    ['relay'],
    ['relay', '--target', '127.0.0.1:1'],
    ['relay', '--target', '127.0.0.1:1', '--relay', 'abc'],
    ['relay', '--target', 'a b', '--relay', '0'.repeat(64)],
    ['relay', '--target', '127.0.0.1:1', '--relay', `${'0'.repeat(64)}.${'0'.repeat(64)}.garbage.more`],
    ['replay', '/nonexistent/replay.json', '--adapter', 'true'],
  ]) {
    const { exit, stderr } = await runHere(args);
    t.equal(exit, 2, args.join(' '));
    t.match(stderr, /^error: .+\nhint: .+\n$/, stderr);
  }
});

t.test('the program itself: its exit code, its help, a command line that it does not know', async (t) => {
  const unknown = await runProgram(['frobnicate']);
  t.equal(unknown.exit, 2);
  t.match(unknown.stderr, /^error: unknown command 'frobnicate'\nhint: .+\n$/);
  const nothing = await runProgram([]);
  t.equal(nothing.exit, 2, 'it was told nothing');
  const help = await runProgram(['--help']);
  t.equal(nothing.stdout, help.stdout);
  t.equal(help.exit, 0);
  for (const command of [
    'vectors',
    'relay',
    'client',
    'pair',
    'list',
    'explain',
    'replay',
    'selftest',
    'doctor',
    'record',
  ])
    t.match(help.stdout, new RegExp(`^  ${command} `, 'm'), command);
});

t.test('4: what nobody foresaw, in the program itself', async (t) => {
  const breaking = `
    import crypto from 'node:crypto';
    import { syncBuiltinESMExports } from 'node:module';
    crypto.createHash = () => { throw new TypeError('no such luck'); };
    syncBuiltinESMExports();`;
  const preload = `--import data:text/javascript,${encodeURIComponent(breaking)}`;
  const args = ['record', '--adapter', 'true', '-o', '/dev/null', '--only', 'x', '--level', 'vectors'];
  const { exit, stderr } = await runProgram(args, { ...process.env, NODE_OPTIONS: preload });
  t.equal(exit, 4, stderr);
  t.match(stderr, /^error: the suite failed: TypeError: no such luck\n[\s\S]*\nhint: .+\n$/);
});

t.test('every test that a help text names is there', async (t) => {
  const commands = createProgram({ stdout: process.stdout, stderr: process.stderr, environment: {} }, () => undefined);
  const helps = [['--help'], ...commands.commands.map((command) => [command.name(), '--help'])];
  const texts = await Promise.all(helps.map(async (args) => (await runHere(args)).stdout));
  const named = texts.flatMap((text) => text.match(/(?<![\w./:])[a-z]+(?:\/[\w-]+){2,}/g) ?? []);
  t.ok(named.length > 0, 'an example names one');
  const ids = new Set((await Promise.all(LEVELS.map((level) => testsOf(level)))).flat().map(({ id }) => id));
  for (const id of named) t.ok(ids.has(id), id);
});

t.test('list prints tests as text and as JSON; an empty selection is 5', async (t) => {
  const text = await runHere(['list', '--level', 'vectors', ...FIXTURES]);
  t.equal(text.exit, 0);
  t.match(text.stdout, /^vectors\ttext\/padme\/nine\tEN-14\t9 bytes are padded to 10\.$/m);
  const json = await runHere(['list', '--level', 'vectors', '--json', '--only', 'text/padme/nine', ...FIXTURES]);
  t.match(JSON.parse(json.stdout), {
    suite: 'vectors',
    id: 'text/padme/nine',
    requirements: ['EN-14'],
    requires: ['padme.pad'],
  });
  t.equal((await runHere(['list', '--only', 'nothing', ...FIXTURES])).exit, 5);
});

t.test('list prints what a profile needs, at the levels where it needs something', async (t) => {
  const pairing = await runHere(['list', '--profile', 'pairing']);
  const lines = pairing.stdout.trimEnd().split('\n');
  t.strictSame([...new Set(lines.map((line) => line.split('\t')[0]))], ['vectors', 'client']);
  for (const line of lines)
    t.match(line, /^(?:vectors\t(?:pairing\/|primitives\/argon2id\/)|client\tclient\/pairing\/)/);
  const none = await runHere(['list', '--profile', 'hybrid', '--level', 'client']);
  t.equal(none.exit, 5);
  t.equal(none.stdout, '');
});

t.test('explain says what is asked, why, and how to repeat it', async (t) => {
  const { exit, stdout } = await runHere(['explain', 'text/nodeid/short', ...FIXTURES]);
  t.equal(exit, 0);
  t.match(stdout, /A digit too few\./);
  t.match(stdout, /^OV-03: A 32-byte key in text/m);
  t.match(stdout, /asked: \{"op":"nodeid.parse"/);
  t.match(stdout, /expected: \{"reject":\{"class":\["invite.parse"\]\}\}/);
  t.match(stdout, /twin: text\/nodeid\/hexadecimal/);
  t.match(stdout, /repeat: 0k-conformance vectors --adapter CMD --only 'text\/nodeid\/short'/);
  t.match((await runHere(['explain', 'zkcp/unknown-op', ...FIXTURES])).stdout, /part of every run/);
});

t.test('explain says of a vector which bugs it finds', async (t) => {
  const { stdout } = await runHere(['explain', 'frames/decode/ends-inside-the-frame']);
  t.match(stdout, /^finds: TruncationUnseen: The end of a stream .*\n {2}effect: .+\n {2}see: WI-12$/m);
});

t.test('explain lists what there is on a requirement, an op and a reject class', async (t) => {
  const requirement = await runHere(['explain', 'WI-18']);
  t.equal(requirement.exit, 0);
  t.match(requirement.stdout, /^WI-18: .+\nlevel: must\nchapter: spec\/wire.md\nviolation: reject frame.parse$/m);
  t.match(requirement.stdout, /^exercised by:\n {2}vectors {2}\S+ {2}.+$/m);
  t.match((await runHere(['explain', 'SE-46'])).stdout, /^SE-46: client-session: go-away .*\n\n.*\n {2}client {2}/);
  const op = await runHere(['explain', 'frame.decode']);
  t.match(op.stdout, /^the op frame.decode: [\s\S]*answered with ok[\s\S]*\nrefused:\n {2}vectors {2}frames\/decode\//);
  const name = await runHere(['explain', 'handshake.parse']);
  t.match(name.stdout, /^the reject class handshake.parse: .+\(HS-04\)[\s\S]*\nexpected by:\n {2}vectors {2}/);
  const both = await runHere(['explain', 'invite.parse']);
  t.match(both.stdout, /^the op invite.parse: [\s\S]*\n\nthe reject class invite.parse: /);
});
