import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Device } from '@0k-sync/testkit/author';
import { freeTcpPort } from '@0k-sync/testkit/ports';
import { RawClient } from '@0k-sync/testkit/raw';
import { QuicTransport } from '@0k-sync/transport/quic';
import t from 'tap';
import { readConfig } from '../../src/config/read.ts';
import { OperatorFailure } from '../../src/operator/failure.ts';
import { runRelay } from '../../src/program.ts';
import { get } from '../support/http.ts';
import { RelayProcess } from '../support/process.ts';

const TRACER = fileURLToPath(new URL('../fixtures/trace-statements.cjs', import.meta.url));
const PATHS = ['/health', '/ready', '/metrics', '/openapi.json'];
const TOKEN = 'a-token-of-some-length';

t.test(
  'abuse/cached-metrics RL-64 no request to the admin port runs a statement, however much is stored',
  async (t) => {
    const directory = t.testdir();
    const file = join(directory, 'trace');
    writeFileSync(file, '');
    const port = await freeTcpPort();
    const sections = `[http]\nport = ${port}\n[retention]\nsweep_seconds = 86400\n`;
    const environment = { NODE_OPTIONS: `--require=${TRACER}`, TRACE_FILE: file };
    const relay = await RelayProcess.start(t, directory, sections, 0, '', environment);
    const statements = () => readFileSync(file, 'utf8').split('\n').length - 1;
    const device = new Device();
    const client = await RawClient.connect(new QuicTransport(), relay.address, {
      patienceMs: Number.POSITIVE_INFINITY,
    });
    await client.hello(device);
    for (let round = 0; round < 40; round += 1) await client.push(device.items(250));
    const before = statements();
    t.ok(before > 40, 'the writer’s thread is traced');
    for (let round = 0; round < 20; round += 1) {
      for (const path of PATHS) t.equal((await get(port, path)).status, 200);
    }
    t.match((await get(port, '/metrics')).body, 'zerok_envelopes_stored_total 10000\n');
    t.equal(statements(), before);
    await client.pullSegment();
    t.ok(statements() > before, 'and so is the reader');
    await client.close();
    await relay.end('SIGTERM');
  },
);

t.test('abuse/cached-metrics SR-002 an admin port that others can reach needs the token', async (t) => {
  const port = await freeTcpPort();
  const start = (http: Record<string, unknown>) => {
    const directory = t.testdir();
    const server = { address: '127.0.0.1', port: 0 };
    const log = { file: join(directory, 'log') };
    return readConfig(
      { server, log, storage: { directory: join(directory, 'data') }, http: { port, ...http } },
      [],
      'test',
    );
  };
  t.equal(start({}).http.address, '127.0.0.1', 'nobody else can unless the operator says so');
  for (const address of ['0.0.0.0', '::', '192.0.2.1', 'localhost']) {
    t.throws(() => start({ address }), OperatorFailure, address);
  }
  const relay = await runRelay(start({ address: '0.0.0.0', token: TOKEN }), '0');
  for (const path of PATHS) {
    t.equal((await get(port, path)).status, 401);
    t.equal((await get(port, path, `Bearer ${TOKEN}`)).status, 200);
  }
  await relay.stop();
});
