/**
 * The version of the first migration. Databases of earlier versions name envelopes by another H (EN-12): they are refused.
 */
export const FIRST_VERSION = 2;

/** Migrations: the first one makes an empty database, each later one brings it from one `user_version` to the next. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE identity (id INTEGER PRIMARY KEY CHECK (id = 1), seed BLOB NOT NULL) STRICT;
  CREATE TABLE membership (id INTEGER PRIMARY KEY CHECK (id = 1), group_id BLOB NOT NULL) STRICT;
  CREATE TABLE epoch (epoch INTEGER PRIMARY KEY, secret BLOB NOT NULL) STRICT;
  CREATE TABLE relay (rank INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE head (sender BLOB PRIMARY KEY, sequence INTEGER NOT NULL, hash BLOB NOT NULL, stub BLOB NOT NULL) STRICT;
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
    sealed_here INTEGER NOT NULL,
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
    hash BLOB NOT NULL,
    sender BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    unsigned INTEGER NOT NULL,
    envelope BLOB NOT NULL,
    received_at_ms INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX quarantine_hash ON quarantine (hash);
  CREATE INDEX quarantine_sender ON quarantine (sender, sequence);
  -- The size of the quarantine, so that one more envelope costs the same however many there are. EN-26.
  CREATE TABLE quarantine_size (id INTEGER PRIMARY KEY CHECK (id = 1), bytes INTEGER NOT NULL) STRICT;
  INSERT INTO quarantine_size VALUES (1, 0);
  CREATE TRIGGER quarantine_grows AFTER INSERT ON quarantine
    BEGIN UPDATE quarantine_size SET bytes = bytes + length(new.envelope); END;
  CREATE TRIGGER quarantine_shrinks AFTER DELETE ON quarantine
    BEGIN UPDATE quarantine_size SET bytes = bytes - length(old.envelope); END;
  CREATE TABLE evidence (
    sender BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    first BLOB NOT NULL,
    second BLOB NOT NULL,
    PRIMARY KEY (sender, sequence, second)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE skip (
    sender BLOB NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    named INTEGER NOT NULL,
    PRIMARY KEY (sender, first)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE expiry (
    relay TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (relay, first)
  ) STRICT, WITHOUT ROWID;
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
