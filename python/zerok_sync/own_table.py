"""The sealed envelopes of this device, and the places in its chain that never come. CL-22, CL-25, EN-29."""

from __future__ import annotations

import sqlite3

from .limits import SKIPPED_RANGES_MAX
from .wire.messages import SequenceRange


class OwnTable:
    def __init__(self, db: sqlite3.Connection, slot: int) -> None:
        self._db, self._slot = db, slot

    def add(self, sequence: int, envelope: bytes) -> None:
        self._db.execute("INSERT OR IGNORE INTO own VALUES (?, ?, ?)", (self._slot, sequence, envelope))

    def get(self, sequence: int) -> bytes | None:
        row = self._db.execute(
            "SELECT envelope FROM own WHERE slot = ? AND sequence = ?", (self._slot, sequence)
        ).fetchone()
        return None if row is None else row[0]

    def remove(self, sequence: int) -> None:
        self._db.execute("DELETE FROM own WHERE slot = ? AND sequence = ?", (self._slot, sequence))

    def sent_after(self, sequence: int) -> list[int]:
        """Sequences that no outbox entry will send any more by itself: acknowledged or fast-forwarded ones."""
        rows = self._db.execute(
            "SELECT sequence FROM own WHERE slot = ? AND sequence > ? AND sequence NOT IN"
            " (SELECT sequence FROM outbox WHERE slot = ? AND sequence IS NOT NULL"
            " AND state IN ('sealed', 'deferred', 'refused')) ORDER BY sequence",
            (self._slot, sequence, self._slot),
        )
        return [s for (s,) in rows]

    def last_sent(self) -> int:
        """The highest sequence that a relay has, 0 without one."""
        return max(self.sent_after(0), default=0)

    def skip(self, sequence: int) -> None:
        """This one will never be sent. What its plaintext named as skipped is named again by a later one."""
        self.remove(sequence)
        self._db.execute("UPDATE skipping SET named_in = NULL WHERE slot = ? AND named_in = ?", (self._slot, sequence))
        self._db.execute("INSERT OR IGNORE INTO skipping(slot, sequence) VALUES (?, ?)", (self._slot, sequence))

    def name_skipped(self, named_in: int) -> list[SequenceRange]:
        """Returns the ranges that the plaintext of sequence `named_in` names, which no earlier one has named."""
        ranges: list[SequenceRange] = []
        query = "SELECT sequence FROM skipping WHERE slot = ? AND named_in IS NULL ORDER BY sequence"
        unnamed = self._db.execute(query, (self._slot,)).fetchall()
        for (sequence,) in unnamed:
            if ranges and ranges[-1].to == sequence - 1:
                ranges[-1].to = sequence
            elif len(ranges) == SKIPPED_RANGES_MAX:
                break
            else:
                ranges.append(SequenceRange(sequence, sequence))
        if ranges:
            self._db.execute(
                "UPDATE skipping SET named_in = ? WHERE slot = ? AND named_in IS NULL AND sequence <= ?",
                (named_in, self._slot, ranges[-1].to),
            )
        return ranges
