"""Tells that messages may go unread: three quarters of a relay's age limit have passed without a session. CL-29."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .clock import Clock, Timer
from .events import Expiring
from .store import Store
from .visit_table import Visit

TOLD_AFTER = 0.75
"""Part of the age that has passed when the app is told."""
NOTED_EVERY = 1 / 16
"""Part of the age after which a session that goes on is noted, so that a crash makes no long absence of it."""


class Absence:
    """Times the absence from each relay that removes messages by age, over restarts too."""

    def __init__(self, store: Store, clock: Clock, publish: Callable[[Expiring], None]) -> None:
        self._store, self._clock, self._publish = store, clock, publish
        self._visits = store.visits.all()
        self._timers: dict[bytes, Timer] = {}
        for node_id, visit in self._visits.items():
            self._await_end(node_id, max(0, clock.now_ms() - visit.seen_ms))

    def close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()

    def session_began(self, node_id: bytes, expires_after_ms: int | None) -> None:
        """An absence is over; the relay says anew what it removes. SE-18."""
        self._cancel(node_id)
        if expires_after_ms is None:
            self._visits.pop(node_id, None)
            with self._store.transaction():
                self._store.visits.remove(node_id)
            return
        self._note(node_id, Visit(expires_after_ms, self._clock.now_ms(), told=False))
        self._note_again(node_id)

    def session_ended(self, node_id: bytes) -> None:
        """An absence begins, from a relay that removes messages by age."""
        self._cancel(node_id)
        if node_id in self._visits:
            self._note(node_id, replace(self._visits[node_id], seen_ms=self._clock.now_ms()))
            self._await_end(node_id, 0)

    def _note_again(self, node_id: bytes) -> None:
        def again() -> None:
            self._note(node_id, replace(self._visits[node_id], seen_ms=self._clock.now_ms()))
            self._note_again(node_id)

        wait_ms = self._visits[node_id].expires_after_ms * NOTED_EVERY
        self._timers[node_id] = self._clock.call_later(wait_ms, again)

    def _note(self, node_id: bytes, visit: Visit) -> None:
        self._visits[node_id] = visit
        with self._store.transaction():
            self._store.visits.put(node_id, visit)

    def _await_end(self, node_id: bytes, absent_ms: int) -> None:
        """`absent_ms` have passed by now. Durations go by the monotonic clock while this process runs."""
        visit = self._visits[node_id]
        gone_ms = self._clock.elapsed_ms() + visit.expires_after_ms - absent_ms

        def tell() -> None:
            self._note(node_id, replace(visit, told=True))
            at_ms = self._clock.now_ms() + gone_ms - self._clock.elapsed_ms()
            self._publish(Expiring(node_id, "unread", int(at_ms)))

        if not visit.told:
            wait_ms = max(0.0, visit.expires_after_ms * TOLD_AFTER - absent_ms)
            self._timers[node_id] = self._clock.call_later(wait_ms, tell)

    def _cancel(self, node_id: bytes) -> None:
        if node_id in self._timers:
            self._timers.pop(node_id).cancel()
