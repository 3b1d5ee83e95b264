import type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
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
import { crypto as kitCrypto, random as kitRandom } from '../crypto/provider.ts';
import { type Cut, whole } from '../wire/mutations.ts';
import { helloAck } from './hello.ts';

/** Settings of a pair of engines. */
export interface EnginePairConfig {
  /** Hybrid by default. */
  readonly suite?: SuiteName;
  /** The pieces in which the bytes of either end arrive; whole by default. */
  readonly cut?: Cut;
  /** The kit's provider and source by default. */
  readonly crypto?: CryptoProvider;
  readonly random?: RandomSource;
  /** Further configuration of either engine. */
  readonly client?: Partial<ClientSessionConfig>;
  readonly relay?: Partial<RelaySessionConfig>;
}

/** Both engines with a wire between them, on a clock that stands still until a test moves it. No promises, no sockets. */
export class EnginePair {
  readonly client: ClientSession;
  readonly relay: RelaySession;
  readonly clientEvents: ClientEvent[] = [];
  readonly relayEvents: RelayEvent[] = [];
  /** Number with which each end closed the connection; undefined while it has not. */
  clientCloseCode: number | undefined;
  relayCloseCode: number | undefined;
  /** The bytes that each end sent, in order. */
  readonly sentByClient: Uint8Array[] = [];
  readonly sentByRelay: Uint8Array[] = [];
  /** Changes what arrives; an empty array drops it. */
  tamperToRelay: Cut = whole;
  tamperToClient: Cut = whole;
  /** True once the relay has finished its side of the stream. */
  relayEnded = false;
  /** Monotonic time of both engines, ms. */
  now = 1_000_000;
  readonly #cut: Cut;

  constructor(config: EnginePairConfig = {}) {
    const { suite = 'hybrid', cut = whole, crypto = kitCrypto, random = kitRandom, client = {}, relay = {} } = config;
    this.#cut = cut;
    const draws = randomDraws(random);
    const clientStatics = keyPairs(crypto, random(32), suite === 'hybrid' ? random(64) : undefined);
    this.client = new ClientSession(
      { crypto, draws, staticKeys: clientStatics, suite, checkPeer: () => undefined, ...client },
      this.now,
    );
    const staticKeys = relay.staticKeys ?? keyPairs(crypto, random(32), random(64));
    this.relay = new RelaySession({ crypto, draws, ...relay, staticKeys }, this.now);
  }

  /** Starts, and runs the handshake to its end. */
  open(): this {
    this.client.start();
    this.run();
    return this;
  }

  /** Opens a session and lets its device in. */
  enter(hello: HelloCommand): this {
    this.open();
    this.client.hello(hello);
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

  /** Lets time pass up to `now`, and each engine's deadlines with it. */
  advanceTo(now: number): void {
    this.now = now;
    this.client.tick(now);
    this.relay.tick(now);
    this.run();
  }

  /** The requests that reached the relay. */
  requests(): Extract<RelayEvent, { type: 'request' | 'mailbox' }>[] {
    return this.relayEvents.filter((event) => event.type === 'request' || event.type === 'mailbox');
  }

  /** The kinds of the client's events, in order. */
  clientTypes(): string[] {
    return this.clientEvents.map(({ type }) => type);
  }

  /** The kinds of the relay's events, in order. */
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
