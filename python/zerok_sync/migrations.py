"""The layout of the store: numbered steps, each in a transaction; `PRAGMA user_version` counts those done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from .errors import StoreError

STEPS = (
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
)


def migrate(db: sqlite3.Connection, steps: tuple[str, ...] = STEPS) -> None:
    """Brings a store to the newest layout. Raises StoreError for a store that a newer version of this library wrote."""
    (done,) = db.execute("PRAGMA user_version").fetchone()
    if done > len(steps):
        raise StoreError("a newer version of this software has written the data directory; update this software")
    for number, step in enumerate(steps[done:], done + 1):
        db.execute("BEGIN IMMEDIATE")
        try:
            for statement in _statements(step):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {number}")
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
