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

from .chain import ChainLink
from .envelope import Head
from .errors import StoreError
from .held_table import HeldTable
from .limits import QUARANTINE_BYTES_MAX
from .migrations import migrate
from .outbox_table import OutboxTable
from .pins import Pin
from .rows import Position, RelayRow


class Store:
    """Every method is one statement or few; group them with transaction()."""

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

    def forget(self, key: str) -> None:
        self._db.execute("DELETE FROM meta WHERE key = ?", (key,))

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

    def position(self, node_id: bytes) -> Position:
        """CL-01."""
        row = self._db.execute("SELECT cursor, hash FROM cursors WHERE node_id = ?", (node_id,)).fetchone()
        return Position(*row) if row else Position()

    def set_position(self, node_id: bytes, position: Position) -> None:
        self._db.execute("INSERT OR REPLACE INTO cursors VALUES (?, ?, ?)", (node_id, position.cursor, position.hash))

    def add_log(self, node_id: bytes, cursor: int, name: bytes) -> None:
        self._db.execute("INSERT OR REPLACE INTO log VALUES (?, ?, ?)", (node_id, cursor, name))

    def forget_log(self, node_id: bytes) -> None:
        """Forgets the cursor and the log of a relay, so that they are read again from 0. CL-06."""
        self._db.execute("DELETE FROM log WHERE node_id = ?", (node_id,))
        self._db.execute("DELETE FROM cursors WHERE node_id = ?", (node_id,))

    # --- chains

    def head(self, sender: bytes) -> Head:
        row = self._db.execute(
            "SELECT sequence, hash FROM chain WHERE sender = ? ORDER BY sequence DESC LIMIT 1", (sender,)
        ).fetchone()
        return Head(*row) if row else Head()

    def heads(self) -> dict[bytes, Head]:
        senders = self._db.execute("SELECT DISTINCT sender FROM chain").fetchall()
        return {sender: self.head(sender) for (sender,) in senders}

    def accepted_hash(self, sender: bytes, sequence: int) -> bytes | None:
        value: bytes | None = self._one("SELECT hash FROM chain WHERE sender = ? AND sequence = ?", sender, sequence)
        return value

    def accepted_around(self, sender: bytes, sequence: int) -> dict[int, ChainLink]:
        """Returns the accepted envelopes in that place and in the two beside it."""
        rows = self._db.execute(
            "SELECT sequence, hash, previous FROM chain WHERE sender = ? AND sequence BETWEEN ? AND ?",
            (sender, sequence - 1, sequence + 1),
        )
        return {number: ChainLink(name, previous) for number, name, previous in rows}

    def add_chain(self, sender: bytes, sequence: int, link: ChainLink) -> None:
        self._db.execute("INSERT INTO chain VALUES (?, ?, ?, ?)", (sender, sequence, link.hash, link.previous))

    def add_witness(self, sender: bytes, sequence: int, name: bytes) -> None:
        self._db.execute("INSERT OR IGNORE INTO witnesses VALUES (?, ?, ?)", (sender, sequence, name))

    def witness(self, sender: bytes, sequence: int) -> bytes | None:
        """H of the envelope in that place, as the Welcome said. PA-12."""
        value: bytes | None = self._one(
            "SELECT hash FROM witnesses WHERE sender = ? AND sequence = ?", sender, sequence
        )
        return value

    def quarantine(self, reject_class: str, name: bytes, envelope: bytes) -> bool:
        """False when it is there already. EN-26."""
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO quarantine(class, hash, envelope) VALUES (?, ?, ?)", (reject_class, name, envelope)
        )
        while self._one("SELECT bytes FROM sizes WHERE name = 'quarantine'") > QUARANTINE_BYTES_MAX:
            self._db.execute("DELETE FROM quarantine WHERE position = (SELECT MIN(position) FROM quarantine)")
        return cursor.rowcount > 0

    def add_own(self, sequence: int, envelope: bytes, skip: bool) -> None:
        self._db.execute("INSERT OR IGNORE INTO own VALUES (?, ?, ?)", (sequence, envelope, skip))

    def own(self, sequence: int) -> tuple[bytes, bool] | None:
        """(envelope, skip) of this device."""
        row = self._db.execute("SELECT envelope, skip FROM own WHERE sequence = ?", (sequence,)).fetchone()
        return (row[0], bool(row[1])) if row else None

    def skip(self, sequence: int) -> None:
        """This one will never be sent; the envelope after it says so. CL-25."""
        self._db.execute("DELETE FROM own WHERE sequence = ?", (sequence,))
        if self._db.execute("UPDATE own SET skip = 1 WHERE sequence = ?", (sequence + 1,)).rowcount == 0:
            self.put("skip_next", b"1")

    def own_after(self, sequence: int) -> list[int]:
        """Sequences that no outbox entry will send any more by itself: acknowledged or fast-forwarded ones."""
        rows = self._db.execute(
            "SELECT sequence FROM own WHERE sequence > ? AND sequence NOT IN"
            " (SELECT sequence FROM outbox WHERE sequence IS NOT NULL AND state IN ('sealed', 'refused'))"
            " ORDER BY sequence",
            (sequence,),
        )
        return [s for (s,) in rows]

    # --- messages

    def add_message(self, name: bytes, sender: bytes, content: Any, deliver: bool) -> bool:
        """False for a second one with the same (sender, id). EN-16."""
        delivery = self._one("SELECT COALESCE(MAX(delivery), 0) + 1 FROM messages") if deliver else None
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (name, sender, content.id, content.text, content.data, content.metadata, content.sent_at_ms, delivery),
        )
        return cursor.rowcount > 0

    def messages_above(self, node_id: bytes, cursor: int) -> list[tuple[Any, ...]]:
        """(sender, id, text, data, metadata, sent_at_ms, cursor) in the relay's order."""
        return self._db.execute(
            "SELECT sender, id, text, data, metadata, sent_at_ms, cursor FROM log JOIN messages USING (hash)"
            " WHERE node_id = ? AND cursor > ? ORDER BY cursor",
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
