"""The quarantine: rejected envelopes, at most QUARANTINE_BYTES_MAX of them. EN-26."""

from __future__ import annotations

import sqlite3
from typing import Literal

from .limits import QUARANTINE_BYTES_MAX

Lacks = Literal["", "signature", "record"]
"""What could still come for a rejected envelope: an envelope that vouches for it, or its sender's record."""


class QuarantineTable:
    def __init__(self, db: sqlite3.Connection, slot: int) -> None:
        self._db, self._slot = db, slot

    def add(
        self, reject_class: str, name: bytes, envelope: bytes, sender: bytes = b"", sequence: int = 0, lacks: Lacks = ""
    ) -> bool:
        """Adds it, and lets the oldest go where the room is used up. False when it is there already."""
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO quarantine(slot, class, hash, envelope, sender, sequence, lacks)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (self._slot, reject_class, name, envelope, sender, sequence, lacks),
        )
        while self.size() > QUARANTINE_BYTES_MAX:
            self._db.execute(
                "DELETE FROM quarantine WHERE position = (SELECT MIN(position) FROM quarantine WHERE slot = ?)",
                (self._slot,),
            )
        return cursor.rowcount > 0

    def size(self) -> int:
        """Bytes of all envelopes in it."""
        query = "SELECT bytes FROM sizes WHERE slot = ? AND name = 'quarantine'"
        (value,) = self._db.execute(query, (self._slot,)).fetchone()
        return int(value)

    def take_unsigned(self, sender: bytes, sequence: int, name: bytes) -> bytes | None:
        """Takes the envelope out that was rejected for its signature, if it is here. EN-34."""
        row = self._db.execute(
            "DELETE FROM quarantine WHERE slot = ? AND hash = ? AND sender = ? AND sequence = ? AND lacks = 'signature'"
            " RETURNING envelope",
            (self._slot, name, sender, sequence),
        ).fetchone()
        return None if row is None else row[0]

    def take_without_record(self, sender: bytes) -> list[bytes]:
        """Takes the sender's envelopes out that waited for its record for too long. CL-12."""
        rows = self._db.execute(
            "DELETE FROM quarantine WHERE slot = ? AND sender = ? AND lacks = 'record' RETURNING envelope",
            (self._slot, sender),
        )
        return [envelope for (envelope,) in rows.fetchall()]
