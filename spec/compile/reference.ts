// The reference handshake: slow, readable, one party at a time, run from the pattern tables alone.
import { x25519 } from '@noble/curves/ed25519.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import type { Role, Token } from './model.ts';
import { type Snapshot, type SplitKeys, SymmetricState } from './reference-state.ts';

const DH_BYTES = 32;
const ENCAPSULATION_KEY_BYTES = 1184;
const CIPHERTEXT_BYTES = 1088;
const TAG_BYTES = 16;

/** A random value of 32 bytes by its name: s_x25519, e_mlkem_d, skem_m, … */
export type Draw = (name: string) => Uint8Array;

/** The state after a token; the last step of a message is its payload. */
export type Step = Snapshot & { readonly token: Token | 'payload' };

/** Returns the bytes that a forger sends instead of its public key or KEM ciphertext: e_x25519, s_mlkem, skem_ct, … */
export type Forge = (name: string, honest: Uint8Array) => Uint8Array;

type KeyName = 'e' | 's';
type KemKeyPair = { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array };

/** One end of a handshake. Throws on what the spec refuses; use a new one for every handshake. */
export class Party {
  readonly #role: Role;
  readonly #draw: Draw;
  readonly #forge: Forge;
  readonly #hybrid: boolean;
  readonly #symmetric: SymmetricState;
  readonly #dhSecrets = new Map<KeyName, Uint8Array>();
  readonly #kemPairs = new Map<KeyName, KemKeyPair>();
  readonly #peerDh = new Map<KeyName, Uint8Array>();
  readonly #peerKem = new Map<KeyName, Uint8Array>();
  #steps: Step[] = [];
  #unread = new Uint8Array(0);

  /** `forge` makes a dishonest end, for vectors that have to be refused. */
  constructor(
    role: Role,
    protocolName: string,
    prologue: Uint8Array,
    draw: Draw,
    forge: Forge = (_, honest) => honest,
  ) {
    this.#role = role;
    this.#draw = draw;
    this.#forge = forge;
    this.#hybrid = protocolName.includes('+MLKEM768_');
    this.#symmetric = new SymmetricState(protocolName);
    this.#symmetric.mixHash(prologue);
  }

  get snapshot(): Snapshot {
    return this.#symmetric.snapshot;
  }

  split(): SplitKeys {
    return this.#symmetric.split();
  }

  /** The bytes of the message and the state after each of its tokens. */
  write(
    tokens: readonly Token[],
    payload: Uint8Array,
  ): { readonly bytes: Uint8Array; readonly steps: readonly Step[] } {
    this.#steps = [];
    const pieces = tokens.map((token) => this.#logged(token, () => this.#writeToken(token)));
    pieces.push(this.#logged('payload', () => this.#symmetric.encryptAndHash(payload)));
    return { bytes: concatBytes(...pieces), steps: this.#steps };
  }

  /** The payload of the message and the state after each of its tokens. */
  read(tokens: readonly Token[], bytes: Uint8Array): { readonly payload: Uint8Array; readonly steps: readonly Step[] } {
    this.#steps = [];
    this.#unread = Uint8Array.from(bytes);
    for (const token of tokens) this.#logged(token, () => this.#readToken(token));
    const payload = this.#logged('payload', () => this.#symmetric.decryptAndHash(this.#unread));
    return { payload, steps: this.#steps };
  }

  #logged<T>(token: Step['token'], run: () => T): T {
    const result = run();
    this.#steps.push({ token, ...this.#symmetric.snapshot });
    return result;
  }

  #writeToken(token: Token): Uint8Array {
    if (token === 'e') return this.#writeEphemeral();
    if (token === 's') return this.#writeStatic();
    if (token === 'ekem') return this.#encapsulate('e');
    if (token === 'skem') return this.#encapsulate('s');
    this.#mixDh(token);
    return new Uint8Array(0);
  }

  #readToken(token: Token): void {
    if (token === 'e') this.#readEphemeral();
    else if (token === 's') this.#readStatic();
    else if (token === 'ekem') this.#decapsulate('e');
    else if (token === 'skem') this.#decapsulate('s');
    else this.#mixDh(token);
  }

  #writeEphemeral(): Uint8Array {
    const publicKeys = this.#makeKeys('e');
    for (const publicKey of publicKeys) this.#symmetric.mixHash(publicKey);
    return concatBytes(...publicKeys);
  }

