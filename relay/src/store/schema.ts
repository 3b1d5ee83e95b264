import type { InviteState } from '@0k-sync/generated/machines/invite';
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from './drizzle.ts';

/**
 * The tables of a relay. drizzle-kit derives relay/migrations from this file, and every row that a statement gives has
 * its type from here. reader.ts lists devices and facts with drizzle; the hot path, and the whole writer thread, has
 * its SQL written out in reader.ts and writer/statements.ts. Every time is milliseconds since 1970, every reference a
 * row number.
 */

/** One row per group, with the running counters of RL-28 and RL-30. Outlives its envelopes. RL-51, RL-68. */
export const groups = sqliteTable(
  'groups',
  {
    id: integer().primaryKey(),
    /** 32 bytes. GR-02. */
    groupId: blob('group_id', { mode: 'buffer' }).notNull().unique(),
    /** auth_pub_0, 32 bytes. */
    authKey: blob('auth_key', { mode: 'buffer' }).notNull(),
    epoch: integer().notNull().default(0),
    /** The highest cursor given; 0 before the first. */
    head: integer().notNull().default(0),
    /** The highest cursor removed; 0 before the first. RL-50. */
    floor: integer().notNull().default(0),
    /** The cost (RL-40) of the stored envelopes, and their number. */
    bytes: integer().notNull().default(0),
    envelopes: integer().notNull().default(0),
    /** received_at_ms of the head; it never falls. RL-30. */
    receivedAtMs: integer('received_at_ms').notNull().default(0),
    devices: integer().notNull().default(0),
    /** Grows with every change of the device list. */
    devicesVersion: integer('devices_version').notNull().default(0),
    createdAtMs: integer('created_at_ms').notNull(),
    /** The name of the address that created it, 16 bytes; null for a group from before such names. RL-81. */
    creator: blob({ mode: 'buffer' }),
  },
  (table) => [index('groups_by_creator').on(table.creator)],
);

/** Member records; they outlive every removal. RL-51. */
export const devices = sqliteTable(
  'devices',
  {
    id: integer().primaryKey(),
    groupRow: integer('group_row')
      .notNull()
      .references(() => groups.id),
    /** Ed25519, 32 bytes. */
    deviceKey: blob('device_key', { mode: 'buffer' }).notNull(),
    /** MemberRecord as received. GR-08. */
    recordBody: blob('record_body', { mode: 'buffer' }).notNull(),
    deviceSignature: blob('device_signature', { mode: 'buffer' }).notNull(),
    authSignature: blob('auth_signature', { mode: 'buffer' }).notNull(),
    enrolledAtMs: integer('enrolled_at_ms').notNull(),
  },
  (table) => [uniqueIndex('devices_by_key').on(table.groupRow, table.deviceKey)],
);

/** The log. It keeps row numbers: WITHOUT ROWID is several times slower with rows of this size. */
export const envelopes = sqliteTable(
  'envelopes',
  {
    id: integer().primaryKey(),
    groupRow: integer('group_row')
      .notNull()
      .references(() => groups.id),
    cursor: integer().notNull(),
    deviceRow: integer('device_row')
      .notNull()
      .references(() => devices.id),
    sequence: integer().notNull(),
    receivedAtMs: integer('received_at_ms').notNull(),
    /** H, 32 bytes. EN-12. */
    hash: blob({ mode: 'buffer' }).notNull(),
    header: blob({ mode: 'buffer' }).notNull(),
    nonce: blob({ mode: 'buffer' }).notNull(),
    /** B, 32 bytes. Hash, header, B and signature stand before the ciphertext: a stub costs no page of it. EN-12. */
    bodyHash: blob('body_hash', { mode: 'buffer' }).notNull(),
    signature: blob({ mode: 'buffer' }).notNull(),
    ciphertext: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [
    uniqueIndex('envelopes_by_cursor').on(table.groupRow, table.cursor),
    uniqueIndex('envelopes_by_sequence').on(table.deviceRow, table.sequence),
  ],
);

/**
 * Each device's head as a sender, kept for ever (RL-24, RL-51), and what the device has acknowledged (RL-48). A table
 * of its own, because every push changes the head and these rows are small.
 */
export const cursors = sqliteTable('cursors', {
  deviceRow: integer('device_row')
    .primaryKey()
    .references(() => devices.id),
  headSequence: integer('head_sequence').notNull().default(0),
  /** H of the head, 32 bytes; null while there is none. */
  headHash: blob('head_hash', { mode: 'buffer' }),
  /** The head's stub, from the time when its envelope is removed. RL-24. */
  headHeader: blob('head_header', { mode: 'buffer' }),
  headBodyHash: blob('head_body_hash', { mode: 'buffer' }),
  headSignature: blob('head_signature', { mode: 'buffer' }),
  acknowledged: integer().notNull().default(0),
});

/** The holes of each sender's chain, kept for ever. RL-26. */
export const holes = sqliteTable(
  'holes',
  {
    deviceRow: integer('device_row')
      .notNull()
      .references(() => devices.id),
    /** The lowest and the highest sequence of which no envelope was ever stored. */
    first: integer().notNull(),
    last: integer().notNull(),
    /** `previous` of the envelope above the hole, 32 bytes: what H the last one must have. RL-32. */
    previous: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.deviceRow, table.last] })],
);

/** Mailboxes; a used, expired or cancelled one is deleted. PA-13 to PA-17. */
export const invites = sqliteTable(
  'invites',
  {
    id: integer().primaryKey(),
    /** 16 bytes. */
    mailboxId: blob('mailbox_id', { mode: 'buffer' }).notNull().unique(),
    groupRow: integer('group_row')
      .notNull()
      .references(() => groups.id),
    /** A state of the machine `invite`. */
    state: text().$type<InviteState>().notNull(),
    /** 16 bytes once the mailbox is claimed. */
    claimToken: blob('claim_token', { mode: 'buffer' }),
    payload: blob({ mode: 'buffer' }).notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
  },
  (table) => [index('invites_by_group').on(table.groupRow), index('invites_by_expiry').on(table.expiresAtMs)],
);

/** Facts about this database, by name. */
export const relayMetadata = sqliteTable('relay_metadata', {
  name: text().primaryKey(),
  value: integer().notNull(),
});

/** Events of groups, devices and invites, without full ids. RL-65. */
export const auditLog = sqliteTable(
  'audit_log',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    atMs: integer('at_ms').notNull(),
    event: text().notNull(),
    /** The first 4 bytes of the group id in hexadecimal; null for an event without a group. */
    groupPrefix: text('group_prefix'),
    detail: text().notNull(),
  },
  (table) => [index('audit_by_event').on(table.event), index('audit_by_group').on(table.event, table.groupPrefix)],
);
