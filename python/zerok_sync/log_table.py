"""What was read of each relay's log: cursors, places, and what was missing. CL-01, CL-08, CL-11, CL-14."""

from __future__ import annotations

import sqlite3

from .rows import Position


class LogTable:
    def __init__(self, db: sqlite3.Connection, slot: int) -> None:
        self._db, self._slot = db, slot

    def position(self, node_id: bytes) -> Position:
        """CL-01."""
        row = self._db.execute(
            "SELECT cursor, hash FROM cursors WHERE slot = ? AND node_id = ?", (self._slot, node_id)
        ).fetchone()
        return Position(*row) if row else Position()

    def set_position(self, node_id: bytes, position: Position) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO cursors VALUES (?, ?, ?, ?)", (self._slot, node_id, position.cursor, position.hash)
        )

    def add(self, node_id: bytes, cursor: int, name: bytes) -> None:
        """Adds a place that was read; an envelope that a relay gives at a second cursor keeps its first one. CL-17."""
        if self.cursor_of(node_id, name) is not None:
            return
        self._db.execute("DELETE FROM log WHERE slot = ? AND node_id = ? AND hash = ?", (self._slot, node_id, name))
        self._db.execute("INSERT OR REPLACE INTO log VALUES (?, ?, ?, ?, 1)", (self._slot, node_id, cursor, name))

    def add_acknowledged(self, node_id: bytes, cursor: int, name: bytes) -> None:
        """Adds the place that a PushAck names: it is no loss when it is removed unread. CL-08."""
        if self.cursor_of(node_id, name) is None:
            self._db.execute("INSERT OR IGNORE INTO log VALUES (?, ?, ?, ?, 0)", (self._slot, node_id, cursor, name))

    def cursor_of(self, node_id: bytes, name: bytes) -> int | None:
        """Returns where an envelope was read at that relay, by its H. CL-17."""
        row = self._db.execute(
            "SELECT MIN(cursor) FROM log INDEXED BY log_by_hash"
            " WHERE slot = ? AND node_id = ? AND hash = ? AND is_read",
            (self._slot, node_id, name),
        ).fetchone()
        value: int | None = row[0]
        return value

    def forget(self, node_id: bytes) -> None:
        """Forgets the cursor and the log of a relay, so that they are read again from 0. CL-06."""
        self._db.execute("DELETE FROM log WHERE slot = ? AND node_id = ?", (self._slot, node_id))
        self._db.execute("DELETE FROM cursors WHERE slot = ? AND node_id = ?", (self._slot, node_id))

    def lowest_held(self, node_id: bytes) -> int | None:
        """Returns the lowest cursor of that relay whose envelope is held. CL-13."""
        row = self._db.execute(
            "SELECT MIN(log.cursor) FROM held JOIN log USING (slot, hash) WHERE log.node_id = ? AND slot = ?",
            (node_id, self._slot),
        ).fetchone()
        value: int | None = row[0]
        return value

    def unread(self, node_id: bytes, first: int, last: int) -> list[tuple[int, int]]:
        """Returns the stretches of first to last whose envelopes never came from that relay. CL-08."""
        known = self._db.execute(
            "SELECT cursor FROM log WHERE slot = ? AND node_id = ? AND cursor BETWEEN ? AND ? ORDER BY cursor",
            (self._slot, node_id, first, last),
        )
        stretches, start = [], first
        for (cursor,) in known:
            if cursor > start:
                stretches.append((start, cursor - 1))
            start = cursor + 1
        return [*stretches, (start, last)] if start <= last else stretches

    def add_expired(self, node_id: bytes, first: int, last: int) -> None:
        self._db.execute("INSERT OR IGNORE INTO expired VALUES (?, ?, ?, ?)", (self._slot, node_id, first, last))

    def expired(self) -> dict[bytes, list[tuple[int, int]]]:
        """Cursors of each relay that were removed before they were read. CL-14."""
        found: dict[bytes, list[tuple[int, int]]] = {}
        query = "SELECT node_id, first, last FROM expired WHERE slot = ? ORDER BY 1, 2"
        for node_id, first, last in self._db.execute(query, (self._slot,)):
            found.setdefault(node_id, []).append((first, last))
        return found

    def has_expired(self, node_id: bytes) -> bool:
        query = "SELECT 1 FROM expired WHERE slot = ? AND node_id = ?"
        return self._db.execute(query, (self._slot, node_id)).fetchone() is not None
