import { type CryptoProvider, nobleCrypto, type RandomSource } from '@0k-sync/core/crypto';
import type { Transport } from '@0k-sync/transport';
import { type Clock, systemClock } from '../async/clock.ts';
import { SyncError } from '../error.ts';
import type { TofuMode } from '../relay/relay-pins.ts';
import { MemoryStore } from '../store/memory.ts';
import type { Store } from '../store/port.ts';

/** What a session can be given. `@0k-sync/client/node` has defaults for everything. */
export interface SyncSessionOptions {
  /** What carries bytes to relays. */
  readonly transport: Transport;
  /** Where this device keeps its data; default: in memory. The session closes it. */
  readonly store?: Store;
  /** Default: the portable provider. */
  readonly crypto?: CryptoProvider;
  /** Default: the platform's `crypto.getRandomValues`. OV-05. */
  readonly random?: RandomSource;
  readonly clock?: Clock;
  /** Default `hybrid`; `classical` has no protection against quantum computers. CL-35. */
  readonly mode?: 'hybrid' | 'classical';
  /** Default `permissive`. CL-31. */
  readonly tofuMode?: TofuMode;
  /** What the other members see, at most DEVICE_NAME_BYTES_MAX bytes; only ever encrypted. GR-16. */
  readonly deviceName?: string;
  /** For relays that let groups be created by token. SE-13. */
  readonly accessToken?: string;
  /** Dials no relay: for looking at what is stored, and for queueing only. Default false. */
  readonly offline?: boolean;
  /** Closes the session when it aborts. */
  readonly signal?: AbortSignal;
}

/** SyncSessionOptions with every default filled in. */
export type ResolvedOptions = Required<Omit<SyncSessionOptions, 'signal'>> & Pick<SyncSessionOptions, 'signal'>;

export function resolveOptions(options: SyncSessionOptions): ResolvedOptions {
  return {
    store: options.store ?? new MemoryStore(),
    crypto: nobleCrypto,
    random: platformRandom,
    clock: systemClock,
    mode: 'hybrid',
    tofuMode: 'permissive',
    deviceName: '',
    accessToken: '',
    offline: false,
    ...withoutUndefined(options),
    transport: options.transport,
  };
}

function withoutUndefined<Options extends object>(options: Options): Partial<Options> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<Options>;
}

/** `getRandomValues` takes at most this many bytes at once. */
const QUOTA_BYTES = 65_536;

function platformRandom(length: number): Uint8Array {
  if (length > QUOTA_BYTES)
    throw new SyncError('argument', 'Too many random bytes at once.', { hint: 'Ask for fewer.' });
  return globalThis.crypto.getRandomValues(new Uint8Array(length));
}
