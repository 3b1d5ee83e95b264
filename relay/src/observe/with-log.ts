import { errors } from '@0k-sync/generated/errors';
import type { Log } from './log.ts';
import type { RelayObserver } from './observer.ts';

/** Passes everything to the metrics, and logs numbers that operators want to read. RL-65. */
export function withLog(metrics: RelayObserver, log: Log): RelayObserver {
  const failing = new Set<string>();
  return {
    connected: () => metrics.connected(),
    turnedAway: (error) => {
      metrics.turnedAway(error);
      log.debug({ error: errors[error].number }, 'connection refused');
    },
    disconnected: (error) => {
      metrics.disconnected(error);
      log.debug({ error: error === undefined ? 0 : errors[error].number }, 'connection ended');
    },
    sessionOpened: () => metrics.sessionOpened(),
    sessionClosed: () => metrics.sessionClosed(),
    acknowledged: (milliseconds, items) => metrics.acknowledged(milliseconds, items),
    delivered: (items) => metrics.delivered(items),
    refused: (error) => {
      metrics.refused(error);
      log.debug({ error: errors[error].number }, 'refused');
    },
    committed: (items, milliseconds) => metrics.committed(items, milliseconds),
    // Logged once per kind, because a full disk refuses thousands of transactions. RL-85.
    storageFailed: (failure, access) => {
      metrics.storageFailed(failure, access);
      const name = `${access} ${failure.kind}`;
      if (!failing.has(name)) log.error({ kind: failure.kind, access, reason: failure.message }, 'storage fails');
      failing.add(name);
    },
    storageRecovered: () => {
      metrics.storageRecovered();
      log.info('storage works again');
      failing.clear();
    },
  };
}
