"""Rows of the store."""

from __future__ import annotations

from dataclasses import dataclass

from .pins import Pin


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
    """States of CL-40 to CL-58: queued, sealed, deferred, refused, acknowledged; `sent` lives only in memory."""

    position: int
    id: bytes
    kind: int
    content: bytes
    state: str
    sequence: int | None
    code: int | None
    cursor: int | None
    durable: int | None
    collapse_key: str | None
    digest: bytes
    """What its content was, 16 bytes; empty for an announcement."""
    place: int
    """Its position in the local log, 0 for an announcement."""


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A row of the local log."""

    position: int
    sender: bytes
    id: bytes
    topic: str
    text: str | None
    data: bytes | None
    metadata: str | None
    sent_at_ms: int
    received_at_ms: int | None
    pushed_here: int
