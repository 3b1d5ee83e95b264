import type { Role, Token } from '@0k-sync/generated/patterns';
import { concat, utf8, wipe } from '../bytes/index.ts';
import type { CryptoProvider, MlKemKeys } from '../crypto/index.ts';
import { redact } from '../redact.ts';
import { type Draws, mlkemSeed } from './draws.ts';
import { KeyPairs, type PublicKeys } from './keys.ts';
import { type HandshakeFailure, MessageReader, MessageRefused } from './message-reader.ts';
import { isReduced } from './modulus-check.ts';
import { Split } from './split.ts';
import type { NoiseSuite } from './suite.ts';
import { SymmetricState } from './symmetric-state.ts';

const MESSAGE_BYTES_MAX = 65_535;
const TAG_BYTES = 16;
const X25519_BYTES = 32;
const MLKEM_KEY_BYTES = 1184;
const MLKEM_CIPHERTEXT_BYTES = 1088;

type FailedMessage = { readonly ok: false; readonly class: HandshakeFailure };
/** The payload of a message, or the class in which the message failed. */
export type ReadResult = { readonly ok: true; readonly payload: Uint8Array } | FailedMessage;
/** A written message, or the class in which writing it failed. HS-05. */
export type WriteResult = { readonly ok: true; readonly message: Uint8Array } | FailedMessage;

/** The settings of one end of a handshake. */
export interface HandshakeConfig {
  readonly crypto: CryptoProvider;
  readonly suite: NoiseSuite;
  readonly role: Role;
  readonly prologue: Uint8Array;
  /** The caller wipes them: a relay uses its own for every connection. */
  readonly staticKeys: KeyPairs;
  readonly draws: Draws;
  /** Called after each token, for transcripts. */
  readonly observe?: ((token: Token | 'payload', state: SymmetricState['snapshot']) => void) | undefined;
}

/** One end of a handshake: the token rows of its suite, run by one loop. HS-02, Noise §5.3. */
export class HandshakeState {
  readonly #config: HandshakeConfig;
  readonly #symmetric: SymmetricState;
  readonly #isInitiator: boolean;
  #ephemeral: KeyPairs | undefined;
  #remoteEphemeral: PublicKeys | undefined;
  #remoteStatic: PublicKeys | undefined;
  #next = 0;
  #failed = false;
  #wasSplit = false;

  constructor(config: HandshakeConfig) {
    this.#config = config;
    this.#isInitiator = config.role === 'initiator';
    this.#symmetric = new SymmetricState(config.crypto, config.suite.hash, utf8(config.suite.protocolName));
    this.#symmetric.mixHash(config.prologue);
  }

  get isComplete(): boolean {
    return !this.#failed && this.#next === this.#config.suite.messages.length;
  }

