import { RecordChannel } from '@0k-sync/core/channel';
import type { CryptoProvider } from '@0k-sync/core/crypto';
import { type KeyPairs, keyPairs, randomDraws } from '@0k-sync/core/noise';
import { helloTranscript } from '@0k-sync/core/session';
import type { FrameBody } from '@0k-sync/core/wire';
import { PAGE_BYTES_MAX } from '@0k-sync/generated/limits';
import { patterns, type SuiteName } from '@0k-sync/generated/patterns';
import type { HelloAck, Page, PushAck, PushItem } from '@0k-sync/generated/wire/frame';
import type { Address, Connection, Transport } from '@0k-sync/transport';
import type { Device } from '../author/author.ts';
import { crypto as kitCrypto, random } from '../crypto/provider.ts';
import { PATIENCE_MS } from '../time/waiting.ts';
import type { Body, Case, Value } from '../wire/body.ts';
import { RawEnd } from './raw-end.ts';

export interface RawClientOptions {
  /** Hybrid when left out. */
  readonly suite?: SuiteName;
  /** The suite's own when left out. WI-03. */
  readonly alpn?: string;
  /** A provider that computes something else than it should. */
  readonly crypto?: CryptoProvider;
  readonly staticKeys?: KeyPairs;
  /** Changes what the handshake sends: 0 is the preface, then its messages with their length. */
  readonly mangle?: (bytes: Uint8Array, index: number) => Uint8Array;
  /** Longest time until the connection stands, ms. */
  readonly timeoutMs?: number;
}

const NOTHING = new Uint8Array(0);

/** What a Hello leaves out or does differently. */
export interface HelloOptions {
  /** True when left out. */
  readonly enrolment?: boolean;
  readonly accessToken?: string;
  /** 32 bytes; the connection's own when left out. SE-10. */
  readonly handshakeHash?: Uint8Array;
}

/** A request was answered, by something else. */
export class OtherAnswer extends Error {
  override readonly name = 'OtherAnswer';
  readonly expected: string;
  readonly actual: string;

  constructor(expected: string, actual: string) {
    super(`${actual} instead of ${expected}`);
    this.expected = expected;
    this.actual = actual;
  }
}

/** A client that says what it is told to: a handshake, or half of one, then frames, records or bytes by hand. */
export class RawClient extends RawEnd<RecordChannel> {
  /** What the relay proved, once the handshake is done. */
  nodeId: Uint8Array = NOTHING;
  mlkemKey: Uint8Array = NOTHING;
  handshakeHash: Uint8Array = NOTHING;

  constructor(connection: Connection, { suite = 'hybrid', crypto = kitCrypto, staticKeys, mangle }: RawClientOptions) {
    let index = 0;
    const seed = suite === 'hybrid' ? random(64) : undefined;
    super(
      connection,
      connection.openStream(),
      'relay',
      (listener) =>
        RecordChannel.initiator(
          {
            crypto,
            suite,
            draws: randomDraws(random),
            staticKeys: staticKeys ?? keyPairs(crypto, random(32), seed),
            checkPeer: () => undefined,
          },
          listener,
        ),
      (bytes) => {
        const isHandshake = index <= patterns[suite].messages.length;
        index += 1;
        return isHandshake && mangle !== undefined ? mangle(bytes, index - 1) : bytes;
      },
    );
  }

  /** A connection on which nothing was said yet. Rejects with TransportError. */
  static async dial(transport: Transport, target: Address, options: RawClientOptions = {}): Promise<RawClient> {
    const alpn = options.alpn ?? patterns[options.suite ?? 'hybrid'].alpn;
    const connection = await transport.connect(target, { alpn, timeoutMs: options.timeoutMs ?? PATIENCE_MS });
    return new RawClient(connection, options);
  }

  /** A connection whose handshake is done. */
  static async connect(transport: Transport, target: Address, options: RawClientOptions = {}): Promise<RawClient> {
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

  async handshake(): Promise<void> {
    this.begin();
    const { peer, handshakeHash } = await this.ready();
    this.nodeId = peer.x25519.slice();
    this.mlkemKey = peer.mlkem768?.slice() ?? NOTHING;
    this.handshakeHash = handshakeHash;
  }

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

  /** Sends a request and waits for its answer, which must be of that kind. */
  async ask<K extends Case>(request: FrameBody, $case: K): Promise<Value<K>> {
    const answer = await this.answer(this.send(request));
    if (answer.$case === $case) return answer.value as Value<K>;
    throw new OtherAnswer(`${$case} for ${request.$case}`, describe(answer));
  }

  push(items: readonly PushItem[]): Promise<PushAck> {
    return this.ask({ $case: 'push', value: { items: [...items] } }, 'pushAck');
  }

  pull(after = 0, hashAtAfter: Uint8Array = NOTHING, bytesMax = PAGE_BYTES_MAX): Promise<Page> {
    return this.ask({ $case: 'pull', value: { after: BigInt(after), hashAtAfter, bytesMax } }, 'page');
  }

  /** Asks for a subscription; the first Deliver is not waited for. @returns its request_id */
  subscribe(after = 0, creditBytes = PAGE_BYTES_MAX, hashAtAfter: Uint8Array = NOTHING): number {
    return this.send({ $case: 'subscribe', value: { after: BigInt(after), hashAtAfter, creditBytes } });
  }

  /** A round trip: what was sent before it was read. */
  async ping(): Promise<void> {
    await this.ask({ $case: 'ping', value: {} }, 'pong');
  }

  bye(): void {
    this.send({ $case: 'bye', value: {} }, 0);
  }
}

/** An answer in few words. */
export function describe(body: FrameBody): string {
  return body.$case === 'error' ? `Error ${body.value.code} (${body.value.detail})` : body.$case;
}
