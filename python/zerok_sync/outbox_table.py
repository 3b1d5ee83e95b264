"""The outbox table: messages that no relay has acknowledged yet, in order. CL-20 to CL-25."""

from __future__ import annotations

import sqlite3

from .errors import StoreError
from .limits import OUTBOX_ITEMS_MAX
from .rows import OutboxEntry

_SELECT = "SELECT position, id, kind, content, state, sequence, code, cursor, durable FROM outbox "


class OutboxTable:
    """Every method is one statement; Store.transaction() groups them with others."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, message_id: bytes, kind: int, content: bytes) -> None:
        if self.count() >= OUTBOX_ITEMS_MAX:
            raise StoreError("the queue is full")  # CL-20
        self._db.execute(
            "INSERT INTO outbox(id, kind, content, state) VALUES (?, ?, ?, 'queued')", (message_id, kind, content)
        )

    def unacknowledged(self, limit: int = OUTBOX_ITEMS_MAX) -> list[OutboxEntry]:
        """Returns the entries that are not acknowledged, in order."""
        rows = self._db.execute(_SELECT + "WHERE state != 'acknowledged' ORDER BY position LIMIT ?", (limit,))
        return [OutboxEntry(*row) for row in rows]

    def entry(self, message_id: bytes) -> OutboxEntry | None:
        row = self._db.execute(_SELECT + "WHERE id = ?", (message_id,)).fetchone()
        return OutboxEntry(*row) if row else None

    def count(self) -> int:
        (value,) = self._db.execute("SELECT COUNT(*) FROM outbox WHERE state != 'acknowledged'").fetchone()
        return int(value)

    def mark_sealed(self, position: int, sequence: int) -> None:
        self._db.execute("UPDATE outbox SET state = 'sealed', sequence = ? WHERE position = ?", (sequence, position))

    def mark_sent(self, limit: int) -> None:
        """What was refused for now is on its way again. CL-63."""
        self._db.execute(
            "UPDATE outbox SET state = 'sealed' WHERE state = 'deferred' AND position IN"
            " (SELECT position FROM outbox WHERE state != 'acknowledged' ORDER BY position LIMIT ?)",
            (limit,),
        )

    def mark_deferred(self, position: int, code: int) -> None:
        """Refused for now: it may be dropped until it is sent again. CL-45, CL-61."""
        self._db.execute("UPDATE outbox SET state = 'deferred', code = ? WHERE position = ?", (code, position))

    def refused(self) -> list[tuple[bytes, int]]:
        """(id, code) of those that were refused, for good or for now, and not accepted since. CL-60."""
        return self._db.execute(
            "SELECT id, code FROM outbox WHERE code IS NOT NULL AND state != 'acknowledged' ORDER BY position"
        ).fetchall()

    def mark_refused(self, position: int, code: int) -> None:
        self._db.execute("UPDATE outbox SET state = 'refused', code = ? WHERE position = ?", (code, position))

    def mark_acknowledged(self, position: int, cursor: int, durable: bool) -> None:
        self._db.execute(
            "UPDATE outbox SET state = 'acknowledged', content = x'', code = NULL, cursor = ?, durable = ?"
            " WHERE position = ?",
            (cursor, durable, position),
        )

    def retry(self, position: int) -> None:
        self._db.execute("UPDATE outbox SET state = 'sealed', code = NULL WHERE position = ?", (position,))

    def sealed(self) -> list[int]:
        """The sequences that wait for an acknowledgement, refused ones too."""
        rows = self._db.execute(
            "SELECT sequence FROM outbox WHERE state IN ('sealed', 'deferred', 'refused') ORDER BY position"
        ).fetchall()
        return [sequence for (sequence,) in rows]

    def unseal(self, sequence: int) -> None:
        """The entry is sealed anew when its turn comes. CL-28."""
        self._db.execute(
            "UPDATE outbox SET state = 'queued', sequence = NULL, code = NULL"
            " WHERE sequence = ? AND state IN ('sealed', 'deferred', 'refused')",
            (sequence,),
        )

    def drop(self, position: int) -> None:
        self._db.execute("DELETE FROM outbox WHERE position = ?", (position,))
