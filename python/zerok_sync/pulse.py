"""Wakes those who wait for a change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

Unsubscribe = Callable[[], None]
"""Ends a subscription; a second call does nothing."""


class Pulse:
    """A beat wakes everybody who waits at that moment, and calls every listener once in the loop's next turn."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []
        self._listeners: list[Callable[[], None]] = []
        self._called = False

    async def wait(self) -> None:
        """Until the next beat."""
        beat: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(beat)
        await beat

    def beat(self) -> None:
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)
        if self._listeners and not self._called:
            self._called = True
            asyncio.get_running_loop().call_soon(self._call)

    def _call(self) -> None:
        self._called = False
        for listener in list(self._listeners):
            listener()

    def subscribe(self, listener: Callable[[], None]) -> Unsubscribe:
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe


class Fanout(Generic[T]):
    """Calls every listener with each item."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[T], None]] = []

    def __call__(self, item: T) -> None:
        for listener in list(self._listeners):
            listener(item)

    def add(self, listener: Callable[[T], None]) -> Unsubscribe:
        self._listeners.append(listener)

        def remove() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return remove
