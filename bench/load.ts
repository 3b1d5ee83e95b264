import type { CryptoProvider } from '@0k-sync/core/crypto';
import { createNodeCrypto, nodeRandom } from '@0k-sync/core/crypto/node';
import { CREDIT_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { Address } from '@0k-sync/transport';
import { QuicTransport } from '@0k-sync/transport/quic';
import { createDevice, createGroup, sealChain } from './fixture.ts';
import { BenchSession } from './session.ts';

/** What a load process is asked to do, after its sessions stand. */
export type Task =
  | { readonly kind: 'push'; readonly connections: number; readonly window: number; readonly envelopes: number }
  | { readonly kind: 'deliver'; readonly messages: number; readonly perSecond: number }
  | { readonly kind: 'connect'; readonly connections: number }
  | { readonly kind: 'hold'; readonly connections: number };

export interface LoadResult {
  readonly operations: number;
  readonly seconds: number;
  /** Of each operation, ms. */
  readonly latencies: readonly number[];
  /** Processor time from the start on, ms. */
  readonly cpuMs: number;
}

const transport = new QuicTransport();

async function openSessions(crypto: CryptoProvider, address: Address, count: number) {
  const sessions: { session: BenchSession; device: ReturnType<typeof createDevice> }[] = [];
  for (let index = 0; index < count; index++) {
    const device = createDevice(crypto, nodeRandom, createGroup(crypto, nodeRandom));
    sessions.push({ session: await BenchSession.open(transport, address, crypto, nodeRandom, device), device });
  }
  return sessions;
}

/** Keeps `window` pushes of one envelope in flight until all are acknowledged. */
function pushAll(session: BenchSession, envelopes: readonly Envelope[], window: number): Promise<number[]> {
  const { promise, resolve, reject } = Promise.withResolvers<number[]>();
  const started = new Map<number, number>();
  const latencies: number[] = [];
  let next = 0;
  const pushNext = (): void => {
    const envelope = envelopes[next++];
    if (envelope === undefined) return;
    const items = [{ envelope, skip: false }];
    started.set(session.request({ $case: 'push', value: { items } }), performance.now());
  };
  session.onEvent = (event) => {
    if (event.type === 'closed' || event.type === 'refused')
      return reject(
        new Error(`push failed: ${JSON.stringify(event, (_, v) => (typeof v === 'bigint' ? String(v) : v))}`),
      );
    if (event.type !== 'answer' || event.body.$case !== 'pushAck') return;
    if (event.body.value.results[0]?.status !== 1) return reject(new Error('an envelope was not accepted'));
    latencies.push(performance.now() - (started.get(event.requestId) ?? Number.NaN));
    started.delete(event.requestId);
    if (latencies.length === envelopes.length) resolve(latencies);
    else pushNext();
  };
  for (let index = 0; index < window; index++) pushNext();
  return promise;
}

/** Pushes at a steady pace from one device and measures until another one has it. */
async function deliverAll(crypto: CryptoProvider, address: Address, messages: number, perSecond: number) {
  const group = createGroup(crypto, nodeRandom);
  const [sender, receiver] = [createDevice(crypto, nodeRandom, group), createDevice(crypto, nodeRandom, group)];
  const from = await BenchSession.open(transport, address, crypto, nodeRandom, sender);
  const to = await BenchSession.open(transport, address, crypto, nodeRandom, receiver);
  const envelopes = sealChain(crypto, nodeRandom, sender, messages);
  const sentAt: number[] = [];
  const latencies: number[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  to.onEvent = (event) => {
    if (event.type !== 'delivery') return;
    for (const { cursor } of event.segment.envelopes) {
      latencies.push(performance.now() - (sentAt[Number(cursor) - 1] ?? Number.NaN));
    }
    if (latencies.length === messages) resolve();
  };
  const hashAtAfter = new Uint8Array(0);
  to.request({ $case: 'subscribe', value: { after: 0n, hashAtAfter, creditBytes: CREDIT_BYTES_MAX } });
  const timer = setInterval(() => {
    const envelope = envelopes[sentAt.length];
    if (envelope === undefined) return clearInterval(timer);
    sentAt.push(performance.now());
    from.request({ $case: 'push', value: { items: [{ envelope, skip: false }] } });
  }, 1000 / perSecond);
  await promise;
  return latencies;
}

async function run(task: Task, address: Address, started: Promise<void>): Promise<Omit<LoadResult, 'cpuMs'>> {
  const crypto = await createNodeCrypto();
  if (task.kind === 'deliver') {
    await ready(started);
    const latencies = await deliverAll(crypto, address, task.messages, task.perSecond);
    return { operations: latencies.length, seconds: task.messages / task.perSecond, latencies };
  }
  if (task.kind === 'connect') {
    await ready(started);
    const start = performance.now();
    for (let index = 0; index < task.connections; index++) {
      for (const { session } of await openSessions(crypto, address, 1)) await session.close();
    }
    return { operations: task.connections, seconds: (performance.now() - start) / 1000, latencies: [] };
  }
  const sessions = await openSessions(crypto, address, task.connections);
  if (task.kind === 'hold') {
    await ready(started);
    return { operations: sessions.length, seconds: 0, latencies: [] };
  }
  const work = sessions.map(({ session, device }) => ({
    session,
    envelopes: sealChain(crypto, nodeRandom, device, task.envelopes),
  }));
  await ready(started);
  const start = performance.now();
  const all = await Promise.all(work.map(({ session, envelopes }) => pushAll(session, envelopes, task.window)));
  const latencies = all.flat();
  return { operations: latencies.length, seconds: (performance.now() - start) / 1000, latencies };
}

let cpuAtStart = process.cpuUsage();

/** Tells the parent that all is prepared, and waits for its word. */
async function ready(started: Promise<void>): Promise<void> {
  process.send?.({ ready: true });
  await started;
  cpuAtStart = process.cpuUsage();
}

const [taskText = '', host = '', port = ''] = process.argv.slice(2);
const start = Promise.withResolvers<void>();
process.on('message', (message) => {
  if (message === 'start') start.resolve();
  else process.exit(0);
});
const result = await run(JSON.parse(taskText) as Task, { host, port: Number(port) }, start.promise);
const { user, system } = process.cpuUsage(cpuAtStart);
process.send?.({ result: { ...result, cpuMs: (user + system) / 1000 } });
