import type { ErrorName } from '@0k-sync/generated/errors';
import { patterns, type Role, type SuiteName } from '@0k-sync/generated/patterns';
import { HandshakeState, noiseSuites } from '../noise/index.ts';
import { type Failure, fail } from '../wire/index.ts';
import type { ChannelConfig, ChannelInfo, PeerStatics } from './channel.ts';
import { prologue } from './preface.ts';
import { LENGTH_BYTES, RecordLayer, readLength } from './records.ts';

const EMPTY = new Uint8Array(0);

/** The error of each class in which a handshake message can fail. HS-03 to HS-08. */
const errorOfClass = {
  'handshake.parse': 'HANDSHAKE_MALFORMED',
  'handshake.auth': 'HANDSHAKE_FAILED',
  'handshake.kem': 'HANDSHAKE_KEM_INVALID',
  'handshake.order': 'HANDSHAKE_ORDER',
} as const satisfies Record<string, ErrorName>;

/** The messages of one handshake in their order, each behind its u16 length. WI-04. */
export class HandshakeMessages {
  readonly suite: SuiteName;
  readonly #state: HandshakeState;
  #count = 0;

  constructor({ crypto, draws, staticKeys }: ChannelConfig, suite: SuiteName, role: Role) {
    this.suite = suite;
    const { version } = patterns[suite];
    this.#state = new HandshakeState({
      crypto,
      suite: noiseSuites[suite],
      role,
      prologue: prologue(version),
      staticKeys,
      draws,
    });
  }

  /** The number of messages read and written so far. */
  get count(): number {
    return this.#count;
  }

  /** The peer's static keys; a TypeError before the message that carries them. */
  get peer(): PeerStatics {
    return this.#state.remoteStatic;
  }

  /** Measures the message at `start`: the suite fixes its length, and so an empty payload. HS-04, HS-11. */
  measure(bytes: Uint8Array, start: number, end: number): number | Failure | undefined {
    const length = readLength(bytes, start, end);
    if (length === undefined) return undefined;
    const expected = patterns[this.suite].messages[this.#count]?.length;
    return length === expected ? LENGTH_BYTES + length : fail('HANDSHAKE_MALFORMED', `A message has ${length} bytes.`);
  }

  /** Reads the peer's next message. @returns the error that ends the handshake, if any */
  read(message: Uint8Array): ErrorName | undefined {
    const read = this.#state.readMessage(message.subarray(LENGTH_BYTES));
    this.#count += 1;
    return read.ok ? undefined : errorOfClass[read.class];
  }

  /** Writes the next message, or returns the error that ends the handshake. HS-05. */
  write(): Uint8Array | ErrorName {
    const written = this.#state.writeMessage(EMPTY);
    this.#count += 1;
    return written.ok ? lengthPrefixed(written.message) : errorOfClass[written.class];
  }

  /** Returns the records that follow the last message; undefined when that message failed. */
  split(): { readonly records: RecordLayer; readonly info: ChannelInfo } | undefined {
    if (!this.#state.isComplete) return undefined;
    const info = {
      version: patterns[this.suite].version,
      peer: this.#state.remoteStatic,
      handshakeHash: this.#state.handshakeHash.slice(),
    };
    const records = new RecordLayer(this.#state.split());
    this.#state.wipe();
    return { records, info };
  }

  wipe(): void {
    this.#state.wipe();
  }
}

/** Puts a handshake message behind its u16 length. WI-04. */
export function lengthPrefixed(message: Uint8Array): Uint8Array {
  const out = new Uint8Array(LENGTH_BYTES + message.length);
  out[0] = message.length >> 8;
  out[1] = message.length & 0xff;
  out.set(message, LENGTH_BYTES);
  return out;
}
