"""Values that change: one object for as long as nothing has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from .errors import SyncError
from .events import Retention
from .pulse import Pulse, Unsubscribe

T = TypeVar("T")


class Snapshot(Generic[T]):
    """`current` is the same object until its value changes; listeners are called in the loop's next turn."""

    def __init__(self, pulse: Pulse, compute: Callable[[], T]) -> None:
        self._pulse, self._compute = pulse, compute
        self._value = compute()

    @property
    def current(self) -> T:
        value = self._compute()
        if value != self._value:
            self._value = value
        return self._value

    def subscribe(self, listener: Callable[[], None]) -> Unsubscribe:
        """Calls `listener` after every change, until the function that it returns is called."""
        seen = self.current

        def look() -> None:
            nonlocal seen
            if self.current is not seen:
                seen = self.current
                listener()

        return self._pulse.subscribe(look)


@dataclass(frozen=True, slots=True)
class RelayState:
    """One relay of a group."""

    address: str
    """`host:port`."""
    node_id: bytes
    """32 bytes; empty while it is not known."""
    connected: bool
    """True while a session is up that answers. SE-24."""
    cursor: int
    """How far its log was read."""
    retention: Retention | None
    """What it said last of what it removes; None before the first connection of this process. CL-19."""


@dataclass(frozen=True, slots=True)
class GroupState:
    """What an app shows of a group."""

    connected: bool
    error: SyncError | None
    """Why there is no link, after an attempt; None while there is one."""
    waits_for: SyncError | None
    """Why the queue waits at a relay that is connected. CL-24."""
    relays: tuple[RelayState, ...]
    queued: int
    """Messages that no relay has stored yet, this device's announcement among them."""
    refused: tuple[bytes, ...]
    """Ids of queued messages that a relay has refused; `group.queue.list()` says why. CL-60."""
    head: int
    """The highest position of the local log."""
