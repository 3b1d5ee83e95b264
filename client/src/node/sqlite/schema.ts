/** The version of the tables below, as `user_version`. */
export const VERSION = 3;

/** A table that version 3 got later; software of that version which does not know it leaves it alone. CL-29. */
export const LATER_TABLES = `
  CREATE TABLE IF NOT EXISTS visit (
    slot INTEGER NOT NULL, relay TEXT NOT NULL, expires_after_ms INTEGER NOT NULL, seen_at_ms INTEGER NOT NULL,
    told INTEGER NOT NULL, PRIMARY KEY (slot, relay)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * The tables of one device. Each has the number of the slot whose group it is about; senders and relays stand once in a
 * table of their own, because the log names them in every row.
 */
export const TABLES = `
  CREATE TABLE slot (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    head INTEGER NOT NULL DEFAULT 0,
    consumed INTEGER NOT NULL DEFAULT 0,
    -- The size of the quarantine, so that one more envelope costs the same however many there are. EN-26.
    quarantined INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE identity (slot INTEGER PRIMARY KEY, seed BLOB NOT NULL) STRICT;
  CREATE TABLE membership (slot INTEGER PRIMARY KEY, group_id BLOB NOT NULL) STRICT;
  CREATE TABLE epoch (
    slot INTEGER NOT NULL, epoch INTEGER NOT NULL, secret BLOB NOT NULL, PRIMARY KEY (slot, epoch)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE relay (
    slot INTEGER NOT NULL, rank INTEGER NOT NULL, address TEXT NOT NULL, PRIMARY KEY (slot, rank)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE head (
    slot INTEGER NOT NULL, sender BLOB NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL, stub BLOB NOT NULL,
    PRIMARY KEY (slot, sender)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE pin (
    slot INTEGER NOT NULL, address TEXT NOT NULL, node_id BLOB, kem_hash BLOB, signing_key BLOB, fixed INTEGER NOT NULL,
    PRIMARY KEY (slot, address)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE progress (
    slot INTEGER NOT NULL, relay TEXT NOT NULL, cursor INTEGER NOT NULL, hash BLOB NOT NULL, enrolled INTEGER NOT NULL,
    PRIMARY KEY (slot, relay)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE member (
    slot INTEGER NOT NULL, device_key BLOB NOT NULL, record BLOB NOT NULL, name TEXT NOT NULL, PRIMARY KEY (slot, device_key)
  ) STRICT;
  CREATE TABLE chain (
    slot INTEGER NOT NULL, sender BLOB NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (slot, sender)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE cursor (
    slot INTEGER NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (slot, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE sender (id INTEGER PRIMARY KEY, slot INTEGER NOT NULL, key BLOB NOT NULL, UNIQUE (slot, key)) STRICT;
  CREATE TABLE source (id INTEGER PRIMARY KEY, slot INTEGER NOT NULL, relay TEXT NOT NULL, UNIQUE (slot, relay)) STRICT;
  -- A queued message has its row before it is sealed: then sender, sequence and everything sealed are null.
  -- What the app never sees has no position; what was pruned has neither plaintext nor nonce.
  CREATE TABLE log (
    row INTEGER PRIMARY KEY,
    slot INTEGER NOT NULL,
    position INTEGER,
    sender INTEGER,
    sequence INTEGER,
    epoch INTEGER,
    content_type INTEGER NOT NULL,
    own INTEGER NOT NULL,
    sealed_here INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    topic TEXT NOT NULL,
    message_id BLOB NOT NULL,
    hash BLOB,
    previous BLOB,
    body_hash BLOB,
    nonce BLOB,
    signature BLOB,
    plaintext BLOB
  ) STRICT;
  CREATE UNIQUE INDEX log_position ON log (slot, position) WHERE position IS NOT NULL;
  CREATE UNIQUE INDEX log_sequence ON log (sender, sequence) WHERE sequence IS NOT NULL;
  CREATE UNIQUE INDEX log_hash ON log (hash, slot) WHERE hash IS NOT NULL;
  CREATE INDEX log_message ON log (message_id) WHERE position IS NOT NULL;
  CREATE INDEX log_topic ON log (slot, topic, position) WHERE topic <> '';
  CREATE TABLE placement (
    source INTEGER NOT NULL,
    cursor INTEGER NOT NULL,
    row INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    PRIMARY KEY (source, cursor)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX placement_row ON placement (row, source);

  CREATE TABLE held (
    slot INTEGER NOT NULL,
    hash BLOB NOT NULL,
    sender BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    relay TEXT NOT NULL,
    cursor INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL,
    held_at_ms INTEGER NOT NULL,
    reason TEXT NOT NULL,
    envelope BLOB NOT NULL,
    PRIMARY KEY (slot, hash)
  ) STRICT;
  CREATE TABLE quarantine (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    slot INTEGER NOT NULL,
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
  CREATE INDEX quarantine_slot ON quarantine (slot, number);
  CREATE INDEX quarantine_hash ON quarantine (hash);
  CREATE INDEX quarantine_sender ON quarantine (slot, sender, sequence);
  CREATE TRIGGER quarantine_grows AFTER INSERT ON quarantine
    BEGIN UPDATE slot SET quarantined = quarantined + length(new.envelope) WHERE number = new.slot; END;
  CREATE TRIGGER quarantine_shrinks AFTER DELETE ON quarantine
    BEGIN UPDATE slot SET quarantined = quarantined - length(old.envelope) WHERE number = old.slot; END;
  CREATE TABLE evidence (
    slot INTEGER NOT NULL, sender BLOB NOT NULL, sequence INTEGER NOT NULL, first BLOB NOT NULL, second BLOB NOT NULL,
    PRIMARY KEY (slot, sender, sequence, second)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE skip (
    slot INTEGER NOT NULL, sender BLOB NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, named INTEGER NOT NULL,
    PRIMARY KEY (slot, sender, first)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE expiry (
    slot INTEGER NOT NULL, relay TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (slot, relay, first)
  ) STRICT, WITHOUT ROWID;
  -- The plaintext of a message stands in the log, at its position.
  CREATE TABLE outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    slot INTEGER NOT NULL,
    id BLOB NOT NULL,
    position INTEGER,
    content_type INTEGER NOT NULL,
    plaintext BLOB,
    state TEXT NOT NULL,
    sequence INTEGER,
    refusal INTEGER,
    collapse_key TEXT,
    UNIQUE (id, slot)
  ) STRICT;
  CREATE INDEX outbox_slot ON outbox (slot);
  CREATE INDEX outbox_position ON outbox (slot, position) WHERE position IS NOT NULL;
  CREATE INDEX outbox_collapse ON outbox (slot, collapse_key) WHERE collapse_key IS NOT NULL;
  ${LATER_TABLES}
`;

/** The tables whose rows belong to one slot by a column `slot`. */
export const SLOT_TABLES: readonly string[] = [
  'identity',
  'membership',
  'epoch',
  'relay',
  'head',
  'pin',
  'progress',
  'member',
  'chain',
  'cursor',
  'log',
  'sender',
  'source',
  'held',
  'quarantine',
  'evidence',
  'skip',
  'expiry',
  'visit',
  'outbox',
];
