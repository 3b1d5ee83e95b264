"""The data directory of a device: one file for all its groups, one process at a time. GR-12, GR-13, CL-03, CL-20."""

from __future__ import annotations

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import StoreError
from .migrations import migrate

_TABLES = [
    "meta",
    "epochs",
    "relays",
    "cursors",
    "members",
    "chain",
    "stubs",
    "evidence",
    "skipped",
    "skipping",
    "own",
    "log",
    "expired",
    "held",
    "quarantine",
    "outbox",
    "messages",
    "places",
    "sizes",
    "visits",
    "slots",
]
"""Every table with a column `slot`."""


def open_private(path: Path) -> int:
    """Returns a descriptor of a file that only its owner may read, from its creation on. GR-13."""
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


class DeviceStore:
    """`directory` None keeps everything in memory. A slot is the place of one group."""

    def __init__(self, directory: Path | None) -> None:
        self.directory = directory
        self._lock = None if directory is None else _lock(directory)
        name = "the store in memory" if directory is None else f"the data directory {directory}"
        try:
            self.db = sqlite3.connect(directory / "device.sqlite" if directory else ":memory:", isolation_level=None)
            try:
                self.db.execute("PRAGMA journal_mode=WAL")
                self.db.execute("PRAGMA synchronous=FULL")
                migrate(self.db)
                self.seed = self._seed()
            except BaseException:
                self.db.close()
                raise
        except sqlite3.Error as failure:
            self._unlock()
            raise StoreError(f"{name} cannot be used: {failure}") from None
        except BaseException:
            self._unlock()
            raise

    def _seed(self) -> bytes:
        """The device's seed, 32 bytes. GR-10."""
        row = self.db.execute("SELECT value FROM device WHERE key = 'device_seed'").fetchone()
        if row is None:
            row = (secrets.token_bytes(32),)
            self.db.execute("INSERT INTO device VALUES ('device_seed', ?)", row)
        seed: bytes = row[0]
        return seed

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def close(self) -> None:
        self.db.close()
        self._unlock()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, durable when it is left. CL-03, CL-20."""
        try:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:  # a full disk has rolled it back already
                    self.db.execute("ROLLBACK")
                raise
        except sqlite3.Error as failure:
            raise StoreError(f"the store cannot be written: {failure}") from failure

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """All or nothing of a part of a transaction."""
        self.db.execute("SAVEPOINT part")
        try:
            yield
            self.db.execute("RELEASE part")
        except BaseException:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK TO part")
                self.db.execute("RELEASE part")
            raise

    # --- slots

    def slots(self) -> list[int]:
        return [slot for (slot,) in self.db.execute("SELECT slot FROM slots ORDER BY slot")]

    def add_slot(self) -> int:
        """Adds an empty slot inside the caller's transaction. A number is never given twice."""
        slot = self.db.execute("INSERT INTO slots DEFAULT VALUES").lastrowid
        assert slot is not None
        self.db.executemany("INSERT INTO sizes VALUES (?, ?, 0)", [(slot, "held"), (slot, "quarantine")])
        return slot

    def remove_slot(self, slot: int) -> None:
        """Removes everything of a slot inside the caller's transaction."""
        for table in _TABLES:
            self.db.execute(f"DELETE FROM {table} WHERE slot = ?", (slot,))


def _lock(directory: Path) -> int:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = open_private(directory / "lock")
        os.close(open_private(directory / "device.sqlite"))
    except OSError as failure:
        raise StoreError(f"the data directory {directory} cannot be used: {failure}") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise StoreError(
            f"another process uses the data directory {directory}",
            hint="Close the other process, or give this one a data directory of its own.",
        ) from None  # GR-12
    return lock
