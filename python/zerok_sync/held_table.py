"""The table of held envelopes: authentic ones whose turn has not come. EN-09, EN-24, EN-25.

Every method costs the same however many are held: each query goes through an index, and triggers count the bytes.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Literal

from .envelope import CheckedEnvelope
from .limits import SAFE_INTEGER_MAX

Waits = Literal["gap", "epoch", "record"]


class HeldTable:
    """Rows wait for the envelopes before them (`gap`), the secret of their epoch, or the record of their sender."""

    def __init__(self, db: sqlite3.Connection, slot: int) -> None:
        self._db, self._slot = db, slot

    def _one(self, sql: str, *values: object) -> Any:
        row = self._db.execute(sql, (self._slot, *values)).fetchone()
        return None if row is None else row[0]

    def add(self, waits: Waits, checked: CheckedEnvelope, now_ms: float) -> None:
        """Adds it, or changes what it waits for; it keeps its place in the order of arrival."""
        header = checked.header
        self._db.execute(
            "INSERT INTO held(slot, waits, sender, sequence, previous, hash, envelope, came_ms)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(slot, hash) DO UPDATE SET waits = excluded.waits",
            (
                self._slot,
                waits,
                header.sender_key,
                header.sequence,
                header.previous,
                checked.hash,
                checked.envelope.encode(),
                now_ms,
            ),
        )

    def has(self, name: bytes) -> bool:
        return self._one("SELECT 1 FROM held WHERE slot = ? AND hash = ?", name) is not None

    def begin(self, now_ms: float) -> None:
        """Monotonic times do not outlive a process: what an earlier one held came when this one began. OV-07."""
        self._db.execute("UPDATE held SET came_ms = ? WHERE slot = ?", (now_ms, self._slot))

    def remove(self, name: bytes) -> None:
        self._db.execute("DELETE FROM held WHERE slot = ? AND hash = ?", (self._slot, name))

    def remove_behind_gap(self, name: bytes) -> None:
        """Removes it unless it waits for its epoch by now."""
        self._db.execute("DELETE FROM held WHERE slot = ? AND hash = ? AND waits = 'gap'", (self._slot, name))

    def next_behind_gap(self, sender: bytes, through: int = SAFE_INTEGER_MAX) -> bytes | None:
        """Returns the envelope of lowest sequence that waits for a gap of the sender, at most `through`."""
        envelope: bytes | None = self._one(
            "SELECT envelope FROM held WHERE slot = ? AND waits = 'gap' AND sender = ? AND sequence <= ?"
            " ORDER BY sequence, position LIMIT 1",
            sender,
            through,
        )
        return envelope

    def oldest_came_ms(self, sender: bytes) -> float | None:
        """Returns when the envelope came that has waited longest for a gap of the sender."""
        came_ms: float | None = self._one(
            "SELECT came_ms FROM held WHERE slot = ? AND waits = 'gap' AND sender = ? ORDER BY position LIMIT 1", sender
        )
        return came_ms

    def oldest(self, waits: Waits) -> tuple[bytes, bytes] | None:
        """Returns (sender, envelope) of the one that has waited longest."""
        row: tuple[bytes, bytes] | None = self._db.execute(
            "SELECT sender, envelope FROM held WHERE slot = ? AND waits = ? ORDER BY position LIMIT 1",
            (self._slot, waits),
        ).fetchone()
        return row

    def take_without_record(self, sender: bytes) -> list[bytes]:
        """Takes the sender's envelopes out that wait for its record. CL-12."""
        query = "DELETE FROM held WHERE slot = ? AND waits = 'record' AND sender = ? RETURNING envelope"
        rows = self._db.execute(query, (self._slot, sender))
        return [envelope for (envelope,) in rows.fetchall()]

    def last_position(self) -> int:
        """The place of the newest one in the order of arrival."""
        return self._one("SELECT MAX(position) FROM held WHERE slot = ?") or 0

    def sender_waiting_since(self, position: int) -> bytes | None:
        """Returns the sender of the longest waiting envelope behind a gap that came no later than `position`."""
        sender: bytes | None = self._one(
            "SELECT sender FROM held WHERE slot = ? AND waits = 'gap' AND position <= ? ORDER BY position LIMIT 1",
            position,
        )
        return sender

    def senders_behind_gaps(self) -> list[bytes]:
        query = "SELECT DISTINCT sender FROM held WHERE slot = ? AND waits = 'gap'"
        return [sender for (sender,) in self._db.execute(query, (self._slot,))]

    def size(self) -> int:
        """Bytes of all held envelopes."""
        return int(self._one("SELECT bytes FROM sizes WHERE slot = ? AND name = 'held'"))
