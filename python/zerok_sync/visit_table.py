"""The last session with each relay that removes messages by age. CL-29."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

VISITS = """
-- When this device was last in a session with a relay that removes messages by age. CL-29
CREATE TABLE visits(
  slot INTEGER NOT NULL, node_id BLOB NOT NULL, expires_after_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL,
  told INTEGER NOT NULL, PRIMARY KEY(slot, node_id));
"""
"""Step 8 of the store's layout."""


@dataclass(frozen=True, slots=True)
class Visit:
    expires_after_ms: int
    """Age at which the relay removes messages."""
    seen_ms: int
    """The end of the last session, or a time shortly before it, milliseconds since 1970."""
    told: bool
    """The app knows that messages which came since may go unread."""


class VisitTable:
    def __init__(self, db: sqlite3.Connection, slot: int) -> None:
        self._db, self._slot = db, slot

    def all(self) -> dict[bytes, Visit]:
        """By NodeId."""
        query = "SELECT node_id, expires_after_ms, seen_ms, told FROM visits WHERE slot = ?"
        return {key: Visit(age, seen, bool(told)) for key, age, seen, told in self._db.execute(query, (self._slot,))}

    def put(self, node_id: bytes, visit: Visit) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO visits VALUES (?, ?, ?, ?, ?)",
            (self._slot, node_id, visit.expires_after_ms, visit.seen_ms, visit.told),
        )

    def remove(self, node_id: bytes) -> None:
        self._db.execute("DELETE FROM visits WHERE slot = ? AND node_id = ?", (self._slot, node_id))
