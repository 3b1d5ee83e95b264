import { equal } from '@0k-sync/core/bytes';
import type { ErrorName } from '@0k-sync/generated/errors';
import type { Change } from '../store/port.ts';
import type { StoredPin } from '../store/types.ts';

/** What to do when a relay's keys are not the known ones. CL-31. */
export type TofuMode = 'strict' | 'permissive';

/** What a handshake has shown of a relay. */
export interface ShownKeys {
  /** X25519 static, 32 bytes. */
  readonly nodeId: Uint8Array;
  /** BLAKE3 of its ML-KEM-768 encapsulation key, 32 bytes; absent in the classical suite. */
  readonly kemHash?: Uint8Array;
}

/** What came of comparing what was shown with what was known. */
export type Judgement =
  /** Everything that is known matches. */
  | { readonly kind: 'known' }
  /** Nothing was known: trust on first use. */
  | { readonly kind: 'first-use' }
  /** The keys differ from the pin. */
  | { readonly kind: 'changed'; readonly before: StoredPin };

/** Pins of relays by address. CL-30 to CL-33. */
export class TrustStore {
  readonly #pins = new Map<string, StoredPin>();
  mode: TofuMode;

  constructor(pins: readonly StoredPin[], mode: TofuMode) {
    this.mode = mode;
    for (const pin of pins) this.#pins.set(pin.address, pin);
  }

  pin(address: string): StoredPin | undefined {
    return this.#pins.get(address);
  }

  pins(): readonly StoredPin[] {
    return [...this.#pins.values()];
  }

  /** Compares without changing anything; called before handshake message 3. CL-30, HS-12. */
  judge(address: string, shown: ShownKeys): Judgement {
    const pin = this.#pins.get(address);
    if (pin?.nodeId === undefined) return { kind: 'first-use' };
    const changed = differs(pin.nodeId, shown.nodeId) || differs(pin.kemHash, shown.kemHash);
    return changed ? { kind: 'changed', before: pin } : { kind: 'known' };
  }

  /** The error that refuses a judgement, or undefined when the session may go on. CL-31, CL-32. */
  refusal(judgement: Judgement): ErrorName | undefined {
    if (judgement.kind !== 'changed') return undefined;
    return judgement.before.fixed || this.mode === 'strict' ? 'RELAY_IDENTITY_CHANGED' : undefined;
  }

  /** HS-13: a relay whose KEM key is pinned is not dialled without it. */
  allowsClassical(address: string): boolean {
    return this.#pins.get(address)?.kemHash === undefined;
  }

  /**
   * Takes what a completed handshake has proven, and returns what to store, if anything is new. CL-31, CL-33.
   * @param judgement what `judge` said of the same keys; not refused.
   */
  learn(address: string, shown: ShownKeys, judgement: Judgement): Change[] {
    const pin = this.#pins.get(address);
    if (judgement.kind === 'known' && pin !== undefined) {
      const { kemHash } = shown;
      return pin.kemHash === undefined && kemHash !== undefined ? this.#keep({ ...pin, kemHash }) : [];
    }
    return this.#keep({ address, ...shown, fixed: pin?.fixed ?? false });
  }

  /**
   * Compares and completes the signing key of a HelloAck. CL-33.
   * @returns what to store, or `changed` with nothing stored when it is not the pinned one and may not be replaced.
   */
  learnSigningKey(address: string, signingKey: Uint8Array): Change[] | 'changed' {
    const pin = this.#pins.get(address);
    if (pin === undefined) return [];
    if (pin.signingKey === undefined) return this.#keep({ ...pin, signingKey });
    if (equal(pin.signingKey, signingKey)) return [];
    return pin.fixed || this.mode === 'strict' ? 'changed' : this.#keep({ ...pin, signingKey });
  }

  /** Takes a pin that a session is opened with; what is known of the same NodeId completes it. CL-32, CL-33. */
  name(pin: StoredPin): void {
    const known = this.#pins.get(pin.address);
    const isSame = known?.nodeId !== undefined && pin.nodeId !== undefined && equal(known.nodeId, pin.nodeId);
    this.#keep(isSame ? { ...known, ...pin } : pin);
  }

  /** Takes a pin that the user or the group's state gives; it replaces what was known. CL-32. */
  fix(pin: StoredPin): Change[] {
    return this.#keep(pin);
  }

  #keep(pin: StoredPin): Change[] {
    this.#pins.set(pin.address, pin);
    return [{ kind: 'pin', pin }];
  }
}

/** Whether two keys, of which both are known, are not the same. */
function differs(pinned: Uint8Array | undefined, shown: Uint8Array | undefined): boolean {
  return pinned !== undefined && shown !== undefined && !equal(pinned, shown);
}
