"""The data directory of a device: one SQLite file, one process at a time. GR-12, GR-13, CL-03, CL-20."""

from __future__ import annotations

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .chain_table import ChainTable
from .errors import StoreError
from .held_table import HeldTable
from .log_table import LogTable
from .migrations import migrate
from .outbox_table import OutboxTable
from .own_table import OwnTable
from .pins import Pin
from .quarantine_table import QuarantineTable
from .rows import RelayRow
from .wire.messages import ContentMessage


class Store:
    """Every method, also of the tables, is one statement or few; group them with transaction()."""

    def __init__(self, directory: Path) -> None:
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
            path = directory / "device.sqlite"
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # GR-13
        except OSError as failure:
            raise StoreError(f"the data directory {directory} cannot be used: {failure}") from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise StoreError(f"another process uses the data directory {directory}") from None  # GR-12
        try:
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            migrate(self._db)
        except StoreError:
            self.close()
            raise
        except sqlite3.Error as failure:
            os.close(self._lock)
            raise StoreError(f"the data directory {directory} cannot be used: {failure}") from None
        self.queue = OutboxTable(self._db)
        self.held = HeldTable(self._db)
        self.chains = ChainTable(self._db)
        self.quarantine = QuarantineTable(self._db)
        self.log = LogTable(self._db)
        self.own = OwnTable(self._db)
        if self.get("device_seed") is None:
            self.put("device_seed", secrets.token_bytes(32))  # GR-10

    def close(self) -> None:
        self._db.close()
        os.close(self._lock)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, durable when it is left. CL-03, CL-20."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.Error as failure:
            raise StoreError(f"the store cannot be written: {failure}") from failure

    def _one(self, sql: str, *values: Any) -> Any:
        row = self._db.execute(sql, values).fetchone()
        return None if row is None else row[0]

    # --- this device and its group

    def get(self, key: str) -> bytes | None:
        value: bytes | None = self._one("SELECT value FROM meta WHERE key = ?", key)
        return value

    def put(self, key: str, value: bytes) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def epochs(self) -> dict[int, bytes]:
        return dict(self._db.execute("SELECT epoch, secret FROM epochs ORDER BY epoch"))

    def add_epoch(self, epoch: int, secret: bytes) -> None:
        self._db.execute("INSERT OR REPLACE INTO epochs VALUES (?, ?)", (epoch, secret))

    def members(self) -> dict[bytes, tuple[bytes, str]]:
        """device key: (record, name)."""
        rows = self._db.execute("SELECT device_key, record, name FROM members ORDER BY rowid")
        return {key: (record, name) for key, record, name in rows}

    def add_member(self, device_key: bytes, record: bytes) -> None:
        self._db.execute("INSERT OR IGNORE INTO members(device_key, record) VALUES (?, ?)", (device_key, record))

    def name_member(self, device_key: bytes, name: str) -> None:
        self._db.execute("UPDATE members SET name = ? WHERE device_key = ?", (name, device_key))

    # --- relays

    def relays(self) -> list[RelayRow]:
        rows = self._db.execute(
            "SELECT address, node_id, kem_hash, signing_key, fixed, enrolled FROM relays ORDER BY position"
        )
        return [RelayRow(a, Pin(n, k, s, bool(f)), bool(e)) for a, n, k, s, f, e in rows]

    def relay(self, address: str) -> RelayRow:
        return next(row for row in self.relays() if row.address == address)

    def add_relay(self, address: str, pin: Pin) -> None:
        """Appends it; one that is known keeps its place and gets the pin only where nothing fixed is known."""
        position = self._one("SELECT COALESCE(MAX(position), 0) + 1 FROM relays")
        self._db.execute(
            "INSERT OR IGNORE INTO relays(address, position, node_id, kem_hash, signing_key, fixed)"
            " VALUES (?, ?, x'', x'', x'', 0)",
            (address, position),
        )
        known = self.relay(address).pin
        if pin.fixed and known.fixed:
            self.set_pin(address, known.completed(pin))
        elif pin.fixed:
            self.set_pin(address, pin)

    def clear_relays(self) -> None:
        self._db.execute("DELETE FROM relays")

    def set_pin(self, address: str, pin: Pin) -> None:
        self._db.execute(
            "UPDATE relays SET node_id = ?, kem_hash = ?, signing_key = ?, fixed = ? WHERE address = ?",
            (pin.node_id, pin.kem_hash, pin.signing_key, pin.fixed, address),
        )

    def set_enrolled(self, address: str, enrolled: bool) -> None:
        self._db.execute("UPDATE relays SET enrolled = ? WHERE address = ?", (enrolled, address))

    # --- messages

    def add_message(self, name: bytes, sender: bytes, content: ContentMessage) -> bool:
        """Adds a message that goes to the app. False for a second one with the same (sender, id). EN-16."""
        (delivery,) = self._db.execute("SELECT COALESCE(MAX(delivery), 0) + 1 FROM messages").fetchone()
        return self._insert_message("INSERT OR IGNORE", name, sender, content, delivery)

    def add_own_message(self, name: bytes, sender: bytes, content: ContentMessage) -> None:
        """Adds a message of this device, or gives one that is sealed anew its new H."""
        self._insert_message("INSERT OR REPLACE", name, sender, content, None)

    def _insert_message(
        self, insert: str, name: bytes, sender: bytes, content: ContentMessage, delivery: int | None
    ) -> bool:
        cursor = self._db.execute(
            f"{insert} INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (name, sender, content.id, content.text, content.data, content.metadata, content.sent_at_ms, delivery),
        )
        return cursor.rowcount > 0

    def messages_above(self, node_id: bytes, cursor: int) -> list[tuple[Any, ...]]:
        """(sender, id, text, data, metadata, sent_at_ms, cursor) in the relay's order."""
        return self._db.execute(
            "SELECT sender, id, text, data, metadata, sent_at_ms, cursor FROM log JOIN messages USING (hash)"
            " WHERE node_id = ? AND cursor > ? AND is_read ORDER BY cursor",
            (node_id, cursor),
        ).fetchall()

    def next_unread(self, after: int) -> tuple[Any, ...] | None:
        """(sender, id, text, data, metadata, sent_at_ms, delivery) of the next message of others."""
        row: tuple[Any, ...] | None = self._db.execute(
            "SELECT sender, id, text, data, metadata, sent_at_ms, delivery FROM messages"
            " WHERE delivery > ? ORDER BY delivery LIMIT 1",
            (after,),
        ).fetchone()
        return row
