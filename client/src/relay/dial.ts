import { zBase32 } from '@0k-sync/core/bytes';
import type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
import { keyPairs, randomDraws } from '@0k-sync/core/noise';
import type { ChannelInfo, ClientSessionConfig } from '@0k-sync/core/session';
import type { ErrorName } from '@0k-sync/generated/errors';
import { patterns, type SuiteName } from '@0k-sync/generated/patterns';
import type { Transport } from '@0k-sync/transport';
import type { Clock } from '../async/clock.ts';
import type { Emitter } from '../async/emitter.ts';
import type { SyncEvents } from '../events.ts';
import type { Change } from '../store/port.ts';
import { ProtocolConnection, type SessionListener } from './connection.ts';
import { explain } from './failure.ts';
import type { RelayAddress } from './relay-address.ts';
import type { Judgement, ShownKeys, TrustStore } from './trust.ts';

export interface DialConfig {
  readonly crypto: CryptoProvider;
  readonly random: RandomSource;
  readonly clock: Clock;
  readonly transport: Transport;
  readonly trust: TrustStore;
  readonly mode: SuiteName;
  readonly events: Emitter<SyncEvents>;
}

/** A finished handshake with a relay whose keys are trusted. */
export interface Dialled {
  readonly connection: ProtocolConnection;
  readonly channel: ChannelInfo;
  /** NodeId in z-base-32: what everything of this relay is kept under. */
  readonly key: string;
  /** What was learnt of its keys, to be stored. */
  readonly changes: readonly Change[];
}

/**
 * Connects to a relay and does the handshake, with fresh statics, its keys checked before message 3. HS-10, HS-12, CL-30.
 * Rejects with TransportError, SessionEnded, or SyncError kind `identity`.
 */
export async function dial(
  config: DialConfig,
  { address, target }: RelayAddress,
  listener: SessionListener,
  signal?: AbortSignal,
): Promise<Dialled> {
  const { crypto, random, clock, transport, trust, mode } = config;
  if (mode === 'classical' && !trust.allowsClassical(address)) throw explain('DOWNGRADE_REFUSED', address);
  const options = { alpn: patterns[mode].alpn, ...(signal && { signal }) };
  const connection = await transport.connect(target, options);
  const check = new PeerCheck(config, address);
  const protocol = new ProtocolConnection(
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
  return { connection: protocol, channel, ...check.learn() };
}

/** What the handshake shows, between the check before message 3 and its end: only then it is proven. */
class PeerCheck {
  readonly #config: DialConfig;
  readonly #address: string;
  #shown: ShownKeys = { nodeId: new Uint8Array() };
  #judgement: Judgement = { kind: 'first-use' };

  constructor(config: DialConfig, address: string) {
    this.#config = config;
    this.#address = address;
  }

  run({ x25519, mlkem768 }: Parameters<ClientSessionConfig['checkPeer']>[0]): ErrorName | undefined {
    const { crypto, trust } = this.#config;
    this.#shown = { nodeId: x25519.slice(), ...(mlkem768 && { kemHash: crypto.blake3(mlkem768) }) };
    this.#judgement = trust.judge(this.#address, this.#shown);
    const refusal = trust.refusal(this.#judgement);
    if (refusal !== undefined) this.#report(false);
    return refusal;
  }

  learn(): { readonly key: string; readonly changes: readonly Change[] } {
    if (this.#judgement.kind === 'changed') this.#report(true);
    const changes = this.#config.trust.learn(this.#address, this.#shown, this.#judgement);
    return { key: zBase32(this.#shown.nodeId), changes };
  }

  #report(accepted: boolean): void {
    if (this.#judgement.kind !== 'changed') return;
    const { nodeId: before, kemHash: hashBefore } = this.#judgement.before;
    const { nodeId: after, kemHash: hashAfter } = this.#shown;
    this.#config.events.emit('relay-key-changed', {
      relay: this.#address,
      before: nameOf(before, hashBefore),
      after: nameOf(after, hashAfter),
      accepted,
    });
  }
}

/** `<nodeid>[.<kem hash>]` as in a relay's text form. CL-34. */
function nameOf(nodeId: Uint8Array | undefined, kemHash: Uint8Array | undefined): string {
  return [nodeId, kemHash].flatMap((key) => (key === undefined ? [] : [zBase32(key)])).join('.');
}
