import { initiatorChannel } from '@0k-sync/core/channel';
import type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
import { type KeyPairs, keyPairs, randomDraws } from '@0k-sync/core/noise';
import { helloTranscript } from '@0k-sync/core/session';
import type { FrameBody } from '@0k-sync/core/wire';
import { PAGE_BYTES_MAX } from '@0k-sync/generated/limits';
import { patterns, type SuiteName } from '@0k-sync/generated/patterns';
import type { HelloAck, LogSegment, Page, PushAck, PushItem } from '@0k-sync/generated/wire/frame';
import type { Address, Connection, Transport } from '@0k-sync/transport';
import type { Device } from '../author/author.ts';
import { crypto as kitCrypto, random as kitRandom } from '../crypto/provider.ts';
import { PATIENCE_MS } from '../time/waiting.ts';
import type { Body, Case, Value } from '../wire/body.ts';
import { describe } from '../wire/describe.ts';
import { OtherAnswer } from './errors.ts';
import { type Mangle, RawEnd } from './raw-end.ts';

/** Settings of a raw client; each has a default. */
export interface RawClientConfig {
  /** Hybrid by default. */
  readonly suite?: SuiteName;
  /** The version in the preface; the suite's by default. WI-03. */
  readonly alpn?: string;
  /** A provider that computes wrongly; the kit's by default. */
  readonly crypto?: CryptoProvider;
  /** Draws of the handshake, and its static keys unless they are given; the kit's source by default. */
  readonly random?: RandomSource;
  readonly staticKeys?: KeyPairs;
  /** Changes what the handshake sends: 0 is the preface, then its messages with their length. */
  readonly mangle?: Mangle;
  /** Longest time until the connection stands, ms; PATIENCE_MS by default. */
  readonly timeoutMs?: number;
  /** Longest wait of every method that is given no deadline, ms; PATIENCE_MS by default, Infinity for none. */
  readonly patienceMs?: number;
}

/** Differences of a Hello from an honest one. */
export interface HelloOptions {
  /** False omits the Enrolment; true by default. */
  readonly enrolment?: boolean;
  readonly accessToken?: string;
  /** 32 bytes; the connection's own by default. SE-10. */
  readonly handshakeHash?: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** A client that says what a test tells it: a handshake, or half of one, then frames, records or bytes by hand. */
export class RawClient extends RawEnd {
  constructor(connection: Connection, options: RawClientConfig = {}) {
    const { suite = 'hybrid', crypto = kitCrypto, random = kitRandom, mangle } = options;
    const staticKeys = options.staticKeys ?? keyPairs(crypto, random(32), suite === 'hybrid' ? random(64) : undefined);
    const config = { crypto, suite, draws: randomDraws(random), staticKeys, checkPeer: () => undefined };
    let sent = 0;
    super(connection, connection.openStream(), {
      other: 'relay',
      makeChannel: (listener) => initiatorChannel(config, listener),
      outgoing: (bytes) => {
        const isHandshake = sent <= patterns[suite].messages.length;
        sent += 1;
        return isHandshake && mangle !== undefined ? mangle(bytes, sent - 1) : bytes;
      },
      patienceMs: options.patienceMs,
    });
  }

  /** A connection on which nothing was said yet. Rejects with TransportError. */
  static async dial(transport: Transport, target: Address, options: RawClientConfig = {}): Promise<RawClient> {
    const alpn = options.alpn ?? patterns[options.suite ?? 'hybrid'].alpn;
    const connection = await transport.connect(target, { alpn, timeoutMs: options.timeoutMs ?? PATIENCE_MS });
    return new RawClient(connection, options);
  }

  /** A connection whose handshake is done. */
  static async connect(transport: Transport, target: Address, options: RawClientConfig = {}): Promise<RawClient> {
    const client = await RawClient.dial(transport, target, options);
    try {
      await client.handshake();
    } catch (error) {
      await client.close();
      throw error;
    }
    return client;
  }

  /** Sends the preface and the first message; what follows goes by itself. */
  begin(): void {
    this.channel.begin();
  }

