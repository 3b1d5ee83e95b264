import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { runFile } from '../runner/run-file.ts';

/** A file whose process starts another one, which keeps a connection to this test as long as it lives. */
function testFile(port: number, afterwards: string): string {
  const child = `require('node:net').connect(${port}, '127.0.0.1', () => console.log('connected'))`;
  return `
    import { spawn } from 'node:child_process';
    import t, { type Test } from 'tap';
    const child = spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.once('data', () => { ${afterwards} });
    setInterval(() => {}, 60_000);
  `;
}

async function listening(test: Test): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1');
  test.teardown(() => server.close());
  await once(server, 'listening');
  return server;
}

/** Resolves with the connection of the process that the file has started. */
async function childOf(server: Server): Promise<{ readonly gone: Promise<unknown> }> {
  const [socket] = (await once(server, 'connection')) as [Socket];
  socket.on('error', () => {}).resume();
  return { gone: once(socket, 'close') };
}

t.test('a test file that its time limit kills takes the processes with it that it has started', async (test) => {
  const server = await listening(test);
  const { port } = server.address() as AddressInfo;
  const file = join(test.testdir({ 'stuck.test.ts': testFile(port, '') }), 'stuck.test.ts');
  const limit = new AbortController();
  const run = runFile(file, limit.signal);
  const { gone } = await childOf(server);
  limit.abort();
  test.strictSame((await run).failures, [`${file} (SIGKILL)`]);
  await gone;
});

t.test('a test file that ends takes the processes with it that it has left running', async (test) => {
  const server = await listening(test);
  const { port } = server.address() as AddressInfo;
  const ends = `t.pass('it runs'); t.end(); process.exit(0);`;
  const file = join(test.testdir({ 'careless.test.ts': testFile(port, ends) }), 'careless.test.ts');
  const run = runFile(file, new AbortController().signal);
  const { gone } = await childOf(server);
  test.strictSame((await run).failures, []);
  await gone;
});
