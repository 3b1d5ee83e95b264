import { type CryptoProvider, nobleCrypto, type RandomSource } from '@0k-sync/core/crypto';
import type { Transport } from '@0k-sync/transport';
import { checkChoice, checkFlag, checkText } from '../arguments.ts';
import { type Clock, systemClock } from '../async/clock.ts';
import { SyncError } from '../error.ts';
import type { TofuMode } from '../relay/relay-pins.ts';
import { MemoryStore } from '../store/memory.ts';
import type { Store } from '../store/port.ts';

/** Options of a session. `@0k-sync/client/node` has a default for every one of them. */
export interface SyncSessionOptions {
  /** Carries bytes to relays. */
  readonly transport: Transport;
  /** Keeps this device's data; the session closes it. Default: in memory. */
  readonly store?: Store;
  /** Computes the primitives. Default: the portable provider, `nobleCrypto` of `@0k-sync/core/crypto`. */
  readonly crypto?: CryptoProvider;
  /** Draws random bytes. Default: the platform's `crypto.getRandomValues`. OV-05. */
  readonly random?: RandomSource;
  /** Tells the time and sets timers. Default: the machine's clock. */
  readonly clock?: Clock;
  /** The handshake; default `hybrid`. `classical` does not protect against quantum computers. CL-35. */
  readonly mode?: 'hybrid' | 'classical';
  /** Decides what happens when a relay shows other keys than the pinned ones; default `permissive`. CL-31. */
  readonly tofuMode?: TofuMode;
  /**
   * The name that the other members see, at most DEVICE_NAME_BYTES_MAX bytes; relays never see it. Default: empty.
   * GR-16.
   */
  readonly deviceName?: string;
  /**
   * The token for a relay that lets groups be created by token only; sent only where the relay is named with its key.
   * Default: none. SE-13, CL-69.
   */
  readonly accessToken?: string;
  /** True dials no relay: the session only reads stored data and queues messages. Default false. */
  readonly offline?: boolean;
  /** Closes the session when it aborts. */
  readonly signal?: AbortSignal;
}

/** SyncSessionOptions with every default filled in. */
export type ResolvedOptions = Required<Omit<SyncSessionOptions, 'signal'>> & Pick<SyncSessionOptions, 'signal'>;

/** @throws TypeError for an option of a wrong type; SyncError kind `argument` for an unknown mode */
export function checkSharedOptions(options: SyncSessionOptions): void {
  const { transport, mode, tofuMode, deviceName, accessToken, offline } = options;
  if (typeof transport?.connect !== 'function') throw new TypeError('transport: expected a Transport');
  if (mode !== undefined) checkChoice('mode', mode, ['hybrid', 'classical']);
  if (tofuMode !== undefined) checkChoice('tofuMode', tofuMode, ['strict', 'permissive']);
  if (deviceName !== undefined) checkText('deviceName', deviceName);
  if (accessToken !== undefined) checkText('accessToken', accessToken);
  checkFlag('offline', offline);
}

/** Fills in the defaults; an option that is undefined counts as omitted. */
export function resolveOptions(options: SyncSessionOptions): ResolvedOptions {
  return { ...resolveShared(options), store: options.store ?? new MemoryStore() };
}

/** Fills in the defaults of everything but the store. */
export function resolveShared({ store: _, ...options }: SyncSessionOptions): Omit<ResolvedOptions, 'store'> {
  return {
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

/** The options without those that are undefined. */
export function withoutUndefined<Options extends object>(options: Options): Partial<Options> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<Options>;
}

/** `getRandomValues` takes at most this many bytes at once. */
const QUOTA_BYTES = 65_536;

function platformRandom(length: number): Uint8Array {
  if (length > QUOTA_BYTES)
    throw new SyncError('argument', `The random source cannot draw ${length} bytes at once.`, {
      hint: `Draw at most ${QUOTA_BYTES} bytes at once.`,
    });
  return globalThis.crypto.getRandomValues(new Uint8Array(length));
}
