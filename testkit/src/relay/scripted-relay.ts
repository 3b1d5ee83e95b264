import type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
import type { VerifiedHello } from '@0k-sync/core/session';
import type { FrameBody } from '@0k-sync/core/wire';
import { errors } from '@0k-sync/generated/errors';
import { DRAIN_MS, UNREAD_BYTES_MAX } from '@0k-sync/generated/limits';
import { patterns } from '@0k-sync/generated/patterns';
import type { Address, Connection, Listener, Transport } from '@0k-sync/transport';
import type { FrameLog } from '../log/frame-log.ts';
import { type Clock, systemClock } from '../time/clock.ts';
import type { Behaviour, Signal } from './behaviour.ts';
import type { GroupLog } from './group-log.ts';
import { type RelayKeys, relayKeys } from './keys.ts';
import { ScriptedSession } from './scripted-session.ts';
import { Sightings } from './sightings.ts';
import { DEFAULT_SETTINGS, type RelaySettings, RelayState } from './state.ts';

/** Collaborators and settings of a scripted relay. */
export interface ScriptedRelayConfig {
  readonly crypto: CryptoProvider;
  readonly random: RandomSource;
  readonly transport: Transport;
  readonly clock?: Clock;
  readonly behaviour?: Behaviour;
  readonly settings?: Partial<RelaySettings>;
  /** 32 bytes; random by default. */
  readonly seed?: Uint8Array;
  /** Log of the frames; none by default. */
  readonly frames?: FrameLog;
  /** Places for behaviours that betray a secret. An honest relay writes nothing there. */
  readonly leaks?: LeakPlaces;
}

/** Places where a relay may betray a secret. */
export interface LeakPlaces {
  log(line: string): void;
  store(name: string, content: string): void;
}

const NOWHERE: LeakPlaces = { log: () => {}, store: () => {} };

const FAILED_CLAIMS_PER_MINUTE = 10;
const MINUTE_MS = 60_000;

/** A relay in memory on the real engine. It follows the rules unless its behaviour breaks them. */
export class ScriptedRelay {
  readonly crypto: CryptoProvider;
  readonly random: RandomSource;
  readonly clock: Clock;
  readonly settings: RelaySettings;
  readonly state: RelayState;
  /** May be replaced at any time, for requests from then on. */
  behaviour: Behaviour;
  /** The provider with which its sessions verify. */
  engineCrypto: CryptoProvider;
  keys: RelayKeys;
  /** Every request that came, in order. */
  readonly requests: FrameBody[] = [];
  /** Every Hello that verified, in order. */
  readonly hellos: VerifiedHello[] = [];
  readonly sessions = new Set<ScriptedSession>();
  /** Short lines about what its clients did, to explain a failure. */
  readonly sightings = new Sightings();
  /** Connections so far. */
  connections = 0;
  /** The address where it listens. */
  address: Address = { host: '', port: 0 };
  readonly leaks: LeakPlaces;
  readonly frames: FrameLog | undefined;
  readonly #transport: Transport;
  #listener: Listener | undefined;
  /** Times of failed claims by address, and by mailbox. PA-18. */
  readonly #failedClaims = new Map<string, number[]>();

  constructor({ crypto, random, transport, clock, behaviour, settings, seed, leaks, frames }: ScriptedRelayConfig) {
    this.crypto = crypto;
    this.random = random;
    this.clock = clock ?? systemClock;
    this.behaviour = behaviour ?? {};
    this.settings = { ...DEFAULT_SETTINGS, ...settings };
    this.state = new RelayState({ crypto, wall: () => this.clock.wall() }, seed ?? random(32));
    this.engineCrypto = this.behaviour.crypto?.(crypto) ?? crypto;
    this.keys = relayKeys(crypto, this.state.seed);
    this.leaks = leaks ?? NOWHERE;
    this.frames = frames;
    this.#transport = transport;
  }

  /** The relay's group, in tests that have one. Throws a TypeError while there is none. */
  get group(): GroupLog {
    const [group] = this.state.groups.values();
    if (group === undefined) throw new TypeError('the relay has no group');
    return group;
  }

