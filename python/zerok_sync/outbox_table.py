"""The outbox table: messages that no relay has acknowledged yet, in order. CL-20 to CL-25."""

from __future__ import annotations

import sqlite3

from .errors import StoreError
from .limits import OUTBOX_ITEMS_MAX
from .rows import OutboxEntry
from .wire.messages import ContentType

_COLUMNS = "position, id, kind, content, state, sequence, code, cursor, durable, collapse_key, digest, place"
_SELECT = f"SELECT {_COLUMNS} FROM outbox "


BEFORE_ALL = -(2**63)
"""Below every position: an announcement that was put before the queue has 0."""


class OutboxTable:
    """Every method is one statement; Store.transaction() groups them with others."""

    def __init__(self, db: sqlite3.Connection, slot: int) -> None:
        self._db, self._slot = db, slot

    def add(
        self,
        message_id: bytes,
        kind: int,
        content: bytes,
        *,
        digest: bytes = b"",
        place: int = 0,
        collapse_key: str | None = None,
    ) -> None:
        self._db.execute(
            "INSERT INTO outbox(slot, id, kind, content, state, digest, place, collapse_key)"
            " VALUES (?, ?, ?, ?, 'queued', ?, ?, ?)",
            (self._slot, message_id, kind, content, digest, place, collapse_key),
        )

    def add_acknowledged(self, message_id: bytes, digest: bytes, place: int) -> None:
        """Adds a message of this device that its store did not push, and that a relay has."""
        self._db.execute(
            "INSERT INTO outbox(slot, id, kind, content, state, digest, place, cursor, durable)"
            " VALUES (?, ?, ?, x'', 'acknowledged', ?, ?, 0, 1)",
            (self._slot, message_id, ContentType.MESSAGE, digest, place),
        )

    def check_room(self, items: int) -> None:
        """Raises StoreError where that many more do not fit. CL-20."""
        first = self.first_waiting()
        span = 0 if first is None else self.last_position() - first.position + 1
        if span + items > OUTBOX_ITEMS_MAX and self.count() + items > OUTBOX_ITEMS_MAX:  # counted where it may be so
            raise StoreError(
                f"the queue holds at most {OUTBOX_ITEMS_MAX} messages",
                hint="Wait for group.flush() before you push more.",
            )

    def collapsible(self, key: str) -> OutboxEntry | None:
        """Returns the entry that was queued with that key and is not sealed yet."""
        row = self._db.execute(
            _SELECT + "WHERE slot = ? AND collapse_key = ? AND state = 'queued'", (self._slot, key)
        ).fetchone()
        return OutboxEntry(*row) if row else None

    def first_waiting(self) -> OutboxEntry | None:
        """Returns the first entry that is not acknowledged."""
        entries = self.unacknowledged(1)
        return entries[0] if entries else None

    def last_position(self) -> int:
        query = "SELECT COALESCE(MAX(position), 0) FROM outbox WHERE slot = ? AND state != 'acknowledged'"
        (value,) = self._db.execute(query, (self._slot,)).fetchone()
        return int(value)

    def unacknowledged(self, limit: int = OUTBOX_ITEMS_MAX, after: int = BEFORE_ALL) -> list[OutboxEntry]:
        """Returns the entries behind position `after` that are not acknowledged, in order."""
        rows = self._db.execute(
            _SELECT + "WHERE slot = ? AND state != 'acknowledged' AND position > ? ORDER BY position LIMIT ?",
            (self._slot, after, limit),
        )
        return [OutboxEntry(*row) for row in rows]

    def entry(self, message_id: bytes) -> OutboxEntry | None:
        row = self._db.execute(_SELECT + "WHERE slot = ? AND id = ?", (self._slot, message_id)).fetchone()
        return OutboxEntry(*row) if row else None

    def count(self) -> int:
        query = "SELECT COUNT(*) FROM outbox WHERE slot = ? AND state != 'acknowledged'"
        (value,) = self._db.execute(query, (self._slot,)).fetchone()
        return int(value)

    def mark_sealed(self, position: int, sequence: int) -> None:
        self._db.execute("UPDATE outbox SET state = 'sealed', sequence = ? WHERE position = ?", (sequence, position))

    def mark_sent(self, limit: int, after: int) -> None:
        """What was refused for now is on its way again: the entries behind position `after`. CL-63."""
        self._db.execute(
            "UPDATE outbox SET state = 'sealed' WHERE state = 'deferred' AND position IN"
            " (SELECT position FROM outbox WHERE slot = ? AND state != 'acknowledged' AND position > ?"
            " ORDER BY position LIMIT ?)",
            (self._slot, after, limit),
        )

    def mark_deferred(self, position: int, code: int) -> None:
        """Refused for now: it may be dropped until it is sent again. CL-45, CL-61."""
        self._db.execute("UPDATE outbox SET state = 'deferred', code = ? WHERE position = ?", (code, position))

    def refused(self) -> list[tuple[bytes, int]]:
        """(id, code) of those that were refused, for good or for now, and not accepted since. CL-60."""
        return self._db.execute(
            "SELECT id, code FROM outbox WHERE slot = ? AND code IS NOT NULL AND state != 'acknowledged'"
            " ORDER BY position",
            (self._slot,),
        ).fetchall()

    def mark_refused(self, position: int, code: int) -> None:
        self._db.execute("UPDATE outbox SET state = 'refused', code = ? WHERE position = ?", (code, position))

    def mark_acknowledged(self, position: int, cursor: int, durable: bool) -> None:
        self._db.execute(
            "UPDATE outbox SET state = 'acknowledged', collapse_key = NULL, content = x'', code = NULL, cursor = ?,"
            " durable = ? WHERE position = ?",
            (cursor, durable, position),
        )

    def retry(self, position: int) -> None:
        self._db.execute("UPDATE outbox SET state = 'sealed', code = NULL WHERE position = ?", (position,))

    def sealed(self) -> list[int]:
        """The sequences that wait for an acknowledgement, refused ones too."""
        rows = self._db.execute(
            "SELECT sequence FROM outbox WHERE slot = ? AND state IN ('sealed', 'deferred', 'refused')"
            " ORDER BY position",
            (self._slot,),
        ).fetchall()
        return [sequence for (sequence,) in rows]

    def unseal(self, sequence: int) -> None:
        """The entry is sealed anew when its turn comes. CL-28."""
        self._db.execute(
            "UPDATE outbox SET state = 'queued', sequence = NULL, code = NULL"
            " WHERE slot = ? AND sequence = ? AND state IN ('sealed', 'deferred', 'refused')",
            (self._slot, sequence),
        )

    def drop(self, position: int) -> None:
        self._db.execute("DELETE FROM outbox WHERE position = ?", (position,))
