import type { CryptoProvider } from '@0k-sync/core/crypto';
import { createNodeCrypto, nodeRandom } from '@0k-sync/core/crypto/node';
import { CREDIT_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Address } from '@0k-sync/transport';
import { QuicTransport } from '@0k-sync/transport/quic';
import { createDevice, createGroup, type Device, sealChain } from './fixture.ts';
import { EncodedPushes, pushAll } from './pushes.ts';
import { BenchSession, encodeFrame } from './session.ts';

/** The task of a load process, which starts when its sessions are open. */
export type Task =
  | { readonly kind: 'push'; readonly connections: number; readonly window: number; readonly envelopes: number }
  | { readonly kind: 'deliver'; readonly messages: number; readonly perSecond: number }
  | { readonly kind: 'connect'; readonly connections: number }
  | { readonly kind: 'hold'; readonly connections: number };

/** The measurements of a load process since the start signal. */
interface Measured {
  readonly operations: number;
  readonly seconds: number;
  /** Latency of each operation, ms. */
  readonly latencies: readonly number[];
}

/** The measurements of one load process, with the CPU time that it used. */
export interface LoadResult extends Measured {
  /** Processor time of the load itself, ms. */
  readonly cpuMs: number;
}

type Start = () => Promise<void>;

class Load {
  readonly #crypto: CryptoProvider;
  readonly #address: Address;
  readonly #start: Start;
  readonly #transport = new QuicTransport();

  /** `start` tells that all is prepared and waits for the word to go. */
  constructor(crypto: CryptoProvider, address: Address, start: Start) {
    this.#crypto = crypto;
    this.#address = address;
    this.#start = start;
  }

  run(task: Task): Promise<Measured> {
    switch (task.kind) {
      case 'push':
        return this.#push(task.connections, task.window, task.envelopes);
      case 'deliver':
        return this.#deliver(task.messages, task.perSecond);
      case 'connect':
        return this.#connect(task.connections);
      case 'hold':
        return this.#hold(task.connections);
    }
  }

  async #push(connections: number, window: number, envelopes: number): Promise<Measured> {
    const work: { readonly session: BenchSession; readonly pushes: EncodedPushes }[] = [];
    for (const device of this.#devices(connections)) {
      const pushes = new EncodedPushes(sealChain(this.#crypto, nodeRandom, device, envelopes));
      work.push({ session: await this.#open(device), pushes });
    }
    await this.#start();
    const start = performance.now();
    const all = await Promise.all(work.map(({ session, pushes }) => pushAll(session, pushes, window)));
    const latencies = all.flat();
    return { operations: latencies.length, seconds: secondsSince(start), latencies };
  }

  /** Pushes at a steady pace from one device and measures until another one has it. */
  async #deliver(messages: number, perSecond: number): Promise<Measured> {
    const group = createGroup(this.#crypto, nodeRandom);
    const [sender, receiver] = [this.#device(group), this.#device(group)];
    const from = await this.#open(sender);
    const to = await this.#open(receiver);
    const pushes = new EncodedPushes(sealChain(this.#crypto, nodeRandom, sender, messages));
    const sentAt: number[] = [];
    const latencies: number[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    to.listen((_, body) => {
      if (body.$case !== 'deliver') return;
      for (const { cursor } of body.value.segment?.envelopes ?? []) {
        latencies.push(performance.now() - (sentAt[Number(cursor) - 1] ?? Number.NaN));
      }
      if (latencies.length === messages) resolve();
    });
    const value = { after: 0n, hashAtAfter: new Uint8Array(0), creditBytes: CREDIT_BYTES_MAX };
    to.send(encodeFrame(2, { $case: 'subscribe', value }));
    from.listen(() => {});
    await this.#start();
    const start = performance.now();
    const timer = setInterval(() => {
      const index = sentAt.length;
      if (index === messages) return clearInterval(timer);
      sentAt.push(performance.now());
      from.send(pushes.stretch(index, index + 1));
    }, 1000 / perSecond);
    await promise;
    return { operations: messages, seconds: secondsSince(start), latencies };
  }

  /** Connects and closes, one after the other; a latency is the time up to HelloAck. */
  async #connect(connections: number): Promise<Measured> {
    const devices = this.#devices(connections);
    await this.#start();
    const start = performance.now();
    const latencies: number[] = [];
    for (const device of devices) {
      const begun = performance.now();
      const session = await this.#open(device);
      latencies.push(performance.now() - begun);
      await session.close();
    }
    return { operations: connections, seconds: secondsSince(start), latencies };
  }

  async #hold(connections: number): Promise<Measured> {
    for (const device of this.#devices(connections)) await this.#open(device);
    await this.#start();
    return { operations: connections, seconds: 0, latencies: [] };
  }

  #open(device: Device): Promise<BenchSession> {
    return BenchSession.open(this.#transport, this.#address, this.#crypto, nodeRandom, device);
  }

  /** Devices of groups of their own. */
  #devices(count: number): Device[] {
    return Array.from({ length: count }, () => this.#device(createGroup(this.#crypto, nodeRandom)));
  }

  #device(group: ReturnType<typeof createGroup>): Device {
    return createDevice(this.#crypto, nodeRandom, group);
  }
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}

const [taskText = '', host = '', port = ''] = process.argv.slice(2);
const started = Promise.withResolvers<void>();
process.on('message', (message) => {
  if (message === 'start') started.resolve();
  else process.exit(0);
});
let cpuAtStart = process.cpuUsage();
const load = new Load(await createNodeCrypto(), { host, port: Number(port) }, async () => {
  process.send?.({ ready: true });
  await started.promise;
  cpuAtStart = process.cpuUsage();
});
const measured = await load.run(JSON.parse(taskText) as Task);
const { user, system } = process.cpuUsage(cpuAtStart);
process.send?.({ result: { ...measured, cpuMs: (user + system) / 1000 } satisfies LoadResult });
