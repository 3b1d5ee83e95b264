import { createNodeCrypto } from '@0k-sync/core/crypto/node';
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
import { type FrameBody, FrameReader, FrameWriter } from '@0k-sync/core/wire';
import { type ErrorName, errorNames } from '@0k-sync/generated/errors';
import type { Frame } from '@0k-sync/generated/wire/frame';
import { initiatorChannel, type RecordChannel, responderChannel } from '../../src/channel/index.ts';
import { helloTranscript } from '../../src/session/hello.ts';
import { deterministicRandom } from '../deterministic.ts';
import { device, helloAck } from './harness.ts';

const crypto = await createNodeCrypto();
const random = deterministicRandom('raw');
const names: Readonly<Record<number, ErrorName>> = errorNames;
const config = () => ({ crypto, draws: randomDraws(random), staticKeys: keyPairs(crypto, random(32)) });

/** One engine, and at the other end of its wire a channel that sends whatever it is told. Classical, for speed. */
export class Raw<
  Engine extends { receive(bytes: Uint8Array, now: number): void; takeOutputs(): Output<Event>[] },
  Event,
> {
  readonly engine: Engine;
  readonly events: Event[] = [];
  /** What the engine sent. */
  readonly frames: Frame[] = [];
  closeCode: number | undefined;
  readonly #channel: RecordChannel;
  readonly #reader: FrameReader;
  readonly now = 0;

  constructor(
    engine: Engine,
    sender: 'client' | 'relay',
    makeChannel: (toEngine: (bytes: Uint8Array) => void, plaintext: (bytes: Uint8Array) => boolean) => RecordChannel,
  ) {
    this.engine = engine;
    this.#reader = new FrameReader(sender);
    this.#channel = makeChannel(
      (bytes) => this.engine.receive(bytes, this.now),
      (bytes) => this.#collect(bytes),
    );
  }

  /** The number's name, also 0 for none. */
  get closedWith(): ErrorName | 0 | undefined {
    return this.closeCode === undefined || this.closeCode === 0 ? this.closeCode : names[this.closeCode];
  }

  begin(): this {
    this.#channel.begin();
    this.run();
    return this;
  }

  send(...frames: { requestId: number; body: FrameBody }[]): this {
    const writer = new FrameWriter();
    for (const frame of frames) writer.write(frame);
    return this.sendPlaintext(writer.take() ?? new Uint8Array(0));
  }

  sendPlaintext(plaintext: Uint8Array): this {
    this.#channel.send(plaintext);
    this.run();
    return this;
  }

  run(): void {
    for (let outputs = this.engine.takeOutputs(); outputs.length > 0; outputs = this.engine.takeOutputs()) {
      for (const output of outputs) {
        if (output.type === 'event') this.events.push(output.event);
        else if (output.type === 'send') this.#channel.receive(output.bytes);
        else if (output.type === 'close') this.closeCode = output.code;
      }
    }
  }

  #collect(bytes: Uint8Array): boolean {
    this.#reader.push(bytes);
    for (let read = this.#reader.next(); read?.ok; read = this.#reader.next()) this.frames.push(read.frame);
    return true;
  }
}

export type RawClient = Raw<RelaySession, RelayEvent> & { readonly hello: { requestId: number; body: FrameBody } };

/** A relay's engine against a client that does as it likes; the handshake is done. `hello` is one that verifies. */
export function rawClient(relay: Partial<RelaySessionConfig> = {}): RawClient {
  let handshakeHash: Uint8Array = new Uint8Array(32);
  const ready = (info: { handshakeHash: Uint8Array }): void => {
    handshakeHash = info.handshakeHash;
  };
  const raw = new Raw<RelaySession, RelayEvent>(
    new RelaySession({ ...config(), ...relay }, 0),
    'relay',
    (send, plaintext) => {
      const listener = { send, plaintext, ready, failed: () => {} };
      return initiatorChannel({ ...config(), suite: 'classical', checkPeer: () => undefined }, listener);
    },
  ).begin();
  const { groupId, deviceKey } = device;
  const signature = device.sign(helloTranscript(handshakeHash, groupId));
  const value = { groupId, deviceKey, signature, enrolment: undefined, accessToken: '' };
  return Object.assign(raw, { hello: { requestId: 1, body: { $case: 'hello' as const, value } } });
}

/** As `rawClient`, let in. */
export function rawMember(): RawClient {
  const raw = rawClient();
  raw.send(raw.hello);
  raw.engine.acceptHello(helloAck);
  raw.run();
  return raw;
}

/** A client's engine against a relay that does as it likes; the handshake is done. */
export function rawRelay(): Raw<ClientSession, ClientEvent> {
  const engine = new ClientSession({ ...config(), suite: 'classical', checkPeer: () => undefined }, 0);
  const raw = new Raw<ClientSession, ClientEvent>(engine, 'client', (send, plaintext) => {
    return responderChannel(config(), { send, plaintext, ready: () => {}, failed: () => {} });
  });
  engine.start();
  return raw.begin();
}

/** A Hello that verifies in no session; for engines whose answer does not depend on it. */
export const anyHello: HelloCommand = {
  groupId: new Uint8Array(32),
  deviceKey: new Uint8Array(32),
  sign: () => new Uint8Array(64),
};
