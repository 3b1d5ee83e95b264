import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { RelayProcess, runProgram } from '../support/process.ts';

const NO_ADMIN = '[http]\nenabled = false\n';

/** NODE_OPTIONS of a process in which one package does not load. */
function without(name: string): string {
  const hooks = `import { registerHooks } from 'node:module';
registerHooks({ resolve(specifier, context, next) {
  if (specifier === '${name}') throw new Error('it does not load');
  return next(specifier, context);
} });`;
  return `--import=data:text/javascript,${encodeURIComponent(hooks)}`;
}

t.test('a mistake of the operator is one sentence and a hint, and exit code 1', async (t) => {
  const directory = t.testdir();
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.teardown(() => socket.close());
  const data = join(directory, 'data');
  const base = {
    ZEROK_RELAY_STORAGE_DIRECTORY: data,
    ZEROK_RELAY_SERVER_ADDRESS: '127.0.0.1',
    ZEROK_RELAY_SERVER_PORT: '0',
    ZEROK_RELAY_HTTP_ENABLED: 'false',
  };
  const blocked = join(directory, 'file');
  writeFileSync(blocked, 'x');
  const exposed = join(directory, 'exposed');
  mkdirSync(exposed);
  writeFileSync(join(exposed, 'relay.key'), new Uint8Array(32));
  chmodSync(join(exposed, 'relay.key'), 0o644);
  const broken = join(directory, 'broken');
  mkdirSync(broken);
  writeFileSync(join(broken, 'relay.key'), new Uint8Array(31), { mode: 0o600 });
  const running = await RelayProcess.start(t, directory, NO_ADMIN);
  const cases: [name: string, args: string[], environment: Record<string, string>, error: RegExp][] = [
    [
      'a port in use',
      [],
      { ZEROK_RELAY_SERVER_PORT: String(socket.address().port), ZEROK_RELAY_STORAGE_DIRECTORY: join(directory, 'b') },
      /cannot listen on 127\.0\.0\.1:\d+/,
    ],
    ['an unknown option', ['--confg', 'x'], {}, /unknown option '--confg'/],
    ['no such file', ['--config', join(directory, 'none.toml')], {}, /none\.toml does not exist/],
    ['a bad value', [], { ZEROK_RELAY_SERVER_PORT: 'x' }, /ZEROK_RELAY_SERVER_PORT must be/],
    [
      'a directory that is a file',
      [],
      { ZEROK_RELAY_STORAGE_DIRECTORY: blocked },
      /the directory .*file cannot be used/,
    ],
    [
      'a key that others can read',
      [],
      { ZEROK_RELAY_STORAGE_DIRECTORY: exposed },
      /relay\.key is a secret that other users may read/,
    ],
    [
      'a key of the wrong length',
      [],
      { ZEROK_RELAY_STORAGE_DIRECTORY: broken },
      /relay\.key has 31 bytes instead of 32/,
    ],
    [
      'a second relay on the same data',
      [],
      { ZEROK_RELAY_STORAGE_DIRECTORY: data },
      /another relay is using the directory/,
    ],
    [
      'a native package that does not load',
      [],
      { NODE_OPTIONS: without('sodium-native'), ZEROK_RELAY_STORAGE_DIRECTORY: join(directory, 'd') },
      /a relay needs its native packages: sodium-native does not load here/,
    ],
    [
      'an address of another machine',
      [],
      { ZEROK_RELAY_SERVER_ADDRESS: '192.0.2.1', ZEROK_RELAY_STORAGE_DIRECTORY: join(directory, 'c') },
      /cannot listen on 192\.0\.2\.1/,
    ],
  ];
  const runs = cases.map(([, args, environment]) => runProgram(args, { ...base, ...environment }));
  for (const [index, [name, , , error]] of cases.entries()) {
    const { code, stderr, stdout } = (await runs[index]) ?? { code: 0, stderr: '', stdout: '' };
    t.equal(code, 1, name);
    const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'));
    t.equal(lines.length, 2, `${name}: ${stderr}`);
    t.match(lines[0], error);
    t.match(lines[1], /^hint: .+/);
    t.equal(stdout, '');
  }
  t.equal(await running.end('SIGTERM'), 0);
});

t.test('--help, --version and --print-config say what they should and start nothing', async (t) => {
  const help = await runProgram(['--help']);
  t.equal(help.code, 0);
  for (const word of ['--config', '--print-config', 'ZEROK_RELAY_', 'relay.example.toml']) t.match(help.stdout, word);
  t.match((await runProgram(['--version'])).stdout, /^\d+\.\d+\.\d+\n$/);
  const token = 'canary-token-0123456789';
  const printed = await runProgram(['--print-config'], {
    ZEROK_RELAY_HTTP_TOKEN: token,
    ZEROK_RELAY_SERVER_PORT: '1234',
  });
  t.equal(printed.code, 0);
  t.match(printed.stdout, 'port = 1234');
  t.notMatch(printed.stdout + printed.stderr, token);
});
