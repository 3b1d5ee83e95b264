import type { StoreConfig } from '../store/index.ts';
import type { Config } from './sections.ts';

const SECOND_MS = 1000;

/** The relay's clocks, as RelayClock has them. */
interface Clocks {
  monotonic(): number;
  wall(): number;
}

/** Returns the store's part of the configuration. */
export function storeConfig({ storage, groups, log, retention }: Config, clock: Clocks): StoreConfig {
  return {
    writer: {
      database: {
        directory: storage.directory,
        databaseBytesMax: storage.database_bytes_max,
        reserveBytes: storage.reserve_bytes,
        walAutocheckpointPages: storage.wal_autocheckpoint_pages,
        lockWaitMs: storage.lock_wait_ms,
      },
      quotas: {
        bytesMax: groups.bytes_max,
        envelopesMax: groups.envelopes_max,
        devicesMax: groups.devices_max,
        mailboxesMax: groups.mailboxes_max,
        inviteLifetimeMsMax: groups.invite_lifetime_ms_max,
        creatorBytesMax: groups.bytes_per_address_max,
        totalBytesMax: groups.total_bytes_max,
        auditRowsMax: log.audit_rows_max,
      },
    },
    commit: {
      batchItemsMax: storage.batch_items_max,
      batchBytesMax: storage.batch_bytes_max,
      clock: () => clock.wall(),
    },
    retentionClock: { stepMs: retention.clock_step_seconds * SECOND_MS, monotonic: () => clock.monotonic() },
  };
}
