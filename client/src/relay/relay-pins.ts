import { equal } from '@0k-sync/core/bytes';
import type { ErrorName } from '@0k-sync/generated/errors';
import type { Change } from '../store/port.ts';
import type { StoredPin } from '../store/types.ts';

/**
 * The reaction to a relay that shows other keys than those pinned on first use: `strict` refuses the relay;
 * `permissive` accepts and stores the new keys, and reports `relay-key-changed`. Fixed pins are always strict. CL-31.
 */
export type TofuMode = 'strict' | 'permissive';

/** The keys that a relay shows in a handshake. */
export interface ShownKeys {
  /** X25519 static, 32 bytes. */
  readonly nodeId: Uint8Array;
  /** BLAKE3 of the relay's ML-KEM-768 encapsulation key, 32 bytes; absent in the classical suite. */
  readonly kemHash?: Uint8Array;
}

/** The result of comparing shown keys with the pin. */
export type KeysVerdict =
  /** Every pinned key matches. */
  | { readonly kind: 'known' }
  /** Nothing was pinned: trust on first use. */
  | { readonly kind: 'first-use' }
  /** A key differs from the pin. */
  | { readonly kind: 'changed'; readonly before: StoredPin };

/** The pins of relays, by address. The caller stores the changes that the methods return. CL-30 to CL-33. */
export class RelayPins {
  readonly #pins = new Map<string, StoredPin>();
  /** The keys that were refused last, by address, until others are accepted. */
  readonly #refused = new Map<string, ShownKeys>();
  mode: TofuMode;

  constructor(pins: readonly StoredPin[], mode: TofuMode) {
    this.mode = mode;
    for (const pin of pins) this.#pins.set(pin.address, pin);
  }

  /** The pin of `host:port`; undefined before the first session with it. */
  pinOf(address: string): StoredPin | undefined {
    return this.#pins.get(address);
  }

  listPins(): readonly StoredPin[] {
    return [...this.#pins.values()];
  }

  /** Compares shown keys with the pin and changes nothing; called before handshake message 3. CL-30, HS-12. */
  judgeKeys(address: string, shown: ShownKeys): KeysVerdict {
    const pin = this.#pins.get(address);
    if (pin?.nodeId === undefined) return { kind: 'first-use' };
    const isChanged = differs(pin.nodeId, shown.nodeId) || differs(pin.kemHash, shown.kemHash);
    return isChanged ? { kind: 'changed', before: pin } : { kind: 'known' };
  }

  /** The error that refuses the relay, or undefined when the session may go on. CL-31, CL-32. */
  refusalOf(verdict: KeysVerdict): ErrorName | undefined {
    if (verdict.kind !== 'changed') return undefined;
    return verdict.before.fixed || this.mode === 'strict' ? 'RELAY_IDENTITY_CHANGED' : undefined;
  }

  /** Notes that shown keys were refused. Returns false when the same ones were refused the last time too. CL-31. */
  noteRefusal(address: string, shown: ShownKeys): boolean {
    const last = this.#refused.get(address);
    this.#refused.set(address, shown);
    return last === undefined || !equal(last.nodeId, shown.nodeId) || differs(last.kemHash, shown.kemHash);
  }

  /** False when the relay's KEM key is pinned: such a relay is never dialled in the classical suite. HS-13. */
  allowsClassical(address: string): boolean {
    return this.#pins.get(address)?.kemHash === undefined;
  }

  /**
   * Pins the keys that a completed handshake has proven. CL-31, CL-33.
   *
   * @param verdict the result of `judgeKeys` for the same keys, which was not refused
   * @returns the changes to store; empty when everything was known
   */
  learnKeys(address: string, shown: ShownKeys, verdict: KeysVerdict): Change[] {
    const pin = this.#pins.get(address);
    this.#refused.delete(address);
    if (verdict.kind === 'known' && pin !== undefined) {
      const { kemHash } = shown;
      return pin.kemHash === undefined && kemHash !== undefined ? this.#put({ ...pin, kemHash }) : [];
    }
    return this.#put({ address, ...shown, fixed: pin?.fixed ?? false });
  }

  /**
   * Compares the signing key of a HelloAck with the pin, and pins it if none was known. CL-33.
   *
   * @param signingKey Ed25519, 32 bytes
   * @returns the changes to store; `changed` when another key is pinned that may not be replaced
   */
  learnSigningKey(address: string, signingKey: Uint8Array): Change[] | 'changed' {
    const pin = this.#pins.get(address);
    if (pin === undefined) return [];
    if (pin.signingKey === undefined) return this.#put({ ...pin, signingKey });
    if (equal(pin.signingKey, signingKey)) return [];
    return pin.fixed || this.mode === 'strict' ? 'changed' : this.#put({ ...pin, signingKey });
  }

  /** Takes the pin that a session is opened with; keys already known for the same NodeId stay pinned. CL-32, CL-33. */
  adoptPin(pin: StoredPin): void {
    const known = this.#pins.get(pin.address);
    const isSame = known?.nodeId !== undefined && pin.nodeId !== undefined && equal(known.nodeId, pin.nodeId);
    this.#put(isSame ? { ...known, ...pin } : pin);
  }

  /**
   * Replaces the pin of an address by one from the user, an invite or the group's state. Returns the changes. CL-32.
   */
  replacePin(pin: StoredPin): Change[] {
    return this.#put(pin);
  }

  #put(pin: StoredPin): Change[] {
    this.#pins.set(pin.address, pin);
    return [{ kind: 'pin', pin }];
  }
}

/** Both keys are known, and they are not the same. */
function differs(pinned: Uint8Array | undefined, shown: Uint8Array | undefined): boolean {
  return pinned !== undefined && shown !== undefined && !equal(pinned, shown);
}