  /** Listens; a port of 0 takes any free one, and the same again after `stop`. */
  async listen(host = '127.0.0.1', port = this.address.port): Promise<Address> {
    const limits = { streamsMax: 1, unreadBytesMax: UNREAD_BYTES_MAX, code: errors.RESOURCES_EXCEEDED.number };
    const alpns = [patterns.hybrid.alpn, patterns.classical.alpn];
    this.#listener = await this.#transport.listen({ host, port, alpns, limits }, (connection) => {
      this.#accept(connection);
    });
    this.address = { host: this.#listener.host, port: this.#listener.port };
    return this.address;
  }

  /** Stops listening. KILL drops every connection; TERM says GoAway and finishes what was begun. The state stays. */
  async stop(signal: Signal = 'KILL'): Promise<void> {
    if (signal === 'TERM') await this.#drain();
    await this.#listener?.close();
    this.#listener = undefined;
  }

  /** Stops and listens again with the state that its disk kept. */
  async restart(signal: Signal): Promise<Address> {
    await this.stop(signal);
    this.behaviour.restart?.(this.state, signal);
    this.keys = relayKeys(this.crypto, this.state.seed);
    return this.listen(this.address.host, this.address.port);
  }

  /** Tells every session to leave, and goes on listening. SE-21. */
  shutdown(): void {
    for (const session of [...this.sessions]) session.drive((engine) => engine.shutdown(this.clock.monotonic()));
  }

  /** Takes another identity, as a relay that was replaced. */
  changeKeys(): void {
    this.state.seed = this.random(32);
    this.keys = relayKeys(this.crypto, this.state.seed);
  }

  /** Delivers new envelopes to the subscribers of a group, or of all groups. */
  publish(group?: GroupLog): void {
    for (const session of [...this.sessions]) {
      if (group === undefined || session.member?.group === group) session.publish();
    }
  }

  /** Removes what has expired. @returns the number of envelopes removed */
  sweep(): number {
    return this.state.sweep(this.settings.expireMs, this.clock.wall());
  }

  /** Closes the session that holds most while all together hold too much. RL-71. */
  boundMemory(): void {
    const held = [...this.sessions].map((session) => ({ session, bytes: session.engine.heldBytes }));
    const total = held.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total <= this.settings.memoryBytesMax) return;
    const worst = held.reduce((most, next) => (next.bytes > most.bytes ? next : most));
    worst.session.evict();
  }

  /** The live sessions of a device, in the order let in. SE-23. */
  sessionsOf(groupId: Uint8Array, deviceKey: Uint8Array): ScriptedSession[] {
    return [...this.sessions].filter(
      (session) => session.engine.state !== 'closed' && session.isOf(groupId, deviceKey),
    );
  }

  forget(session: ScriptedSession): void {
    this.sessions.delete(session);
  }

  /** True while one of these has failed too many claims: an address, or a mailbox. PA-18. */
  hasFailedClaims(claimer: readonly string[]): boolean {
    return claimer.some((key) => this.#recentFailures(key).length >= FAILED_CLAIMS_PER_MINUTE);
  }

  claimFailed(claimer: readonly string[]): void {
    for (const key of claimer) this.#failedClaims.set(key, [...this.#recentFailures(key), this.clock.monotonic()]);
  }

  #recentFailures(key: string): number[] {
    const since = this.clock.monotonic() - MINUTE_MS;
    return (this.#failedClaims.get(key) ?? []).filter((at) => at > since);
  }

  #accept(connection: Connection): void {
    this.connections += 1;
    this.sessions.add(new ScriptedSession(this, connection));
  }

  async #drain(): Promise<void> {
    const ended = Promise.all([...this.sessions].map(({ connection }) => connection.closed));
    this.shutdown();
    const { promise: overdue, resolve } = Promise.withResolvers<void>();
    const cancel = this.clock.after(DRAIN_MS, resolve);
    await Promise.race([ended, overdue]);
    cancel();
  }
}
