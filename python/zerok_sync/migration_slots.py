"""Steps 5 and 6 of the layout: many groups in one store, and one local log of each."""

from __future__ import annotations

import sqlite3

from .crypto.symmetric import blake3
from .group import DeviceKeys
from .wire.messages import ContentMessage, ContentType

SLOTS = """
ALTER TABLE meta RENAME TO old_meta;
ALTER TABLE epochs RENAME TO old_epochs;
ALTER TABLE relays RENAME TO old_relays;
ALTER TABLE cursors RENAME TO old_cursors;
ALTER TABLE members RENAME TO old_members;
ALTER TABLE chain RENAME TO old_chain;
ALTER TABLE stubs RENAME TO old_stubs;
ALTER TABLE evidence RENAME TO old_evidence;
ALTER TABLE skipped RENAME TO old_skipped;
ALTER TABLE skipping RENAME TO old_skipping;
ALTER TABLE own RENAME TO old_own;
ALTER TABLE log RENAME TO old_log;
ALTER TABLE expired RENAME TO old_expired;
ALTER TABLE held RENAME TO old_held;
ALTER TABLE quarantine RENAME TO old_quarantine;
ALTER TABLE outbox RENAME TO old_outbox;
ALTER TABLE messages RENAME TO old_messages;
-- What belongs to the device itself, not to one of its groups.
CREATE TABLE device(key TEXT PRIMARY KEY, value BLOB NOT NULL);
INSERT INTO device SELECT * FROM old_meta WHERE key = 'device_seed';
-- One group, or a device that is in none yet. `head` is the highest position that its log has given.
CREATE TABLE slots(slot INTEGER PRIMARY KEY AUTOINCREMENT, head INTEGER NOT NULL DEFAULT 0);
INSERT INTO slots(slot) SELECT 1 WHERE EXISTS (SELECT 1 FROM old_meta) OR EXISTS (SELECT 1 FROM old_relays);
CREATE TABLE meta(slot INTEGER NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY(slot, key));
INSERT INTO meta SELECT 1, key, value FROM old_meta WHERE key NOT IN ('device_seed', 'read');
CREATE TABLE epochs(slot INTEGER NOT NULL, epoch INTEGER NOT NULL, secret BLOB NOT NULL, PRIMARY KEY(slot, epoch));
INSERT INTO epochs SELECT 1, epoch, secret FROM old_epochs;
CREATE TABLE relays(
  slot INTEGER NOT NULL, address TEXT NOT NULL, position INTEGER NOT NULL, node_id BLOB NOT NULL,
  kem_hash BLOB NOT NULL, signing_key BLOB NOT NULL, fixed INTEGER NOT NULL, enrolled INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(slot, address));
INSERT INTO relays SELECT 1, address, position, node_id, kem_hash, signing_key, fixed, enrolled FROM old_relays;
CREATE TABLE cursors(
  slot INTEGER NOT NULL, node_id BLOB NOT NULL, cursor INTEGER NOT NULL, hash BLOB NOT NULL,
  PRIMARY KEY(slot, node_id));
INSERT INTO cursors SELECT 1, node_id, cursor, hash FROM old_cursors;
CREATE TABLE members(
  slot INTEGER NOT NULL, device_key BLOB NOT NULL, record BLOB NOT NULL, name TEXT NOT NULL DEFAULT '',
  PRIMARY KEY(slot, device_key));
INSERT INTO members SELECT 1, device_key, record, name FROM old_members ORDER BY rowid;
CREATE TABLE chain(
  slot INTEGER NOT NULL, sender BLOB NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL, previous BLOB NOT NULL,
  stub BLOB NOT NULL, taken_over INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(slot, sender, sequence));
INSERT INTO chain SELECT 1, sender, sequence, hash, previous, stub, taken_over FROM old_chain;
CREATE TABLE stubs(
  slot INTEGER NOT NULL, sender BLOB NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL, stub BLOB NOT NULL,
  of_welcome INTEGER NOT NULL, PRIMARY KEY(slot, sender, sequence));
INSERT INTO stubs SELECT 1, sender, sequence, hash, stub, of_welcome FROM old_stubs;
CREATE TABLE evidence(
  slot INTEGER NOT NULL, sender BLOB NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL, first BLOB NOT NULL,
  second BLOB NOT NULL, PRIMARY KEY(slot, sender, sequence, hash));
INSERT INTO evidence SELECT 1, sender, sequence, hash, first, second FROM old_evidence;
CREATE TABLE skipped(
  slot INTEGER NOT NULL, sender BLOB NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY(slot, sender, first, last));
INSERT INTO skipped SELECT 1, sender, first, last FROM old_skipped;
CREATE TABLE skipping(
  slot INTEGER NOT NULL, sequence INTEGER NOT NULL, named_in INTEGER, PRIMARY KEY(slot, sequence));
INSERT INTO skipping SELECT 1, sequence, named_in FROM old_skipping;
CREATE TABLE own(
  slot INTEGER NOT NULL, sequence INTEGER NOT NULL, envelope BLOB NOT NULL, PRIMARY KEY(slot, sequence));
INSERT INTO own SELECT 1, sequence, envelope FROM old_own;
CREATE TABLE log(
  slot INTEGER NOT NULL, node_id BLOB NOT NULL, cursor INTEGER NOT NULL, hash BLOB NOT NULL,
  is_read INTEGER NOT NULL DEFAULT 1, PRIMARY KEY(slot, node_id, cursor));
INSERT INTO log SELECT 1, node_id, cursor, hash, is_read FROM old_log;
CREATE TABLE expired(
  slot INTEGER NOT NULL, node_id BLOB NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY(slot, node_id, first, last));
INSERT INTO expired SELECT 1, node_id, first, last FROM old_expired;
CREATE TABLE held(
  position INTEGER PRIMARY KEY AUTOINCREMENT, slot INTEGER NOT NULL, waits TEXT NOT NULL, sender BLOB NOT NULL,
  sequence INTEGER NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL, envelope BLOB NOT NULL, came_ms REAL NOT NULL,
  UNIQUE(slot, hash));
INSERT INTO held SELECT position, 1, waits, sender, sequence, previous, hash, envelope, came_ms FROM old_held;
CREATE TABLE quarantine(
  position INTEGER PRIMARY KEY AUTOINCREMENT, slot INTEGER NOT NULL, class TEXT NOT NULL, hash BLOB NOT NULL,
  envelope BLOB NOT NULL, sender BLOB NOT NULL, sequence INTEGER NOT NULL, lacks TEXT NOT NULL,
  UNIQUE(slot, class, hash));
INSERT INTO quarantine SELECT position, 1, class, hash, envelope, sender, sequence, lacks FROM old_quarantine;
CREATE TABLE outbox(
  position INTEGER PRIMARY KEY AUTOINCREMENT, slot INTEGER NOT NULL, id BLOB NOT NULL, kind INTEGER NOT NULL,
  content BLOB NOT NULL, state TEXT NOT NULL, sequence INTEGER, code INTEGER, cursor INTEGER, durable INTEGER,
  collapse_key TEXT, digest BLOB NOT NULL DEFAULT x'', place INTEGER NOT NULL DEFAULT 0, UNIQUE(slot, id));
INSERT INTO outbox(position, slot, id, kind, content, state, sequence, code, cursor, durable)
  SELECT position, 1, id, kind, content, state, sequence, code, cursor, durable FROM old_outbox;
-- The local log: every message that was accepted or pushed here, also before it is sealed, which gives it its hash.
CREATE TABLE messages(
  slot INTEGER NOT NULL, position INTEGER NOT NULL, hash BLOB, sender BLOB NOT NULL, id BLOB NOT NULL,
  topic TEXT NOT NULL, text TEXT, data BLOB, metadata TEXT, sent_at_ms INTEGER NOT NULL, received_at_ms INTEGER,
  pushed_here INTEGER NOT NULL, UNIQUE(slot, position), UNIQUE(slot, sender, id));
-- The places that an app has reached in the local log; `` is the one of SyncSession.messages().
CREATE TABLE places(slot INTEGER NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(slot, name));
INSERT INTO messages
  SELECT 1, ROW_NUMBER() OVER (ORDER BY rowid), hash, sender, id, '', text, data, metadata, sent_at_ms, NULL,
    delivery IS NULL FROM old_messages;
DROP TABLE sizes;
CREATE TABLE sizes(slot INTEGER NOT NULL, name TEXT NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY(slot, name));
INSERT INTO sizes SELECT slot, 'held', (SELECT COALESCE(SUM(LENGTH(envelope)), 0) FROM held) FROM slots;
INSERT INTO sizes SELECT slot, 'quarantine', (SELECT COALESCE(SUM(LENGTH(envelope)), 0) FROM quarantine) FROM slots;
"""

