"""The local log of a group, as the app reads it: without a network, own messages too."""

from __future__ import annotations

import asyncio
import inspect
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar, overload

from .errors import ArgumentError, Closed, SyncError
from .events import Message
from .member import Member
from .options import check_cursor_name, check_position, check_topic, check_type
from .snapshot import Snapshot
from .tables import AppTables, ProcessTarget

PAGE_MESSAGES = 256

Page = tuple[Message, ...]
"""Messages in the order of their positions, never empty."""
Tx = TypeVar("Tx")
Handler = Callable[[Page, Tx], Awaitable[None] | None]
"""Applies a page inside a transaction of the app's database."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a reader has come, by its name."""

    name: str
    position: int


class Log:
    """Positions ascend in the order in which messages became durable here; one that was replaced, dropped or pruned
    leaves its position empty."""

    def __init__(self, member: Member, tables: AppTables) -> None:
        self._member, self._tables = member, tables
        self._messages = member.store.messages
        self._processing: set[str] = set()

    @property
    def head(self) -> int:
        """The highest position so far, 0 before the first message."""
        return self._messages.head()

    # --- reading

    async def read(self, after: int = 0, *, topic: str | None = None, limit: int | None = None) -> AsyncIterator[Page]:
        """Pages of the messages above `after`, at most `limit` messages in all. It ends at the end of the log."""
        check_position("after", after)
        check_topic(topic)
        if limit is not None:
            check_position("limit", limit)
        left = self.head if limit is None else limit
        while left > 0 and (page := self._page(after, topic, min(left, PAGE_MESSAGES))):
            yield page
            after, left = page[-1].position, left - len(page)
            await asyncio.sleep(0)

    def _page(self, after: int, topic: str | None, limit: int = PAGE_MESSAGES) -> Page:
        view = self._member.receiver.message
        return tuple(view(row) for row in self._messages.above(after, topic, limit))

    def unread(self, name: str, *, topic: str | None = None) -> Snapshot[int]:
        """How many messages of others are above a cursor: `current`, and `subscribe(listener)` for changes."""
        check_cursor_name(name)
        check_topic(topic)
        return Snapshot(
            self._member.changed, lambda: self._messages.count_of_others_above(self._messages.place(name), topic)
        )

    # --- processing

    @overload
    async def process(
        self, name: str, handler: Handler[sqlite3.Connection], *, topic: str | None = None, live: bool = True
    ) -> None: ...
    @overload
    async def process(
        self,
        name: str,
        handler: Handler[Tx],
        *,
        topic: str | None = None,
        into: ProcessTarget[Tx],
        live: bool = True,
    ) -> None: ...
    async def process(
        self,
        name: str,
        handler: Handler[Any],
        *,
        topic: str | None = None,
        into: ProcessTarget[Any] | None = None,
        live: bool = True,
    ) -> None:
        """Gives every page above the cursor `name` to `handler(page, tx)`, exactly once: the cursor moves in the
        transaction of what the handler writes. `into` is the database; without it, device.tables.

        With `live` it goes on with what comes, until it is cancelled; without, it ends at the end of the log. A handler
        that raises, or a cancellation, undoes its page, and the next call begins with it.
        """
        check_cursor_name(name)
        check_topic(topic)
        check_type("live", live, bool)
        if not callable(handler):
            raise TypeError(f"handler is {type(handler).__name__}, not a function of a page and a transaction")
        if name in self._processing:
            raise ArgumentError(f"the cursor {name!r} is being processed already")
        self._processing.add(name)
        try:
            async with self._member.listening() if live else nullcontext():
                await self._process(name, handler, topic, self._tables.target if into is None else into, live)
        finally:
            self._processing.discard(name)

    async def _process(
        self, name: str, handler: Handler[Any], topic: str | None, target: ProcessTarget[Any], live: bool
    ) -> None:
        key = self._key(name)
        position = await target.position(key)
        if position > self.head:
            raise SyncError(
                f"the cursor {name!r} stands at {position}, beyond the log's head {self.head}",
                hint="This database belongs to another data directory; move the cursor with group.log.move_cursor().",
            )
        self._note(name, position)
        while True:
            page = self._page(position, topic)
            if page:
                async with target.transaction(key, page[-1].position) as tx:
                    outcome = handler(page, tx)
                    if inspect.isawaitable(outcome):
                        await outcome
                position = page[-1].position
                self._note(name, position)
                await asyncio.sleep(0)
            elif live:
                await self._member.changed.wait()
                if self._member.closed:
                    raise Closed("the group is closed")
            else:
                return

    def _key(self, name: str) -> str:
        return f"{self._member.keys.group_id.hex()}/{name}"

    def _note(self, name: str, position: int) -> None:
        """The store's copy of a cursor, for unread(), cursors() and prune(); it may lag behind, never run ahead."""
        if self._messages.place(name) != position or position == 0:
            with self._member.store.transaction():
                self._messages.set_place(name, position)
            self._member.changed.beat()

    # --- cursors

    def cursors(self) -> tuple[Cursor, ...]:
        """The named cursors, by name."""
        return tuple(Cursor(name, position) for name, position in self._messages.places().items() if name)

    async def move_cursor(self, name: str, position: int, *, into: ProcessTarget[Any] | None = None) -> None:
        """Moves a cursor, back or forth: process() goes on above `position`."""
        check_cursor_name(name)
        check_position("position", position)
        if position > self.head:
            raise ArgumentError(f"position is {position}; the log's head is {self.head}")
        if name in self._processing:
            raise ArgumentError(f"the cursor {name!r} is being processed")
        target = self._tables.target if into is None else into
        await target.position(self._key(name))
        async with target.transaction(self._key(name), position):
            pass
        self._note(name, position)

    async def remove_cursor(self, name: str) -> None:
        """Forgets a cursor: unread(), cursors() and prune() count it no more, and process() begins with it anew."""
        check_cursor_name(name)
        if name in self._processing:
            raise ArgumentError(f"the cursor {name!r} is being processed")
        target = self._tables.target
        await target.position(self._key(name))
        await target.remove(self._key(name))
        with self._member.store.transaction():
            self._messages.remove_place(name)
        self._member.changed.beat()

    async def prune(self, through: int | None = None) -> int:
        """Deletes the messages up to `through` from this device, at most up to the lowest cursor; how many. What
        verifies the senders' chains stays. Without `through`: up to the lowest cursor."""
        if through is not None:
            check_position("through", through)
        lowest = min(self._messages.places().values(), default=self.head if through is not None else 0)
        with self._member.store.transaction():
            pruned = self._messages.prune(lowest if through is None else min(through, lowest))
        self._member.changed.beat()
        return pruned
