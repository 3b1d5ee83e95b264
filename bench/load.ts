import { type KeyPairs, keyPairs } from '@0k-sync/core/noise';
import { CREDIT_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { Device } from '@0k-sync/testkit/author';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { RawClient } from '@0k-sync/testkit/raw';
import type { Address } from '@0k-sync/transport';
import { QuicTransport } from '@0k-sync/transport/quic';
import { EncodedPushes, pushAll } from './pushes.ts';

/** The task of a load process, which starts when its sessions are open. */
export type Task =
  | {
      readonly kind: 'push';
      readonly connections: number;
      readonly window: number;
      /** Envelopes of each Push, and Pushes of each connection. */
      readonly items: number;
      readonly pushes: number;
    }
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

/** A device, and its keys of the Noise handshake: whoever loads a relay makes both beforehand. */
interface Loader {
  readonly device: Device;
  readonly staticKeys: KeyPairs;
}

const CONTENT_BYTES = 1024;
const CONNECT_TIMEOUT_MS = 30_000;

/** Bare sessions: real QUIC, Noise and records, and above them neither engine nor store, so that loading a relay costs little. */
class Load {
  readonly #address: Address;
  readonly #start: Start;
  readonly #transport = new QuicTransport();

  /** `start` tells that all is prepared and waits for the word to go. */
  constructor(address: Address, start: Start) {
    this.#address = address;
    this.#start = start;
  }

  run(task: Task): Promise<Measured> {
    switch (task.kind) {
      case 'push':
        return this.#push(task);
      case 'deliver':
        return this.#deliver(task.messages, task.perSecond);
      case 'connect':
        return this.#connect(task.connections);
      case 'hold':
        return this.#hold(task.connections);
    }
  }

  async #push({ connections, window, items, pushes: count }: Task & { kind: 'push' }): Promise<Measured> {
    const work: { readonly client: RawClient; readonly pushes: EncodedPushes }[] = [];
    for (const loader of loaders(connections)) {
      const pushes = new EncodedPushes(sealChain(loader.device, count * items), items);
      work.push({ client: await this.#open(loader), pushes });
    }
    await this.#start();
    const start = performance.now();
    const all = await Promise.all(work.map(({ client, pushes }) => pushAll(client, pushes, window)));
    const latencies = all.flat();
    return { operations: latencies.length * items, seconds: secondsSince(start), latencies };
  }

  /** Pushes at a steady pace from one device and measures until another one has it. */
  async #deliver(messages: number, perSecond: number): Promise<Measured> {
    const sender = new Device();
    const from = await this.#open(loaderOf(sender));
    const to = await this.#open(loaderOf(sender.sibling()));
    const pushes = new EncodedPushes(sealChain(sender, messages));
    const sentAt: number[] = [];
    const latencies: number[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    to.listen(({ body }) => {
      if (body?.$case !== 'deliver') return;
      for (const { cursor } of body.value.segment?.envelopes ?? []) {
        latencies.push(performance.now() - (sentAt[Number(cursor) - 1] ?? Number.NaN));
      }
      if (latencies.length === messages) resolve();
    });
    to.subscribe(0, CREDIT_BYTES_MAX);
    from.listen(() => {});
    await this.#start();
    const start = performance.now();
    const timer = setInterval(() => {
      const index = sentAt.length;
      if (index === messages) return clearInterval(timer);
      sentAt.push(performance.now());
      from.sendPlaintext(pushes.stretch(index, index + 1));
    }, 1000 / perSecond);
    await promise;
    return { operations: messages, seconds: secondsSince(start), latencies };
  }

  /** Connects and closes, one after the other; a latency is the time up to HelloAck. */
  async #connect(connections: number): Promise<Measured> {
    const all = loaders(connections);
    await this.#start();
    const start = performance.now();
    const latencies: number[] = [];
    for (const loader of all) {
      const begun = performance.now();
      const client = await this.#open(loader);
      latencies.push(performance.now() - begun);
      await client.close();
    }
    return { operations: connections, seconds: secondsSince(start), latencies };
  }

  async #hold(connections: number): Promise<Measured> {
    for (const loader of loaders(connections)) await this.#open(loader);
    await this.#start();
    return { operations: connections, seconds: 0, latencies: [] };
  }

  /** A connection whose device was let in. */
  async #open({ device, staticKeys }: Loader): Promise<RawClient> {
    const options = { staticKeys, timeoutMs: CONNECT_TIMEOUT_MS, patienceMs: Number.POSITIVE_INFINITY };
    const client = await RawClient.connect(this.#transport, this.#address, options);
    await client.hello(device);
    return client;
  }
}

function loaderOf(device: Device): Loader {
  return { device, staticKeys: keyPairs(crypto, random(32), random(64)) };
}

/** Devices of groups of their own. */
function loaders(count: number): Loader[] {
  return Array.from({ length: count }, () => loaderOf(new Device()));
}

/** `count` envelopes of 1 KB content, one chain. */
function sealChain(device: Device, count: number): Envelope[] {
  return Array.from({ length: count }, () => device.next(random(CONTENT_BYTES)));
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
const load = new Load({ host, port: Number(port) }, async () => {
  process.send?.({ ready: true });
  await started.promise;
  cpuAtStart = process.cpuUsage();
});
const measured = await load.run(JSON.parse(taskText) as Task);
const { user, system } = process.cpuUsage(cpuAtStart);
process.send?.({ result: { ...measured, cpuMs: (user + system) / 1000 } satisfies LoadResult });
