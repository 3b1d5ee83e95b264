"""Tells that devices which join later will lack messages: a relay soon removes what this device has. CL-29."""

from __future__ import annotations

from collections.abc import Callable

from .clock import Clock, Timer
from .events import Expiring
from .store import Store
from .wire.messages import HelloAck

TOLD_BEFORE = 0.25
"""Part of the age that is left when the app is told."""


class History:
    """Watches the oldest message that one relay still serves, from a session with it on; tells once per run."""

    def __init__(self, store: Store, clock: Clock, node_id: bytes, publish: Callable[[Expiring], None]) -> None:
        self._store, self._clock, self._node_id, self._publish = store, clock, node_id, publish
        self._timer: Timer | None = None
        self._told = False
        self._age_ms = self._floor = 0
        self._relay_ms = 0.0
        """The relay's clock when this device's monotonic one stood at 0."""

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def session_began(self, ack: HelloAck) -> None:
        """The relay says anew what it removes, and what it has removed. SE-18."""
        self.close()
        self._age_ms, self._floor = ack.retention_seconds * 1000, ack.floor
        self._relay_ms = ack.server_time_ms - self._clock.elapsed_ms()
        self.look()

    def look(self) -> None:
        """Waits for the time to tell, unless that is so already or there is nothing to tell of."""
        if self._timer is None and not self._told and self._age_ms:
            left_ms = self._left_ms()
            if left_ms is not None:
                wait_ms = max(0.0, left_ms - self._age_ms * TOLD_BEFORE)
                self._timer = self._clock.call_later(wait_ms, self._tell)

    def _left_ms(self) -> float | None:
        """How long the relay keeps the oldest message that this device has and that it still serves."""
        relay_now_ms = self._relay_ms + self._clock.elapsed_ms()
        oldest_ms = self._store.messages.oldest_served(self._node_id, self._floor, int(relay_now_ms - self._age_ms))
        return None if oldest_ms is None else oldest_ms + self._age_ms - relay_now_ms

    def _tell(self) -> None:
        """The message may be gone meanwhile: pruned here, or replaced."""
        self._timer = None
        left_ms = self._left_ms()
        if left_ms is None or left_ms > self._age_ms * TOLD_BEFORE:
            self.look()
            return
        self._told = True
        self._publish(Expiring(self._node_id, "history", int(self._clock.now_ms() + left_ms)))
