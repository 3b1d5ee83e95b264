"""The local log of a group: every message that was accepted or pushed here, by its position; and who read how far."""

from __future__ import annotations

import sqlite3
from typing import Any

from .rows import StoredMessage
from .wire.messages import ContentMessage

_SELECT = (
    "SELECT position, sender, id, topic, text, data, metadata, sent_at_ms, received_at_ms, pushed_here FROM messages"
)


class MessageTable:
    """A position is given once, in the order of commits, and stays empty when its message goes."""

    def __init__(self, db: sqlite3.Connection, slot: int) -> None:
        self._db, self._slot = db, slot

    def _number(self, sql: str, *values: Any) -> int:
        (value,) = self._db.execute(sql, (self._slot, *values)).fetchone()
        return int(value)

    def head(self) -> int:
        """The highest position that was given, 0 before the first."""
        return self._number("SELECT head FROM slots WHERE slot = ?")

    def _next_position(self) -> int:
        row = self._db.execute(
            "UPDATE slots SET head = head + 1 WHERE slot = ? RETURNING head", (self._slot,)
        ).fetchone()
        return int(row[0])

    def has(self, sender: bytes, message_id: bytes) -> bool:
        query = "SELECT 1 FROM messages WHERE slot = ? AND sender = ? AND id = ?"
        return self._db.execute(query, (self._slot, sender, message_id)).fetchone() is not None

    def add(self, name: bytes, sender: bytes, content: ContentMessage, received_at_ms: int) -> int | None:
        """Adds an accepted message; its position. None for a second one with the same (sender, id). EN-16."""
        if self.has(sender, content.id):
            self._db.execute(
                "UPDATE messages SET hash = ? WHERE slot = ? AND sender = ? AND id = ? AND hash IS NULL",
                (name, self._slot, sender, content.id),
            )
            return None
        return self._add(name, sender, content, received_at_ms or None, pushed_here=False)

    def add_pushed(self, sender: bytes, content: ContentMessage) -> int:
        """Adds a message of this device that is not sealed yet; its position."""
        return self._add(None, sender, content, None, pushed_here=True)

    def _add(
        self, name: bytes | None, sender: bytes, content: ContentMessage, received_at_ms: int | None, pushed_here: bool
    ) -> int:
        position = self._next_position()
        values = (name, sender, content.id, content.topic, content.text, content.data, content.metadata)
        self._db.execute(
            "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self._slot, position, *values, content.sent_at_ms, received_at_ms, pushed_here),
        )
        return position

    def set_hash(self, sender: bytes, message_id: bytes, name: bytes) -> None:
        """A message of this device was sealed, perhaps anew: H is `name`."""
        self._db.execute(
            "UPDATE messages SET hash = ? WHERE slot = ? AND sender = ? AND id = ?",
            (name, self._slot, sender, message_id),
        )

    def set_received(self, name: bytes, received_at_ms: int) -> None:
        """A relay has given back a message of this device, and says when it stored it."""
        self._db.execute(
            "UPDATE messages SET received_at_ms = ? WHERE slot = ? AND hash = ? AND received_at_ms IS NULL",
            (received_at_ms or None, self._slot, name),
        )

    def of(self, sender: bytes, message_id: bytes) -> StoredMessage | None:
        row = self._db.execute(
            f"{_SELECT} WHERE slot = ? AND sender = ? AND id = ?", (self._slot, sender, message_id)
        ).fetchone()
        return None if row is None else StoredMessage(*row)

    def remove(self, sender: bytes, message_id: bytes) -> None:
        self._db.execute(
            "DELETE FROM messages WHERE slot = ? AND sender = ? AND id = ?", (self._slot, sender, message_id)
        )

    def prune(self, through: int) -> int:
        """Removes the messages up to a position; how many."""
        return self._db.execute("DELETE FROM messages WHERE slot = ? AND position <= ?", (self._slot, through)).rowcount

    # --- reading

    def above(self, position: int, topic: str | None, limit: int) -> list[StoredMessage]:
        """The next messages above a position, in order."""
        by_topic = "" if topic is None else " AND topic = ?"
        values = (self._slot, position) if topic is None else (self._slot, position, topic)
        rows = self._db.execute(
            f"{_SELECT} WHERE slot = ? AND position > ?{by_topic} ORDER BY position LIMIT ?", (*values, limit)
        )
        return [StoredMessage(*row) for row in rows]

    def of_others_above(self, position: int, limit: int) -> list[StoredMessage]:
        """The next messages that were not pushed here. CL-15."""
        rows = self._db.execute(
            f"{_SELECT} WHERE slot = ? AND position > ? AND NOT pushed_here ORDER BY position LIMIT ?",
            (self._slot, position, limit),
        )
        return [StoredMessage(*row) for row in rows]

    def count_of_others_above(self, position: int, topic: str | None) -> int:
        query = "SELECT COUNT(*) FROM messages WHERE slot = ? AND position > ? AND NOT pushed_here"
        if topic is None:
            return self._number(query, position)
        return self._number(query + " AND topic = ?", position, topic)

    def above_cursor(self, node_id: bytes, cursor: int) -> list[tuple[StoredMessage, int]]:
        """Messages with their cursors above that one, in the relay's order."""
        columns = _SELECT.removeprefix("SELECT ").removesuffix(" FROM messages")
        rows = self._db.execute(
            f"SELECT {columns}, cursor FROM log JOIN messages USING (slot, hash)"
            " WHERE slot = ? AND node_id = ? AND cursor > ? AND is_read ORDER BY cursor",
            (self._slot, node_id, cursor),
        )
        return [(StoredMessage(*row[:-1]), row[-1]) for row in rows]

    def oldest_served(self, node_id: bytes, floor: int, after_ms: int) -> int | None:
        """When the relay stored the first message above `floor`, of those that it stored after `after_ms`. The relay's
        times never fall. RL-30."""
        row = self._db.execute(
            "SELECT received_at_ms FROM log JOIN messages USING (slot, hash)"
            " WHERE slot = ? AND node_id = ? AND cursor > ? AND received_at_ms > ? ORDER BY cursor LIMIT 1",
            (self._slot, node_id, floor, after_ms),
        ).fetchone()
        return None if row is None else int(row[0])

    # --- places

    def place(self, name: str) -> int:
        """The position that a reader has reached, 0 for one that is not known."""
        query = "SELECT position FROM places WHERE slot = ? AND name = ?"
        row = self._db.execute(query, (self._slot, name)).fetchone()
        return 0 if row is None else int(row[0])

    def places(self) -> dict[str, int]:
        query = "SELECT name, position FROM places WHERE slot = ? ORDER BY name"
        return dict(self._db.execute(query, (self._slot,)))

    def set_place(self, name: str, position: int) -> None:
        self._db.execute("INSERT OR REPLACE INTO places VALUES (?, ?, ?)", (self._slot, name, position))

    def remove_place(self, name: str) -> bool:
        query = "DELETE FROM places WHERE slot = ? AND name = ?"
        return self._db.execute(query, (self._slot, name)).rowcount > 0
