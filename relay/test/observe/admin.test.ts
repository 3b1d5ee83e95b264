import { request } from 'node:http';
import { join } from 'node:path';
import { freeTcpPort } from '@0k-sync/testkit/ports';
import t from 'tap';
import { readConfig } from '../../src/config/read.ts';
import { createAdmin } from '../../src/observe/admin-server.ts';
import { Metrics } from '../../src/observe/metrics.ts';
import { runRelay } from '../../src/program.ts';

const TOKEN = 'canary-admin-token-7d1e';
const READY = () => ({ ready: true, reason: '' });

function httpConfig(section: Record<string, unknown> = {}) {
  return readConfig({ http: section }, [], 'test').http;
}

t.test('RL-64 /health, /ready, /metrics and /openapi.json answer from memory', async (t) => {
  const metrics = new Metrics();
  const state = { ready: true, reason: 'storage refuses writes' };
  const admin = await createAdmin(httpConfig(), metrics, () => state, '1.2.3');
  t.teardown(() => admin.close());
  t.match((await admin.inject('/health')).json(), { status: 'ok' });
  t.match((await admin.inject('/ready')).json(), { status: 'ready' });
  state.ready = false;
  const unready = await admin.inject('/ready');
  t.equal(unready.statusCode, 503);
  t.match(unready.json(), { reason: 'storage refuses writes' });
  const document = (await admin.inject('/openapi.json')).json();
  t.same(Object.keys(document.paths).sort(), ['/health', '/metrics', '/ready']);
  t.equal(document.info.version, '1.2.3');
  t.equal((await admin.inject('/nothing')).statusCode, 404);
});

t.test(
  'abuse/cached-metrics RL-64 RL-65 metrics count what happens, errors by number, and hold no secret',
  async (t) => {
    const metrics = new Metrics();
    const admin = await createAdmin(httpConfig(), metrics, READY, '0');
    t.teardown(() => admin.close());
    metrics.connected();
    metrics.sessionOpened();
    metrics.acknowledged(3, 5);
    metrics.committed(7, 2);
    metrics.delivered(4);
    metrics.refused('GROUP_QUOTA_EXCEEDED');
    metrics.turnedAway('RATE_LIMITED');
    metrics.storageFailed({ kind: 'full', message: 'SQLITE_FULL: /some/path' }, 'write');
    metrics.disconnected('DEADLINE_EXCEEDED');
    const { body, headers } = await admin.inject('/metrics');
    t.match(headers['content-type'], /^text\/plain/);
    const lines = body.split('\n');
    for (const line of [
      'zerok_connections 0',
      'zerok_sessions 1',
      'zerok_envelopes_stored_total 5',
      'zerok_envelopes_delivered_total 4',
      'zerok_ack_seconds_count 1',
      'zerok_ack_seconds_bucket{le="0.005"} 1',
      'zerok_commit_batch_items_sum 7',
      'zerok_refusals_total{number="2002"} 1',
      'zerok_refusals_total{number="2000"} 1',
      'zerok_refusals_total{number="2007"} 1',
      'zerok_storage_failures_total{kind="full",access="write"} 1',
    ]) {
      t.ok(lines.includes(line), line);
    }
    t.notMatch(body, '/some/path');
  },
);

t.test('SR-002 http.token guards everything', async (t) => {
  const admin = await createAdmin(httpConfig({ token: TOKEN }), new Metrics(), READY, '0');
  t.teardown(() => admin.close());
  for (const path of ['/health', '/ready', '/metrics', '/openapi.json']) {
    const without = await admin.inject(path);
    t.equal(without.statusCode, 401, path);
    t.notMatch(without.body, TOKEN);
    for (const authorization of [`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, TOKEN, 'Bearer ']) {
      t.equal((await admin.inject({ url: path, headers: { authorization } })).statusCode, 401);
    }
    const authorization = `Bearer ${TOKEN}`;
    t.equal((await admin.inject({ url: path, headers: { authorization } })).statusCode, 200);
  }
});

t.test('http.requests_per_minute', async (t) => {
  const admin = await createAdmin(httpConfig({ requests_per_minute: 3 }), new Metrics(), READY, '0');
  t.teardown(() => admin.close());
  const codes: number[] = [];
  for (let index = 0; index < 4; index += 1) codes.push((await admin.inject('/health')).statusCode);
  t.same(codes, [200, 200, 200, 429]);
});

function statusOf(port: number, path: string): Promise<number | undefined> {
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  request({ host: '127.0.0.1', port, path, agent: false }, (response) => {
    response.resume();
    resolve(response.statusCode);
  })
    .on('error', () => resolve(undefined))
    .end();
  return promise;
}

t.test('http.enabled, http.address and http.port; a port in use is refused with one sentence', async (t) => {
  const directory = t.testdir({ log: {} });
  const port = await freeTcpPort();
  const sections = (name: string, http: Record<string, unknown>) => ({
    server: { address: '127.0.0.1', port: 0 },
    storage: { directory: join(directory, name) },
    log: { file: join(directory, 'log', name) },
    http: { port, ...http },
  });
  const on = await runRelay(readConfig(sections('on', {}), [], 'test'), '0');
  t.equal(await statusOf(port, '/ready'), 200);
  await t.rejects(runRelay(readConfig(sections('second', {}), [], 'test'), '0'), {
    name: 'OperatorFailure',
    message: new RegExp(`the admin port 127.0.0.1:${port} cannot be used`),
  });
  t.equal(await statusOf(port, '/ready'), 200, 'the first one goes on');
  await on.stop();
  const off = await runRelay(readConfig(sections('off', { enabled: false }), [], 'test'), '0');
  t.equal(await statusOf(port, '/health'), undefined);
  await off.stop();
});
