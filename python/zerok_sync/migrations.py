"""The layout of the store: numbered steps, each in a transaction; `PRAGMA user_version` counts those done."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator

from .errors import StoreError
from .group import DeviceKeys
from .migration_slots import INDEXES, SLOTS, place_queued
from .visit_table import VISITS
from .wire.messages import MemberAnnouncement, MemberRecord


def _announce_again(db: sqlite3.Connection) -> None:
    """4: the first envelope of a chain is the announcement, also of one that begins anew. PA-22."""
    meta = dict(db.execute("SELECT key, value FROM meta"))
    waiting = db.execute("SELECT 1 FROM outbox WHERE kind = 2 AND state != 'acknowledged'").fetchone()
    if "group_id" not in meta or waiting is not None:
        return
    own = DeviceKeys.derive(meta["device_seed"], meta["group_id"]).device_key
    name, record = db.execute("SELECT name, record FROM members WHERE device_key = ?", (own,)).fetchone()
    content = MemberAnnouncement(name, MemberRecord.decode(record)).encode()
    (first,) = db.execute("SELECT COALESCE(MIN(position), 1) - 1 FROM outbox").fetchone()
    db.execute(
        "INSERT INTO outbox(position, id, kind, content, state) VALUES (?, ?, 2, ?, 'queued')",
        (first, secrets.token_bytes(16), content),
    )


Step = str | Callable[[sqlite3.Connection], None]
STEPS: tuple[Step, ...] = (
    # 1: devices that were made before steps were counted have this layout already.
    """
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS epochs(epoch INTEGER PRIMARY KEY, secret BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS relays(
  address TEXT PRIMARY KEY, position INTEGER NOT NULL, node_id BLOB NOT NULL, kem_hash BLOB NOT NULL,
  signing_key BLOB NOT NULL, fixed INTEGER NOT NULL, enrolled INTEGER NOT NULL DEFAULT 0);
-- A relay is its NodeId, wherever it answers. CL-01
CREATE TABLE IF NOT EXISTS cursors(node_id BLOB PRIMARY KEY, cursor INTEGER NOT NULL, hash BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS members(device_key BLOB PRIMARY KEY, record BLOB NOT NULL, name TEXT NOT NULL DEFAULT '');
-- Accepted envelopes of every sender, this device's sealed ones included.
CREATE TABLE IF NOT EXISTS chain(
  sender BLOB NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL, previous BLOB NOT NULL,
  PRIMARY KEY(sender, sequence));
-- Heads that a Welcome named: an envelope in such a place with another H is a fork. PA-12
CREATE TABLE IF NOT EXISTS witnesses(
  sender BLOB NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY(sender, sequence));
-- Behind a gap, or of an epoch that is not known yet.
CREATE TABLE IF NOT EXISTS held(
  position INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB UNIQUE NOT NULL, sender BLOB NOT NULL,
  sequence INTEGER NOT NULL, envelope BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS quarantine(
  position INTEGER PRIMARY KEY AUTOINCREMENT, class TEXT NOT NULL, hash BLOB NOT NULL, envelope BLOB NOT NULL,
  UNIQUE(class, hash));
-- This device's sealed bytes, the same for ever. CL-22
CREATE TABLE IF NOT EXISTS own(sequence INTEGER PRIMARY KEY, envelope BLOB NOT NULL, skip INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS log(node_id BLOB NOT NULL, cursor INTEGER NOT NULL, hash BLOB NOT NULL,
  PRIMARY KEY(node_id, cursor));
CREATE TABLE IF NOT EXISTS messages(
  hash BLOB PRIMARY KEY, sender BLOB NOT NULL, id BLOB NOT NULL, text TEXT, data BLOB, metadata TEXT,
  sent_at_ms INTEGER NOT NULL, delivery INTEGER UNIQUE, UNIQUE(sender, id));
CREATE TABLE IF NOT EXISTS outbox(
  position INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB UNIQUE NOT NULL, kind INTEGER NOT NULL, content BLOB NOT NULL,
  state TEXT NOT NULL, sequence INTEGER, code INTEGER, cursor INTEGER, durable INTEGER);
CREATE INDEX IF NOT EXISTS outbox_waiting ON outbox(position) WHERE state != 'acknowledged';
""",
    # 2: held envelopes say what they wait for and since when; the sizes of bounded tables are counted as they change.
    """
ALTER TABLE held ADD COLUMN waits TEXT NOT NULL DEFAULT 'gap';
ALTER TABLE held ADD COLUMN came_ms REAL NOT NULL DEFAULT 0;
CREATE INDEX held_by_place ON held(waits, sender, sequence, position);
CREATE INDEX held_by_sender ON held(waits, sender, position);
CREATE INDEX held_by_arrival ON held(waits, position);
CREATE TABLE sizes(name TEXT PRIMARY KEY, bytes INTEGER NOT NULL);
INSERT INTO sizes SELECT 'held', COALESCE(SUM(LENGTH(envelope)), 0) FROM held;
INSERT INTO sizes SELECT 'quarantine', COALESCE(SUM(LENGTH(envelope)), 0) FROM quarantine;
CREATE TRIGGER held_grows AFTER INSERT ON held BEGIN
  UPDATE sizes SET bytes = bytes + LENGTH(NEW.envelope) WHERE name = 'held';
END;
CREATE TRIGGER held_shrinks AFTER DELETE ON held BEGIN
  UPDATE sizes SET bytes = bytes - LENGTH(OLD.envelope) WHERE name = 'held';
END;
CREATE TRIGGER quarantine_grows AFTER INSERT ON quarantine BEGIN
  UPDATE sizes SET bytes = bytes + LENGTH(NEW.envelope) WHERE name = 'quarantine';
END;
CREATE TRIGGER quarantine_shrinks AFTER DELETE ON quarantine BEGIN
  UPDATE sizes SET bytes = bytes - LENGTH(OLD.envelope) WHERE name = 'quarantine';
END;
""",
    # 3: H is made in two steps (EN-12), so no chain goes on that was begun before. Identity, members, messages and the
    # queue stay; the chain begins anew, as at a relay that has lost its data.
    """
DELETE FROM held;
DELETE FROM quarantine;
DELETE FROM own;
DELETE FROM log;
DELETE FROM cursors;
DELETE FROM meta WHERE key IN ('own_fork', 'skip_next');
UPDATE outbox SET state = 'queued', sequence = NULL, code = NULL WHERE state IN ('sealed', 'refused');
UPDATE relays SET enrolled = 0;
DROP TABLE chain;
DROP TABLE witnesses;
ALTER TABLE own DROP COLUMN skip;
ALTER TABLE held ADD COLUMN previous BLOB NOT NULL DEFAULT x'';
CREATE INDEX held_by_previous ON held(sender, sequence, previous);
ALTER TABLE quarantine ADD COLUMN sender BLOB NOT NULL DEFAULT x'';
ALTER TABLE quarantine ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE quarantine ADD COLUMN lacks TEXT NOT NULL DEFAULT '';
CREATE INDEX quarantine_by_hash ON quarantine(hash, lacks);
CREATE INDEX quarantine_by_sender ON quarantine(sender, lacks);
CREATE INDEX log_by_hash ON log(node_id, hash);
-- 0: the cursor is a PushAck's word, and the envelope was not read there yet.
ALTER TABLE log ADD COLUMN is_read INTEGER NOT NULL DEFAULT 1;
CREATE TABLE chain(
  sender BLOB NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL, previous BLOB NOT NULL, stub BLOB NOT NULL,
  taken_over INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(sender, sequence));
-- Heads that verified (EN-28): of a Welcome, or of this device as a relay has it.
CREATE TABLE stubs(
  sender BLOB NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL, stub BLOB NOT NULL, of_welcome INTEGER NOT NULL,
  PRIMARY KEY(sender, sequence));
CREATE TABLE evidence(
  sender BLOB NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL, first BLOB NOT NULL, second BLOB NOT NULL,
  PRIMARY KEY(sender, sequence, hash));
CREATE TABLE skipped(
  sender BLOB NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY(sender, first, last));
-- Own sequences that never come, and the one whose plaintext says so.
CREATE TABLE skipping(sequence INTEGER PRIMARY KEY, named_in INTEGER);
CREATE TABLE expired(
  node_id BLOB NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY(node_id, first, last));
""",
    _announce_again,
    # 5 to 7: many groups in one store, each with one local log that holds this device's own messages too.
    SLOTS,
    place_queued,
    INDEXES,
    VISITS,
)


def migrate(db: sqlite3.Connection, steps: tuple[Step, ...] = STEPS) -> None:
    """Brings a store to the newest layout. Raises StoreError for a store that a newer version of this library wrote."""
    (done,) = db.execute("PRAGMA user_version").fetchone()
    if done > len(steps):
        raise StoreError("a newer version of this software has written the data directory; update this software")
    for number, step in enumerate(steps[done:], done + 1):
        db.execute("BEGIN IMMEDIATE")
        try:
            if callable(step):
                step(db)
            else:
                for statement in _statements(step):
                    db.execute(statement)
            db.execute(f"PRAGMA user_version = {number}")
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
