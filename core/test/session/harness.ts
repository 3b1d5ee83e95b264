import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import { createMemberRecord, DeviceKeys, EpochKeys } from '@0k-sync/core/group';
import { keyPairs, randomDraws } from '@0k-sync/core/noise';
import {
  type ClientEvent,
  ClientSession,
  type ClientSessionConfig,
  type HelloCommand,
  type Output,
  type RelayEvent,
  RelaySession,
  type RelaySessionConfig,
} from '@0k-sync/core/session';
import type { SuiteName } from '@0k-sync/generated/patterns';
import type { HelloAck } from '@0k-sync/generated/wire/frame';
import { deterministicRandom } from '../deterministic.ts';

const random = deterministicRandom('session');
const relayStatics = keyPairs(crypto, random(32), random(64));

export const epoch = EpochKeys.create(crypto, random);
export const device = new DeviceKeys(crypto, random(32), epoch.groupId);
export const enrolment = { record: createMemberRecord(device, epoch), authKey: epoch.authKey };

export const helloCommand: HelloCommand = {
  groupId: epoch.groupId,
  deviceKey: device.deviceKey,
  sign: (message) => device.sign(message),
  enrolment,
};

export const helloAck: HelloAck = {
  head: 0n,
  floor: 0n,
  ownSequence: 0n,
  ownHash: new Uint8Array(0),
  epoch: 0,
  limits: {
    frameBytesMax: 2 ** 31,
    ciphertextBytesMax: 0,
    requestsInFlightMax: 4,
    pushItemsMax: 1,
    pageBytesMax: 1,
    creditBytesMax: 1,
  },
  serverTimeMs: 1n,
  capabilities: [],
  signingKey: new Uint8Array(32).fill(1),
};

/** How bytes arrive at the other end. */
export type Cut = (bytes: Uint8Array) => Uint8Array[];
export const whole: Cut = (bytes) => [bytes];
export const byteByByte: Cut = (bytes) => [...bytes].map((byte) => Uint8Array.of(byte));
export const inPieces =
  (size: number): Cut =>
  (bytes) =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.slice(index * size, (index + 1) * size));

export interface PairOptions {
  readonly suite?: SuiteName;
  readonly cut?: Cut;
  readonly client?: Partial<ClientSessionConfig>;
  readonly relay?: Partial<RelaySessionConfig>;
}

/** Both engines with a wire between them, on a virtual clock. */
export class Pair {
  readonly client: ClientSession;
  readonly relay: RelaySession;
  readonly clientEvents: ClientEvent[] = [];
  readonly relayEvents: RelayEvent[] = [];
  clientCloseCode: number | undefined;
  relayCloseCode: number | undefined;
  /** Bytes of each direction, in the order sent. */
  readonly sentByClient: Uint8Array[] = [];
  readonly sentByRelay: Uint8Array[] = [];
  /** Changes what arrives; an empty array drops it. */
  tamperToRelay: Cut = whole;
  tamperToClient: Cut = whole;
  relayEnded = false;
  now = 1_000_000;
  readonly #cut: Cut;

  constructor({ suite = 'hybrid', cut = whole, client = {}, relay = {} }: PairOptions = {}) {
    this.#cut = cut;
    const statics = keyPairs(crypto, random(32), suite === 'hybrid' ? random(64) : undefined);
    const base = { crypto, draws: randomDraws(random) };
    this.client = new ClientSession(
      { ...base, staticKeys: statics, suite, checkPeer: () => undefined, ...client },
      this.now,
    );
    this.relay = new RelaySession({ ...base, staticKeys: relayStatics, ...relay }, this.now);
  }

  /** Starts, and runs the handshake to its end. */
  open(): this {
    this.client.start();
    this.run();
    return this;
  }

  /** A session that was let in. */
  enter(): this {
    this.open();
    this.client.hello(helloCommand);
    this.run();
    this.relay.acceptHello(helloAck);
    this.run();
    return this;
  }

  /** Carries bytes both ways until nothing moves. */
  run(): void {
    for (let moved = true; moved; ) {
      moved = this.#carryOut(this.client.takeOutputs(), this.clientEvents, 'client');
      moved = this.#carryOut(this.relay.takeOutputs(), this.relayEvents, 'relay') || moved;
    }
  }

  /** Lets time pass to `now`, and each engine's deadlines with it. */
  advanceTo(now: number): void {
    this.now = now;
    this.client.tick(now);
    this.relay.tick(now);
    this.run();
  }

  requests(): Extract<RelayEvent, { type: 'request' | 'mailbox' }>[] {
    return this.relayEvents.filter((event) => event.type === 'request' || event.type === 'mailbox');
  }

  clientTypes(): string[] {
    return this.clientEvents.map(({ type }) => type);
  }

  relayTypes(): string[] {
    return this.relayEvents.map(({ type }) => type);
  }

  #carryOut<Event>(outputs: readonly Output<Event>[], events: Event[], from: 'client' | 'relay'): boolean {
    for (const output of outputs) {
      if (output.type === 'event') events.push(output.event);
      else if (output.type === 'send') this.#carry(output.bytes, from);
      else if (output.type === 'end') this.relayEnded = true;
      else if (from === 'client') this.clientCloseCode = output.code;
      else this.relayCloseCode = output.code;
    }
    return outputs.length > 0;
  }

  #carry(bytes: Uint8Array, from: 'client' | 'relay'): void {
    const isClient = from === 'client';
    (isClient ? this.sentByClient : this.sentByRelay).push(bytes);
    const arriving = (isClient ? this.tamperToRelay : this.tamperToClient)(bytes);
    for (const piece of arriving.flatMap(this.#cut)) {
      if (isClient) this.relay.receive(piece, this.now);
      else this.client.receive(piece, this.now);
    }
  }
}