  /** The peer's static keys; a TypeError before the message that carries them. */
  get remoteStatic(): PublicKeys {
    if (this.#remoteStatic === undefined) throw new TypeError('the peer has not sent its static keys yet');
    return this.#remoteStatic;
  }

  /** h, 32 bytes. */
  get handshakeHash(): Uint8Array {
    return this.#symmetric.handshakeHash;
  }

  /**
   * Writes the next message. Earlier input of the peer can still make it fail. HS-05.
   * Throws a TypeError out of turn and a RangeError for a payload that does not fit.
   */
  writeMessage(payload: Uint8Array): WriteResult {
    const message = this.#config.suite.messages[this.#next];
    if (this.#failed || message?.from !== this.#config.role) throw new TypeError('it is not this end that writes now');
    const parts: Uint8Array[] = [];
    try {
      for (const token of message.tokens) {
        this.#write(token, parts);
        this.#config.observe?.(token, this.#symmetric.snapshot);
      }
    } catch (error) {
      return { ok: false, class: this.#refuse(error) };
    }
    parts.push(this.#symmetric.encryptAndHash(payload));
    this.#config.observe?.('payload', this.#symmetric.snapshot);
    const bytes = concat(...parts);
    if (bytes.length > MESSAGE_BYTES_MAX) {
      this.wipe();
      throw new RangeError(`a message of ${bytes.length} bytes is longer than ${MESSAGE_BYTES_MAX}`);
    }
    this.#next += 1;
    return { ok: true, message: bytes };
  }

  /** Reads the peer's message; after a failure the handshake is over. HS-03 to HS-08. */
  readMessage(message: Uint8Array): ReadResult {
    const row = this.#config.suite.messages[this.#next];
    try {
      if (this.#failed || row === undefined || row.from === this.#config.role)
        throw new MessageRefused('handshake.order');
      if (message.length > MESSAGE_BYTES_MAX) throw new MessageRefused('handshake.parse');
      const reader = new MessageReader(message);
      for (const token of row.tokens) {
        this.#read(token, reader);
        this.#config.observe?.(token, this.#symmetric.snapshot);
      }
      const payload = this.#decrypt(reader.rest());
      this.#config.observe?.('payload', this.#symmetric.snapshot);
      this.#next += 1;
      return { ok: true, payload };
    } catch (error) {
      return { ok: false, class: this.#refuse(error) };
    }
  }

  /**
   * Returns the transport ciphers and wipes the handshake. Throws a TypeError before the last message, and again.
   * HS-14.
   */
  split(): Split {
    if (!this.isComplete) throw new TypeError('the handshake is not complete');
    // A second run would start from a wiped chaining key: keys that everybody can compute.
    if (this.#wasSplit) throw new TypeError('the handshake was split already');
    this.#wasSplit = true;
    const { initiator, responder, exporter } = this.#symmetric.split();
    this.#ephemeral?.wipe();
    return this.#isInitiator ? new Split(initiator, responder, exporter) : new Split(responder, initiator, exporter);
  }

  wipe(): void {
    this.#failed = true;
    this.#symmetric.wipe();
    this.#ephemeral?.wipe();
  }

  #refuse(error: unknown): HandshakeFailure {
    this.wipe();
    if (error instanceof MessageRefused) return error.class;
    throw error;
  }

  #write(token: Token, parts: Uint8Array[]): void {
    const { crypto, suite, draws, staticKeys } = this.#config;
    switch (token) {
      case 'e': {
        const secretKey = draws('e_x25519');
        this.#ephemeral = new KeyPairs(crypto, secretKey, suite.isHybrid ? this.#ephemeralMlkem() : undefined);
        for (const key of this.#publicParts(this.#ephemeral)) {
          this.#symmetric.mixHash(key);
          parts.push(key);
        }
        return;
      }
      case 's':
        for (const key of this.#publicParts(staticKeys)) parts.push(this.#symmetric.encryptAndHash(key));
        return;
      case 'ekem': {
        const { ciphertext, sharedSecret } = this.#encapsulate(this.#remoteEphemeral, 'ekem_m');
        this.#symmetric.mixHash(ciphertext);
        this.#symmetric.mixKey(sharedSecret);
        wipe(sharedSecret);
        parts.push(ciphertext);
        return;
      }
      case 'skem': {
        const { ciphertext, sharedSecret } = this.#encapsulate(this.#remoteStatic, 'skem_m');
        parts.push(this.#symmetric.encryptAndHash(ciphertext));
        this.#symmetric.mixKeyAndHash(sharedSecret);
        wipe(sharedSecret);
        return;
      }
      default:
        this.#mixDiffieHellman(token);
    }
  }

  #read(token: Token, reader: MessageReader): void {
    const { suite, staticKeys } = this.#config;
    switch (token) {
      case 'e': {
        const x25519 = this.#hashed(reader.take(X25519_BYTES));
        const mlkem768 = suite.isHybrid ? this.#hashed(checkedKey(reader.take(MLKEM_KEY_BYTES))) : undefined;
        this.#remoteEphemeral = { x25519, mlkem768 };
        return;
      }
      case 's': {
        const x25519 = this.#decrypt(reader.take(X25519_BYTES + TAG_BYTES));
        const sealed = suite.isHybrid ? reader.take(MLKEM_KEY_BYTES + TAG_BYTES) : undefined;
        const mlkem768 = sealed === undefined ? undefined : checkedKey(this.#decrypt(sealed));
        this.#remoteStatic = { x25519, mlkem768 };
        return;
      }
      case 'ekem': {
        const ciphertext = this.#hashed(reader.take(MLKEM_CIPHERTEXT_BYTES));
        const sharedSecret = this.#decapsulate(this.#ephemeral, ciphertext);
        this.#symmetric.mixKey(sharedSecret);
        wipe(sharedSecret);
        return;
      }
      case 'skem': {
        const ciphertext = this.#decrypt(reader.take(MLKEM_CIPHERTEXT_BYTES + TAG_BYTES));
        const sharedSecret = this.#decapsulate(staticKeys, ciphertext);
        this.#symmetric.mixKeyAndHash(sharedSecret);
        wipe(sharedSecret);
        return;
      }
      default:
        this.#mixDiffieHellman(token);
    }
  }

  /** Picks the public keys that the suite sends: a relay's static keys serve both suites. */
  #publicParts({ publicKeys: { x25519, mlkem768 } }: KeyPairs): Uint8Array[] {
    if (!this.#config.suite.isHybrid) return [x25519];
    if (mlkem768 === undefined) throw new TypeError('a hybrid suite needs ML-KEM keys');
    return [x25519, mlkem768];
  }

  #hashed(bytes: Uint8Array): Uint8Array {
    this.#symmetric.mixHash(bytes);
    return bytes.slice();
  }

  #decrypt(ciphertext: Uint8Array): Uint8Array {
    const plaintext = this.#symmetric.decryptAndHash(ciphertext);
    if (plaintext === undefined) throw new MessageRefused('handshake.auth');
    return plaintext;
  }

  /** `es` is the initiator's e with the responder's s; `se` is the other way round. */
  #mixDiffieHellman(token: 'ee' | 'es' | 'se'): void {
    const local = (token === 'es') === this.#isInitiator || token === 'ee' ? this.#ephemeral : this.#config.staticKeys;
    const remote =
      (token === 'se') === this.#isInitiator || token === 'ee' ? this.#remoteEphemeral : this.#remoteStatic;
    if (local === undefined || remote === undefined) throw new TypeError(`the pattern runs ${token} too early`);
    const shared = this.#config.crypto.x25519(local.secretKey, remote.x25519);
    if (shared === undefined) throw new MessageRefused('handshake.auth');
    this.#symmetric.mixKey(shared);
    wipe(shared);
  }

  /** True when the draws come from the source that the platform itself would use. */
  get #isPlatform(): boolean {
    const { crypto, draws } = this.#config;
    return draws.source !== undefined && draws.source === crypto.platformRandom;
  }

  #ephemeralMlkem(): MlKemKeys {
    const { crypto, draws } = this.#config;
    if (this.#isPlatform && crypto.mlkemKeysFresh !== undefined) return crypto.mlkemKeysFresh();
    const seed = mlkemSeed(draws);
    const keys = crypto.mlkemKeys(seed);
    wipe(seed);
    return keys;
  }

  #encapsulate(
    remote: PublicKeys | undefined,
    draw: 'ekem_m' | 'skem_m',
  ): { ciphertext: Uint8Array; sharedSecret: Uint8Array } {
    if (remote?.mlkem768 === undefined) throw new TypeError('the pattern encapsulates too early');
    const { crypto, draws } = this.#config;
    const m = this.#isPlatform && crypto.mlkemEncapsulateFresh !== undefined ? undefined : draws(draw);
    const result =
      m === undefined ? crypto.mlkemEncapsulateFresh?.(remote.mlkem768) : crypto.mlkemEncapsulate(remote.mlkem768, m);
    wipe(m);
    if (result === undefined) throw new MessageRefused('handshake.kem');
    return result;
  }

  #decapsulate(local: KeyPairs | undefined, ciphertext: Uint8Array): Uint8Array {
    if (local?.mlkem === undefined) throw new TypeError('the pattern decapsulates too early');
    return this.#config.crypto.mlkemDecapsulate(local.mlkem, ciphertext);
  }
}
redact(HandshakeState);

/** Refuses a key that fails the modulus check of FIPS 203 §7.2. HS-06. */
function checkedKey(encapsulationKey: Uint8Array): Uint8Array {
  if (!isReduced(encapsulationKey)) throw new MessageRefused('handshake.kem');
  return encapsulationKey;
}
