import { SyncError } from '@0k-sync/client/node';
import { RECONNECT_MS_MAX } from '@0k-sync/generated/limits';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { ScriptedRelay } from '@0k-sync/testkit/relay';
import { QuicTransport } from '@0k-sync/transport/quic';
import t from 'tap';
import { MovableClock } from '../../src/adapter/client-clock.ts';
import { toReject, withDeadline } from '../../src/adapter/client-failure.ts';
import type { Members } from '../../src/zkcp/protocol.ts';
import { Reject } from '../../src/zkcp/serve.ts';
import { startAdapter } from '../suites-client/adapters.ts';

t.test('a clock that is moved runs what is due, in its order, and nothing else', async (test) => {
  const clock = new MovableClock();
  const ran: string[] = [];
  clock.advance(0);
  const before = clock.now();
  clock.after(10_000_000, () => ran.push('later'));
  clock.after(2_000_000, () => ran.push('second'));
  clock.after(1_000_000, () => ran.push('first'));
  clock.after(1_500_000, () => ran.push('cancelled'))();
  clock.advance(3_000_000);
  test.same(ran, ['first', 'second']);
  test.equal(clock.now() - before, 3_000_000);
  clock.set(1_000);
  test.equal(clock.now(), 1_000);
});

t.test('a clock runs until it is moved, and what is due runs also while it stands', async (test) => {
  const clock = new MovableClock();
  await new Promise<void>((resolve) => clock.after(1, resolve));
  clock.advance(0);
  await new Promise<void>((resolve) => clock.after(-1, resolve));
  test.equal(clock.now(), clock.now());
});

t.test(
  'errors of the library are told by their class; what is nobody’s fault but the adapter’s stays an error',
  async (test) => {
    const error = (kind: 'invite' | 'unreachable' | 'argument', code?: number) =>
      toReject(new SyncError(kind, 'why', { hint: 'what', ...(code !== undefined && { code }) }));
    test.match(error('invite', 1052), { class: 'invite.used', code: 1052 });
    test.match(error('unreachable'), { class: 'resource.limit', code: undefined });
    test.notOk(error('argument') instanceof Reject);
    await test.rejects(withDeadline(new Promise(() => {}), 5), { message: 'not done within 5 ms' });
  },
);

t.test('what the adapter does not have is unsupported, and handles that are not open are errors', async (test) => {
  const adapter = await startAdapter(test, 'adapter/main.ts');
  const dir = test.testdir();
  const opened = await adapter.ask('open', { role: 'client', dir, config: {} }, 20_000);
  if (!('ok' in opened)) throw new TypeError(JSON.stringify(opened));
  const { handle } = opened.ok;
  const act = (action: string) => adapter.ask('do', { handle, action, args: {}, deadline_ms: 2000 }, 5000);
  test.match(await act('fly'), { unsupported: { what: 'fly' } });
  test.match(await act('toString'), { unsupported: { what: 'toString' } });
  for (const action of ['connect', 'push', 'pull', 'sync', 'subscribe'])
    test.match(await act(action), { error: { detail: /in no group/ } }, action);
  test.match(await adapter.ask('observe', { handle, what: ['weather'] }, 5000), { unsupported: { what: 'weather' } });
  test.match(await adapter.ask('observe', { handle, what: ['messages', 'events', 'cursor', 'status'] }, 5000), {
    ok: { messages: [], events: [], cursor: '0', status: { connected: false, unsynced: 0 } },
  });
  test.match(await adapter.ask('open', { role: 'teapot', dir, config: {} }, 5000), { unsupported: { what: 'teapot' } });
  test.match(await adapter.ask('close', { handle }, 5000), { ok: {} });
  test.match(await adapter.ask('close', { handle }, 5000), { error: { detail: /no handle/ } });
});

t.test('an answer to env comes when what was due has run, and no connection is being made', async (test) => {
  const relay = new ScriptedRelay({ crypto, random, transport: new QuicTransport() });
  const { host, port } = await relay.listen();
  test.teardown(() => relay.stop());
  const adapter = await startAdapter(test, 'adapter/main.ts');
  const ask = async (cmd: string, members: Members) => {
    const answer = await adapter.ask(cmd, members, 60_000);
    if (!('ok' in answer)) throw new TypeError(JSON.stringify(answer));
    return answer.ok;
  };
  const { handle } = await ask('open', { role: 'client', dir: test.testdir(), config: { relay: `${host}:${port}` } });
  await ask('do', { handle, action: 'pair_create', args: {}, deadline_ms: 60_000 });
  test.strictSame(await ask('env', { handle, advance_ms: 0 }), { idle: true });
  await relay.restart('KILL');
  await ask('observe', { handle, what: [], until: { event: 'disconnected' }, deadline_ms: 60_000 });
  const { connections } = relay;
  test.strictSame(await ask('env', { handle, advance_ms: 0 }), { idle: true });
  test.equal(relay.connections, connections, 'a clock that stands makes nobody dial');
  test.strictSame(await ask('env', { handle, advance_ms: RECONNECT_MS_MAX }), { idle: true });
  test.match(await ask('observe', { handle, what: ['status'] }), { status: { connected: true } });
  // A relay that says nothing.
  relay.behaviour = { send: () => new Uint8Array(0) };
  await relay.restart('KILL');
  while (((await ask('observe', { handle, what: ['status'] }))['status'] as Members)['connected']);
  const silent = await ask('env', { handle, advance_ms: RECONNECT_MS_MAX, deadline_ms: 50 });
  test.strictSame(silent, { idle: false });
});

t.test('a pull begins at its after_cursor, and without one at the pull cursor before it', async (test) => {
  const relay = new ScriptedRelay({ crypto, random, transport: new QuicTransport() });
  const { host, port } = await relay.listen();
  test.teardown(() => relay.stop());
  const adapter = await startAdapter(test, 'adapter/main.ts');
  const ask = async (cmd: string, members: Members) => {
    const answer = await adapter.ask(cmd, members, 20_000);
    if (!('ok' in answer)) throw new TypeError(JSON.stringify(answer));
    return answer.ok;
  };
  const { handle } = await ask('open', { role: 'client', dir: test.testdir(), config: { relay: `${host}:${port}` } });
  const act = (action: string, args: Members = {}) => ask('do', { handle, action, args, deadline_ms: 10_000 });
  await act('pair_create');
  await act('push', { text: 'hello', wait: true });
  test.match(await act('pull', { after_cursor: '0' }), { messages: [{ text: 'hello' }] });
  test.strictSame((await act('pull'))['messages'], []);
  await act('disconnect');
  test.match(await ask('observe', { handle, what: ['events'] }), {
    events: [{ type: 'disconnected', class: undefined }],
  });
});
