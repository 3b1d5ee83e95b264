import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import t from 'tap';
import { readEnvironment } from '../../src/config/environment.ts';
import { RelayProcess } from '../support/process.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/0k-relay.js', import.meta.url));
const LOG_FILE = pathToFileURL(join(import.meta.dirname, '../../src/observe/log-file.ts')).href;
const NO_ADMIN = '[http]\nenabled = false\n';
const FULL = '/dev/full';
const POLL_MS = 20;

/** Resolves when the file has a line with this message. */
async function logged(path: string, message: string): Promise<string> {
  for (;;) {
    const content = existsSync(path) ? readFileSync(path, 'utf8') : '';
    if (content.includes(message)) return content;
    await pause(POLL_MS);
  }
}

t.test('RL-76 finding/R13 SIGHUP opens the log file again, and ends nothing', async (t) => {
  const directory = t.testdir();
  const file = join(directory, 'relay.log');
  const relay = await RelayProcess.start(t, directory, `${NO_ADMIN}[log]\nfile = ${JSON.stringify(file)}\n`);
  t.match(await logged(file, 'relay started'), 'relay started');
  renameSync(file, `${file}.1`);
  relay.signal('SIGHUP');
  t.match(await logged(file, 'log reopened'), '"lost_lines":0');
  t.equal(await relay.end('SIGTERM'), 0);
  t.match(readFileSync(file, 'utf8'), 'relay stopped');
  t.notMatch(readFileSync(`${file}.1`, 'utf8'), 'relay stopped');
});

t.test('RL-76 finding/R13 SIGUSR1 opens no debugger, and ends nothing', async (t) => {
  const relay = await RelayProcess.start(t, t.testdir(), NO_ADMIN);
  relay.signal('SIGUSR1');
  relay.signal('SIGHUP');
  while (!relay.log.some((line) => line.includes('log reopened'))) await pause(POLL_MS);
  t.equal(await relay.end('SIGTERM'), 0);
  t.notMatch(relay.log.join('\n'), /[Dd]ebugger/);
});

t.test('RL-76 finding/R13 a log that cannot be written stops nothing', async (t) => {
  const relay = await RelayProcess.start(t, t.testdir(), `${NO_ADMIN}[log]\nfile = "${FULL}"\n`);
  relay.signal('SIGHUP');
  t.equal(await relay.end('SIGTERM'), 0);
  t.strictSame(relay.log, []);
});

t.test('RL-76 finding/R13 full stdout and stderr are no uncaught error', async (t) => {
  const directory = t.testdir();
  const file = join(directory, 'relay.log');
  const full = openSync(FULL, 'w');
  const env = {
    ...process.env,
    ZEROK_RELAY_SERVER_ADDRESS: '127.0.0.1',
    ZEROK_RELAY_SERVER_PORT: '0',
    ZEROK_RELAY_HTTP_ENABLED: 'false',
    ZEROK_RELAY_STORAGE_DIRECTORY: join(directory, 'data'),
    ZEROK_RELAY_LOG_FILE: file,
  };
  const child = spawn(process.execPath, [PROGRAM], { env, stdio: ['ignore', full, full] });
  t.teardown(() => child.kill('SIGKILL'));
  await logged(file, 'relay started');
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  t.strictSame(await ended, [0, null]);
  const help = spawn(process.execPath, [PROGRAM, '--help'], { stdio: ['ignore', full, 'pipe'] });
  closeSync(full);
  const [stderr, [code]] = await Promise.all([text(help.stderr as NodeJS.ReadableStream), once(help, 'close')]);
  t.equal(code, 1);
  t.match(stderr, /^error: .*(full|cannot be written).*\nhint: .+\n$/);
});

t.test('RL-76 finding/R13 a reader of the log that stands still stops nothing', async (t) => {
  const script = `
    const { LogFile } = await import(${JSON.stringify(LOG_FILE)});
    const log = new LogFile('');
    for (let line = 0; line < 20_000; line += 1) log.write('x'.repeat(99) + '\\n');
    process.stdout.write(String(log.lostLines));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const lost = await text(child.stdout);
  t.ok(Number(lost) > 0 && Number(lost) < 20_000, `${lost} lines lost`);
});

t.test('finding/R13 the variables of Kubernetes services are no options', async (t) => {
  const service = {
    ZEROK_RELAY_SERVICE_HOST: '10.0.0.7',
    ZEROK_RELAY_SERVICE_PORT: '4433',
    ZEROK_RELAY_SERVICE_PORT_QUIC: '4433',
    ZEROK_RELAY_PORT: 'udp://10.0.0.7:4433',
    ZEROK_RELAY_PORT_4433_UDP: 'udp://10.0.0.7:4433',
    ZEROK_RELAY_PORT_4433_UDP_PROTO: 'udp',
    ZEROK_RELAY_PORT_4433_UDP_PORT: '4433',
    ZEROK_RELAY_PORT_4433_UDP_ADDR: '10.0.0.7',
    ZEROK_RELAY_SERVER_PORT: 'udp://10.0.0.8:4433',
    ZEROK_RELAY_SERVER_SERVICE_HOST: '10.0.0.8',
    ZEROK_RELAY_HTTP_PORT: 'tcp://10.0.0.9:9433',
    ZEROK_RELAY_HTTP_PORT_9433_TCP_ADDR: '10.0.0.9',
  };
  t.strictSame(readEnvironment(service), []);
  t.strictSame(
    readEnvironment({ ...service, ZEROK_RELAY_SERVER_PORT: '1234' }).map(({ key, value }) => [key, value]),
    [['port', 1234]],
  );
  t.throws(() => readEnvironment({ ZEROK_RELAY_SERVER_PROT: '1234' }), /names no option/);
});

t.test('finding/R13 a process that may open no more files says so', async (t) => {
  const directory = t.testdir();
  let ended = 0;
  for (const files of [24, 26, 28]) {
    const env = {
      ...process.env,
      ZEROK_RELAY_SERVER_ADDRESS: '127.0.0.1',
      ZEROK_RELAY_SERVER_PORT: '0',
      ZEROK_RELAY_HTTP_ENABLED: 'false',
      ZEROK_RELAY_STORAGE_DIRECTORY: join(directory, `data-${files}`),
    };
    const limited = ['-c', `ulimit -n ${files}; exec "$0" "$@"`, process.execPath, PROGRAM];
    const child = spawn('sh', limited, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    t.teardown(() => child.kill('SIGKILL'));
    child.stdout.on('data', () => child.kill('SIGTERM'));
    const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')]);
    t.notMatch(stderr, /defect|another relay/, `${files}: ${stderr}`);
    if (/open files|no more files/.test(stderr)) ended += 1;
  }
  t.ok(ended > 0, 'one of them had too few');
});