INDEXES = """
DROP TABLE old_epochs;
DROP TABLE old_relays;
DROP TABLE old_cursors;
DROP TABLE old_members;
DROP TABLE old_chain;
DROP TABLE old_stubs;
DROP TABLE old_evidence;
DROP TABLE old_skipped;
DROP TABLE old_skipping;
DROP TABLE old_own;
DROP TABLE old_log;
DROP TABLE old_expired;
DROP TABLE old_held;
DROP TABLE old_quarantine;
DROP TABLE old_outbox;
DROP TABLE old_messages;
DROP TABLE old_meta;
CREATE INDEX held_by_place ON held(slot, waits, sender, sequence, position);
CREATE INDEX held_by_sender ON held(slot, waits, sender, position);
CREATE INDEX held_by_arrival ON held(slot, waits, position);
CREATE INDEX held_by_previous ON held(slot, sender, sequence, previous);
CREATE INDEX quarantine_by_hash ON quarantine(slot, hash, lacks);
CREATE INDEX quarantine_by_sender ON quarantine(slot, sender, lacks);
CREATE INDEX quarantine_by_age ON quarantine(slot, position);
CREATE INDEX log_by_hash ON log(slot, node_id, hash);
CREATE INDEX outbox_waiting ON outbox(slot, position) WHERE state != 'acknowledged';
CREATE INDEX outbox_by_key ON outbox(slot, collapse_key) WHERE collapse_key IS NOT NULL AND state = 'queued';
CREATE UNIQUE INDEX messages_by_hash ON messages(slot, hash);
CREATE INDEX messages_by_topic ON messages(slot, topic, position);
CREATE TRIGGER held_grows AFTER INSERT ON held BEGIN
  UPDATE sizes SET bytes = bytes + LENGTH(NEW.envelope) WHERE slot = NEW.slot AND name = 'held';
END;
CREATE TRIGGER held_shrinks AFTER DELETE ON held BEGIN
  UPDATE sizes SET bytes = bytes - LENGTH(OLD.envelope) WHERE slot = OLD.slot AND name = 'held';
END;
CREATE TRIGGER quarantine_grows AFTER INSERT ON quarantine BEGIN
  UPDATE sizes SET bytes = bytes + LENGTH(NEW.envelope) WHERE slot = NEW.slot AND name = 'quarantine';
END;
CREATE TRIGGER quarantine_shrinks AFTER DELETE ON quarantine BEGIN
  UPDATE sizes SET bytes = bytes - LENGTH(OLD.envelope) WHERE slot = OLD.slot AND name = 'quarantine';
END;
"""


