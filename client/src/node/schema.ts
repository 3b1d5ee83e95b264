/** Migrations: entry N brings a database from version N, its `user_version`, to version N + 1. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE identity (id INTEGER PRIMARY KEY CHECK (id = 1), seed BLOB NOT NULL) STRICT;
  CREATE TABLE membership (id INTEGER PRIMARY KEY CHECK (id = 1), group_id BLOB NOT NULL) STRICT;
  CREATE TABLE epoch (epoch INTEGER PRIMARY KEY, secret BLOB NOT NULL) STRICT;
  CREATE TABLE relay (rank INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE witness (sender BLOB PRIMARY KEY, sequence INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;
  CREATE TABLE pin (
    address TEXT PRIMARY KEY,
    node_id BLOB,
    kem_hash BLOB,
    signing_key BLOB,
    fixed INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE progress (
    relay TEXT PRIMARY KEY,
    cursor INTEGER NOT NULL,
    hash BLOB NOT NULL,
    enrolled INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE member (device_key BLOB PRIMARY KEY, record BLOB NOT NULL, name TEXT NOT NULL) STRICT;
  CREATE TABLE chain (sender BLOB PRIMARY KEY, sequence INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;

  CREATE TABLE log (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    sender BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    content_type INTEGER NOT NULL,
    message_id BLOB NOT NULL,
    plaintext BLOB NOT NULL,
    envelope BLOB NOT NULL,
    received_at_ms INTEGER NOT NULL,
    own INTEGER NOT NULL,
    visible INTEGER NOT NULL,
    UNIQUE (sender, sequence)
  ) STRICT;
  CREATE INDEX log_message ON log (sender, message_id) WHERE visible = 1;
  CREATE TABLE placement (
    relay TEXT NOT NULL,
    cursor INTEGER NOT NULL,
    position INTEGER NOT NULL REFERENCES log (position) ON DELETE CASCADE,
    received_at_ms INTEGER NOT NULL,
    PRIMARY KEY (relay, cursor)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX placement_position ON placement (position);

  CREATE TABLE held (
    hash BLOB PRIMARY KEY,
    sender BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    relay TEXT NOT NULL,
    cursor INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    held_at_ms INTEGER NOT NULL,
    reason TEXT NOT NULL,
    envelope BLOB NOT NULL
  ) STRICT;
  CREATE TABLE quarantine (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    relay TEXT NOT NULL,
    cursor INTEGER NOT NULL,
    reject_class TEXT NOT NULL,
    envelope BLOB NOT NULL,
    at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    content_type INTEGER NOT NULL,
    plaintext BLOB NOT NULL,
    state TEXT NOT NULL,
    sequence INTEGER,
    refusal INTEGER
  ) STRICT;
  CREATE TABLE consumed (id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL) STRICT;
  `,
];
