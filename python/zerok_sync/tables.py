"""Tables of the app, and the cursors of log.process() beside them: both change in one transaction."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar

from .device_store import open_private
from .errors import StoreError, SyncError

Tx = TypeVar("Tx", covariant=True)
Parameters = Sequence[Any] | Mapping[str, Any]


_CURSOR_TABLE = "CREATE TABLE IF NOT EXISTS zerok_sync_cursor(name TEXT PRIMARY KEY, position INTEGER NOT NULL)"


class ProcessTarget(Protocol[Tx]):
    """A database that keeps the cursors of log.process() beside what its handlers write. A name is unique in it."""

    async def position(self, name: str) -> int:
        """Where that cursor stands, 0 for a new one."""
        ...

    def transaction(self, name: str, position: int) -> AbstractAsyncContextManager[Tx]:
        """A transaction in which the cursor stands at `position`. It commits when it is left, and leaves nothing when
        it is left by an exception."""
        ...


class SqliteTarget:
    """A sqlite3 connection of the app. One target for each connection; its cursors are in `zerok_sync_cursor`.

    While a handler that awaits runs, the connection is its own: what others write to it goes into its transaction.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        if not isinstance(connection, sqlite3.Connection):
            raise TypeError(f"connection is {type(connection).__name__}, not sqlite3.Connection")
        self.connection = connection
        self._lock = asyncio.Lock()
        self._holder: asyncio.Task[Any] | None = None

    async def position(self, name: str) -> int:
        """Where that cursor stands, 0 for a new one."""
        async with self.alone() as db:
            try:
                db.execute(_CURSOR_TABLE)
                row = db.execute("SELECT position FROM zerok_sync_cursor WHERE name = ?", (name,)).fetchone()
            except sqlite3.Error as failure:
                raise StoreError(f"the app's database cannot be read: {failure}") from failure
        return 0 if row is None else int(tuple(row)[0])

    @asynccontextmanager
    async def transaction(self, name: str, position: int) -> AsyncIterator[sqlite3.Connection]:
        """A transaction in which the cursor stands at `position` already: one that ends too early repeats nothing."""
        async with self.alone() as db:
            self._do("BEGIN IMMEDIATE")
            try:
                self._do("INSERT OR REPLACE INTO zerok_sync_cursor VALUES (?, ?)", name, position)
                yield db
                if not db.in_transaction:
                    raise SyncError(
                        "the handler has ended the transaction",
                        hint="Leave COMMIT and ROLLBACK to group.log.process().",
                    )
                self._do("COMMIT")
            except BaseException:
                _roll_back(db)
                raise

    async def remove(self, name: str) -> None:
        """Removes a cursor."""
        async with self.alone():
            self._do("DELETE FROM zerok_sync_cursor WHERE name = ?", name)

    async def remove_all(self, prefix: str) -> None:
        """Removes the cursors whose names begin so."""
        async with self.alone():
            self._do("DELETE FROM zerok_sync_cursor WHERE substr(name, 1, ?) = ?", len(prefix), prefix)

    def _do(self, sql: str, *values: Any) -> None:
        try:
            self.connection.execute(sql, values)
        except sqlite3.Error as failure:
            raise StoreError(f"the app's database cannot be written: {failure}") from failure

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[sqlite3.Connection]:
        """The connection, with nobody else in a transaction of it."""
        task = asyncio.current_task()
        if self._holder is task:
            raise SyncError("the handler waits for itself", hint="Inside a handler, use the `tx` that it was given.")
        async with self._lock:
            if self.connection.in_transaction:
                raise SyncError(
                    "the app's connection is inside a transaction",
                    hint="Commit it first, or give SqliteTarget a connection of its own.",
                )
            self._holder = task
            try:
                yield self.connection
            finally:
                self._holder = None


def _roll_back(db: sqlite3.Connection) -> None:
    """Leaves nothing of a transaction; a connection that was closed meanwhile has done so itself."""
    with suppress(sqlite3.ProgrammingError):
        if db.in_transaction:
            db.execute("ROLLBACK")


class AppTables:
    """The app's own tables, in `app.sqlite` of the data directory. It is opened when it is first used."""

    def __init__(self, directory: Path | None) -> None:
        self._path = directory / "app.sqlite" if directory is not None else None
        self._target: SqliteTarget | None = None

    @property
    def target(self) -> SqliteTarget:
        """Takes what log.process() writes."""
        if self._target is None:
            self._target = SqliteTarget(self._open())
        return self._target

    def _open(self) -> sqlite3.Connection:
        try:
            if self._path is not None:
                os.close(open_private(self._path))
            db = sqlite3.connect(self._path or ":memory:", isolation_level=None)
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
        except (OSError, sqlite3.Error) as failure:
            raise StoreError(f"the app's tables cannot be opened: {failure}") from None
        return db

    async def all(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """Every row of a query."""
        async with self.target.alone() as db:
            return db.execute(sql, parameters).fetchall()

    async def get(self, sql: str, parameters: Parameters = ()) -> tuple[Any, ...] | None:
        """The first row of a query."""
        async with self.target.alone() as db:
            row: tuple[Any, ...] | None = db.execute(sql, parameters).fetchone()
            return row

    async def run(self, sql: str, parameters: Parameters = ()) -> int:
        """Runs one statement, durably; how many rows it changed."""
        async with self.target.alone() as db:
            return db.execute(sql, parameters).rowcount

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[sqlite3.Connection]:
        """A transaction over several statements; an exception rolls it back."""
        async with self.target.alone() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                _roll_back(db)
                raise

    def close(self) -> None:
        if self._target is not None:
            self._target.connection.close()
