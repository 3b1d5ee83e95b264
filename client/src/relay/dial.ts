import { zBase32 } from '@0k-sync/core/bytes';
import type { ChannelInfo } from '@0k-sync/core/channel';
import type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
import { keyPairs, randomDraws } from '@0k-sync/core/noise';
import type { ClientSessionConfig } from '@0k-sync/core/session';
import type { ErrorName } from '@0k-sync/generated/errors';
import { patterns, type SuiteName } from '@0k-sync/generated/patterns';
import type { Transport } from '@0k-sync/transport';
import type { Clock } from '../async/clock.ts';
import type { Emitter } from '../async/emitter.ts';
import type { SyncEvents } from '../events.ts';
import type { Change } from '../store/port.ts';
import { explainError } from './explain-error.ts';
import { ProtocolSession, type SessionListener } from './protocol-session.ts';
import type { ProvenRelay } from './proven-relay.ts';
import type { RelayAddress } from './relay-address.ts';
import type { KeysVerdict, RelayPins, ShownKeys } from './relay-pins.ts';

/** Collaborators of dial. */
export interface DialDeps {
  readonly crypto: CryptoProvider;
  readonly random: RandomSource;
  readonly clock: Clock;
  readonly transport: Transport;
  readonly pins: RelayPins;
  readonly mode: SuiteName;
  readonly events: Emitter<SyncEvents>;
}

/** A protocol session whose handshake has finished, with a relay whose keys are trusted. */
export interface Dialled {
  readonly protocol: ProtocolSession;
  readonly channel: ChannelInfo;
  readonly relay: ProvenRelay;
  /** Newly pinned keys, for the caller to store. */
  readonly changes: readonly Change[];
  /** The relay showed no other key than those pinned before. CL-37. */
  readonly isKnown: boolean;
}

/**
 * Connects to a relay and does the handshake with fresh static keys. The relay's keys are checked before message 3.
 * Rejects with TransportError, SessionEnded, or SyncError kind `identity`. HS-10, HS-12, CL-30.
 */
export async function dial(
  deps: DialDeps,
  { address, target }: RelayAddress,
  listener: SessionListener,
  signal?: AbortSignal,
): Promise<Dialled> {
  const { crypto, random, clock, transport, pins, mode } = deps;
  if (mode === 'classical' && !pins.allowsClassical(address)) throw explainError('DOWNGRADE_REFUSED', address);
  const options = { alpn: patterns[mode].alpn, ...(signal && { signal }) };
  const connection = await transport.connect(target, options);
  const check = new PeerCheck(deps, address);
  const protocol = new ProtocolSession(
    connection,
    {
      crypto,
      suite: mode,
      draws: randomDraws(random),
      staticKeys: keyPairs(crypto, random(32), mode === 'hybrid' ? random(64) : undefined),
      checkPeer: (peer) => check.run(peer),
    },
    clock,
    listener,
  );
  const abort = () => protocol.abort(0);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  const channel = await protocol.channel.finally(() => signal?.removeEventListener('abort', abort));
  return { protocol, channel, ...check.learnKeys() };
}

/** Keeps the keys that a relay shows before message 3 until the end of the handshake has proven them. */
class PeerCheck {
  readonly #deps: DialDeps;
  readonly #address: string;
  #shown: ShownKeys = { nodeId: new Uint8Array() };
  #verdict: KeysVerdict = { kind: 'first-use' };

  constructor(deps: DialDeps, address: string) {
    this.#deps = deps;
    this.#address = address;
  }

  run({ x25519, mlkem768 }: Parameters<ClientSessionConfig['checkPeer']>[0]): ErrorName | undefined {
    const { crypto, pins } = this.#deps;
    this.#shown = { nodeId: x25519.slice(), ...(mlkem768 && { kemHash: crypto.blake3(mlkem768) }) };
    this.#verdict = pins.judgeKeys(this.#address, this.#shown);
    const refusal = pins.refusalOf(this.#verdict);
    if (refusal !== undefined && pins.noteRefusal(this.#address, this.#shown)) this.#reportChange(false);
    return refusal;
  }

  learnKeys(): Pick<Dialled, 'relay' | 'changes' | 'isKnown'> {
    this.#reportChange(true);
    const isKnown = this.#verdict.kind !== 'changed';
    const changes = this.#deps.pins.learnKeys(this.#address, this.#shown, this.#verdict);
    return { relay: { key: zBase32(this.#shown.nodeId), address: this.#address }, changes, isKnown };
  }

  #reportChange(accepted: boolean): void {
    if (this.#verdict.kind !== 'changed') return;
    const { nodeId: before, kemHash: hashBefore } = this.#verdict.before;
    const { nodeId: after, kemHash: hashAfter } = this.#shown;
    this.#deps.events.emit('relay-key-changed', {
      relay: this.#address,
      before: formatKeys(before, hashBefore),
      after: formatKeys(after, hashAfter),
      accepted,
    });
  }
}

/** `<nodeid>[.<kem hash>]`, as before the @ in a relay's text form. CL-34. */
function formatKeys(nodeId: Uint8Array | undefined, kemHash: Uint8Array | undefined): string {
  return [nodeId, kemHash].flatMap((key) => (key === undefined ? [] : [zBase32(key)])).join('.');
}