  #readEphemeral(): void {
    this.#peerDh.set('e', this.#take(DH_BYTES));
    this.#symmetric.mixHash(get(this.#peerDh, 'e'));
    if (!this.#hybrid) return;
    this.#peerKem.set('e', this.#take(ENCAPSULATION_KEY_BYTES));
    this.#symmetric.mixHash(get(this.#peerKem, 'e'));
  }

  #writeStatic(): Uint8Array {
    return concatBytes(...this.#makeKeys('s').map((publicKey) => this.#symmetric.encryptAndHash(publicKey)));
  }

  #readStatic(): void {
    this.#peerDh.set('s', this.#takeSealed(DH_BYTES));
    if (this.#hybrid) this.#peerKem.set('s', this.#takeSealed(ENCAPSULATION_KEY_BYTES));
  }

  /** X25519 of the two keys that the token names, the initiator's first. */
  #mixDh(token: Token): void {
    const own = (this.#role === 'initiator' ? token.charAt(0) : token.charAt(1)) as KeyName;
    const theirs = (this.#role === 'initiator' ? token.charAt(1) : token.charAt(0)) as KeyName;
    this.#symmetric.mixKey(x25519.getSharedSecret(get(this.#dhSecrets, own), get(this.#peerDh, theirs)));
  }

  /** Encapsulates to the peer's ephemeral key (in clear, MixKey) or static key (sealed, MixKeyAndHash). */
  #encapsulate(key: KeyName): Uint8Array {
    const encapsulated = ml_kem768.encapsulate(get(this.#peerKem, key), this.#draw(`${key}kem_m`));
    const cipherText = this.#forge(`${key}kem_ct`, encapsulated.cipherText);
    const { sharedSecret } = encapsulated;
    if (key === 's') {
      const sealed = this.#symmetric.encryptAndHash(cipherText);
      this.#symmetric.mixKeyAndHash(sharedSecret);
      return sealed;
    }
    this.#symmetric.mixHash(cipherText);
    this.#symmetric.mixKey(sharedSecret);
    return cipherText;
  }

  #decapsulate(key: KeyName): void {
    const { secretKey } = get(this.#kemPairs, key);
    if (key === 's') {
      const ciphertext = this.#takeSealed(CIPHERTEXT_BYTES);
      this.#symmetric.mixKeyAndHash(ml_kem768.decapsulate(ciphertext, secretKey));
    } else {
      const ciphertext = this.#take(CIPHERTEXT_BYTES);
      this.#symmetric.mixHash(ciphertext);
      this.#symmetric.mixKey(ml_kem768.decapsulate(ciphertext, secretKey));
    }
  }

  /** Makes the key pairs of one kind; the public keys, X25519 first. */
  #makeKeys(key: KeyName): Uint8Array[] {
    const secret = this.#draw(`${key}_x25519`);
    this.#dhSecrets.set(key, secret);
    const publicKeys = [this.#forge(`${key}_x25519`, x25519.getPublicKey(secret))];
    if (this.#hybrid) {
      const pair = ml_kem768.keygen(concatBytes(this.#draw(`${key}_mlkem_d`), this.#draw(`${key}_mlkem_z`)));
      this.#kemPairs.set(key, pair);
      publicKeys.push(this.#forge(`${key}_mlkem`, pair.publicKey));
    }
    return publicKeys;
  }

  #takeSealed(length: number): Uint8Array {
    return this.#symmetric.decryptAndHash(
      this.#take(this.#symmetric.snapshot.k === null ? length : length + TAG_BYTES),
    );
  }

  #take(length: number): Uint8Array {
    if (this.#unread.length < length) throw new Error(`the message lacks ${length - this.#unread.length} bytes`);
    const taken = this.#unread.slice(0, length);
    this.#unread = this.#unread.slice(length);
    return taken;
  }
}

function get<V>(keys: ReadonlyMap<KeyName, V>, name: KeyName): V {
  const key = keys.get(name);
  if (key === undefined) throw new Error(`the key "${name}" is not known yet`);
  return key;
}