  /** Shakes hands. Rejects with HandshakeFailed, Ended or TimedOut. */
  async handshake(): Promise<void> {
    this.begin();
    await this.ready();
  }

  /** X25519 static that the relay proved, 32 bytes; empty before the end of the handshake. */
  get nodeId(): Uint8Array {
    return this.info?.peer.x25519 ?? NOTHING;
  }

  /** ML-KEM-768 encapsulation key that the relay proved, 1184 bytes; empty with the classical suite. */
  get mlkemKey(): Uint8Array {
    return this.info?.peer.mlkem768 ?? NOTHING;
  }

  /** Transcript hash that a Hello signs, 32 bytes; empty before the end of the handshake. SE-10. */
  get handshakeHash(): Uint8Array {
    return this.info?.handshakeHash ?? NOTHING;
  }

  /** A Hello of that device on this connection. */
  helloBody(device: Device, options: HelloOptions = {}): Body<'hello'> {
    const { groupId, deviceKey } = device.keys;
    const signature = device.keys.sign(helloTranscript(options.handshakeHash ?? this.handshakeHash, groupId));
    const enrolment = options.enrolment === false ? undefined : device.enrolment;
    return {
      $case: 'hello',
      value: { groupId, deviceKey, signature, enrolment, accessToken: options.accessToken ?? '' },
    };
  }

  /** Says Hello and waits to be let in. */
  hello(device: Device, options: HelloOptions = {}): Promise<HelloAck> {
    return this.ask(this.helloBody(device, options), 'helloAck');
  }

  /** Sends a request and waits for its answer, which must be of that kind. Rejects with OtherAnswer, Ended or TimedOut. */
  async ask<K extends Case>(request: FrameBody, $case: K): Promise<Value<K>> {
    const answer = await this.answer(this.send(request));
    if (answer.$case === $case) return answer.value as Value<K>;
    throw new OtherAnswer(`${$case} for ${request.$case}`, describe(answer));
  }

  /** Pushes items in one Push. */
  push(items: readonly PushItem[]): Promise<PushAck> {
    return this.ask({ $case: 'push', value: { items: [...items] } }, 'pushAck');
  }

  /** Pulls one page after a cursor, of whose envelope `hashAtAfter` is H. */
  pull(after = 0, hashAtAfter: Uint8Array = NOTHING, bytesMax = PAGE_BYTES_MAX): Promise<Page> {
    return this.ask({ $case: 'pull', value: { after: BigInt(after), hashAtAfter, bytesMax } }, 'page');
  }

  /** `pull`, of which only the segment is needed. */
  async pullSegment(after = 0, hashAtAfter: Uint8Array = NOTHING, bytesMax = PAGE_BYTES_MAX): Promise<LogSegment> {
    return segmentOf(await this.pull(after, hashAtAfter, bytesMax));
  }

  /** Asks for a subscription and does not wait for its first Deliver. @returns its request_id */
  subscribe(after = 0, creditBytes = PAGE_BYTES_MAX, hashAtAfter: Uint8Array = NOTHING): number {
    return this.send({ $case: 'subscribe', value: { after: BigInt(after), hashAtAfter, creditBytes } });
  }

  /** The segment of the next frame, which must be a Deliver. Rejects as `expectNext`. */
  async nextDelivery(): Promise<LogSegment> {
    return segmentOf(await this.expectNext('deliver'));
  }

  /** A round trip: the relay has read everything that was sent before. */
  async ping(): Promise<void> {
    await this.ask({ $case: 'ping', value: {} }, 'pong');
  }

  /** Says Bye. */
  bye(): void {
    this.send({ $case: 'bye', value: {} }, 0);
  }

  /** Says Bye and waits for the close. @returns the number of the close */
  async leave(): Promise<number> {
    this.bye();
    return await this.closed();
  }
}

function segmentOf({ segment }: { readonly segment?: LogSegment | undefined }): LogSegment {
  if (segment === undefined) throw new TypeError('a frame that was read has its segment');
  return segment;
}
