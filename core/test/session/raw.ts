import { keyPairs, randomDraws } from '@0k-sync/core/noise';
import {
  type ClientEvent,
  ClientSession,
  type HelloCommand,
  type Output,
  type RelayEvent,
  RelaySession,
  type RelaySessionConfig,
} from '@0k-sync/core/session';
import type { FrameBody } from '@0k-sync/core/wire';
import { type ErrorName, errorNames } from '@0k-sync/generated/errors';
import type { Frame } from '@0k-sync/generated/wire/frame';
import { crypto, deterministicRandom } from '@0k-sync/testkit/crypto';
import { EngineWire, helloAck } from '@0k-sync/testkit/harness';
import { RawClient, type RawEnd, relayEnd } from '@0k-sync/testkit/raw';
import { member } from './harness.ts';

const random = deterministicRandom('raw');
const names: Readonly<Record<number, ErrorName>> = errorNames;
const config = () => ({ crypto, draws: randomDraws(random), staticKeys: keyPairs(crypto, random(32)) });

/** A frame as tests write it down. */
type SentFrame = { readonly requestId: number; readonly body: FrameBody };

/** One engine, and at the other end of its wire a raw end. Classical, for speed. */
class Raw<E extends { receive(bytes: Uint8Array, now: number): void; takeOutputs(): Output<Event>[] }, Event> {
  readonly #wire: EngineWire<E, Event>;
  readonly #end: RawEnd;

  constructor(wire: EngineWire<E, Event>, end: RawEnd) {
    this.#wire = wire;
    this.#end = end;
  }

  get engine(): E {
    return this.#wire.engine;
  }

  get events(): readonly Event[] {
    return this.#wire.events;
  }

  get now(): number {
    return this.#wire.now;
  }

  /** The frames that the engine sent. */
  get frames(): readonly Frame[] {
    return this.#end.inbox.log.map(({ frame }) => frame);
  }

  get closeCode(): number | undefined {
    return this.#wire.closeCode;
  }

  /** The name of the close's number, or 0 for none. */
  get closedWith(): ErrorName | 0 | undefined {
    return this.closeCode === undefined || this.closeCode === 0 ? this.closeCode : names[this.closeCode];
  }

  send(...frames: readonly SentFrame[]): this {
    this.#end.sendFrames(...frames);
    return this;
  }

  sendPlaintext(plaintext: Uint8Array): this {
    this.#end.sendPlaintext(plaintext);
    return this;
  }

  run(): void {
    this.#wire.run();
  }
}

export type RawClientSession = Raw<RelaySession, RelayEvent> & { readonly hello: SentFrame };

/** Makes a relay's engine after the handshake, with a client that may send anything. `hello` verifies. */
export function rawClient(relay: Partial<RelaySessionConfig> = {}): RawClientSession {
  const wire = new EngineWire<RelaySession, RelayEvent>(new RelaySession({ ...config(), ...relay }, 0));
  const client = new RawClient(wire.connection, { suite: 'classical', random });
  client.begin();
  const hello = { requestId: 1, body: client.helloBody(member, { enrolment: false }) };
  return Object.assign(new Raw(wire, client), { hello });
}

/** Makes `rawClient` and lets it in. */
export function rawMember(): RawClientSession {
  const raw = rawClient();
  raw.send(raw.hello);
  raw.engine.acceptHello(helloAck);
  raw.run();
  return raw;
}

/** Makes a client's engine after the handshake, with a relay that may send anything. */
export function rawRelay(): Raw<ClientSession, ClientEvent> {
  const engine = new ClientSession({ ...config(), suite: 'classical', checkPeer: () => undefined }, 0);
  const wire = new EngineWire<ClientSession, ClientEvent>(engine);
  const end = relayEnd(wire.connection, wire.stream, { staticKeys: keyPairs(crypto, random(32)), random });
  engine.start();
  wire.run();
  return new Raw(wire, end);
}

/** A Hello that verifies in no session, for tests that need no answer to it. */
export const anyHello: HelloCommand = {
  groupId: new Uint8Array(32),
  deviceKey: new Uint8Array(32),
  sign: () => new Uint8Array(64),
};
