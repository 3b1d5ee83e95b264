import type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
import type { Transport } from '@0k-sync/transport';
import type { Config } from './config/sections.ts';
import { storeConfig } from './config/store-config.ts';
import { DataPlane } from './dataplane/data-plane.ts';
import { Admission } from './dataplane/limits/admission.ts';
import { MemoryBudget } from './dataplane/limits/memory-budget.ts';
import type { RelayClock } from './dataplane/shared/deps.ts';
import { DeviceSessions } from './dataplane/shared/device-sessions.ts';
import { Subscribers } from './dataplane/shared/subscribers.ts';
import { FairTurns } from './dataplane/turns/fair-turns.ts';
import { deriveRelayKeys, type RelayKeys } from './identity/relay-keys.ts';
import { hasSeed, loadSeed } from './identity/seed.ts';
import type { RelayObserver } from './observe/observer.ts';
import { refuseBeginning } from './store/beginning.ts';
import { lockDirectory } from './store/directory-lock.ts';
import { SqliteStore } from './store/index.ts';
import { Retention } from './store/retention.ts';

/** The collaborators of a relay. */
export interface RelayDeps {
  readonly crypto: CryptoProvider;
  readonly random: RandomSource;
  readonly clock: RelayClock;
  readonly observer: RelayObserver;
  /** Runs a round of turns after the network's events were taken; setImmediate by default. RL-73. */
  readonly schedule?: (round: () => void) => void;
}

/** A relay that is built but does not listen yet. */
export interface Relay {
  readonly keys: RelayKeys;
  readonly dataPlane: DataPlane;
  readonly store: SqliteStore;
  readonly admission: Admission;
  readonly memory: MemoryBudget;
  listen(transport: Transport): Promise<{ readonly host: string; readonly port: number }>;
  /** Drains, then closes everything. RL-67. */
  close(): Promise<void>;
}

/** Builds a relay on its data directory. Rejects with OperatorFailure. */
export async function createRelay(config: Config, environment: RelayDeps): Promise<Relay> {
  const { crypto, random, clock, observer } = environment;
  const lock = lockDirectory(config.storage.directory);
  try {
    const { directory, begin_anew: mayBegin } = config.storage;
    if (hasSeed(directory) && !mayBegin) refuseBeginning(directory);
    const subscribers = new Subscribers();
    const store = await SqliteStore.open(storeConfig(config, clock), {
      pushed: (push, { outcome }) => subscribers.pushed(push, outcome),
      committed: (items, milliseconds) => {
        subscribers.committed();
        observer.committed(items, milliseconds);
      },
      refused: (failure) => observer.storageFailed(failure, 'write'),
      readFailed: (failure) => observer.storageFailed(failure, 'read'),
      recovered: () => observer.storageRecovered(),
    });
    const keys = await loadKeys(directory, { crypto, random }, store);
    const retention = new Retention(config.retention, store, store.retentionClock);
    const admission = new Admission(config);
    const memory = new MemoryBudget(config.limits.memory_bytes_max);
    const expiredUntil = () => retention.expiredUntil();
    const sessions = new DeviceSessions(config.limits.sessions_per_device_max);
    const shared = {
      config,
      crypto,
      random,
      clock,
      keys,
      store,
      subscribers,
      sessions,
      admission,
      turns: new FairTurns(environment.schedule),
      memory,
      observer,
      expiredUntil,
    };
    const dataPlane = new DataPlane(shared);
    retention.start();
    return {
      keys,
      dataPlane,
      store,
      admission,
      memory,
      listen: (transport) => dataPlane.listen(transport),
      close: async () => {
        await dataPlane.drain();
        await retention.stop();
        await store.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Loads the keys once the database is there: a first start that dies in between leaves no key without a database.
 * RL-86. Rejects with OperatorFailure.
 */
async function loadKeys(
  directory: string,
  { crypto, random }: Pick<RelayDeps, 'crypto' | 'random'>,
  store: SqliteStore,
): Promise<RelayKeys> {
  try {
    return deriveRelayKeys(crypto, loadSeed(directory, random));
  } catch (error) {
    await store.close();
    throw error;
  }
}
