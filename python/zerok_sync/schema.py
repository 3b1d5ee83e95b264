"""Tables and rows of the store."""

from __future__ import annotations

from dataclasses import dataclass

from .pins import Pin

SCHEMA = """
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
"""


@dataclass(frozen=True, slots=True)
class RelayRow:
    address: str
    pin: Pin
    enrolled: bool


@dataclass(frozen=True, slots=True)
class Position:
    """The place up to which one relay's log was read. `hash` is H at `cursor`, empty if it never came. RL-42."""

    cursor: int = 0
    hash: bytes = b""


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """States of CL-40 to CL-58: queued, sealed, refused, acknowledged; `sent` lives only in memory."""

    position: int
    id: bytes
    kind: int
    content: bytes
    state: str
    sequence: int | None
    code: int | None
    cursor: int | None
    durable: int | None