def digest_of(text: str | None, data: bytes | None, metadata: str | None, topic: str) -> bytes:
    """16 bytes that tell two contents of one message id apart."""
    parts = ContentMessage(bytes(16), text, data, metadata, 0, topic=topic).encode()
    return blake3(b"", parts)[:16]


def place_queued(db: sqlite3.Connection) -> None:
    """6: what waits in the queue has a position too, and an id that is used again is compared with what it was for."""
    meta = dict(db.execute("SELECT key, value FROM old_meta"))
    if "group_id" in meta:
        own = DeviceKeys.derive(meta["device_seed"], meta["group_id"]).device_key
        queued = "SELECT content FROM outbox WHERE kind = ? AND state = 'queued' ORDER BY position"
        for (encoded,) in db.execute(queued, (ContentType.MESSAGE,)).fetchall():
            content = ContentMessage.decode(encoded)
            # One that was sealed before step 3 has its place already.
            db.execute(
                "INSERT OR IGNORE INTO messages"
                " SELECT 1, COALESCE(MAX(position), 0) + 1, NULL, ?, ?, '', ?, ?, ?, ?, NULL, 1 FROM messages",
                (own, content.id, content.text, content.data, content.metadata, content.sent_at_ms),
            )
        pushed = db.execute("SELECT id, text, data, metadata, position FROM messages WHERE pushed_here").fetchall()
        for message_id, text, data, metadata, place in pushed:
            digest = digest_of(text, data, metadata, "")
            update = "UPDATE outbox SET digest = ?, place = ? WHERE id = ? AND kind = 1"
            db.execute(update, (digest, place, message_id))
    db.execute("UPDATE slots SET head = (SELECT COALESCE(MAX(position), 0) FROM messages)")
    if "read" in meta:
        db.execute(
            "INSERT INTO places SELECT 1, '', COALESCE(MAX(m.position), 0) FROM old_messages AS o"
            " JOIN messages AS m USING (hash) WHERE o.delivery <= ?",
            (int.from_bytes(meta["read"], "big"),),
        )
