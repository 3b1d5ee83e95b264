"""The time that held envelopes have: GAP_WAIT_MS from the arrival of each. EN-24."""

from __future__ import annotations

from collections.abc import Callable

from .clock import Clock, Timer
from .limits import GAP_WAIT_MS
from .store import Store

CLOSED_AT_ONCE_MAX = 64
"""Gaps that one turn of the loop gives up; the others follow in the next ones, and a flood of them blocks nobody."""


class GapTimers:
    """One timer for each sender that is waited for; `close_gap` gives up its first gap, in a transaction of its own."""

    def __init__(self, store: Store, clock: Clock, close_gap: Callable[[bytes], None]) -> None:
        self._store, self._clock, self._close_gap = store, clock, close_gap
        self._timers: dict[bytes, Timer] = {}
        store.held.begin(clock.elapsed_ms())
        for sender in store.held.senders_behind_gaps():
            self.await_gap(sender)

    def close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()

    def await_gap(self, sender: bytes) -> None:
        """Starts, keeps or stops the timer of a sender, by what the store holds of it."""
        came_ms = self._store.held.oldest_came_ms(sender)
        if came_ms is None:
            if sender in self._timers:
                self._timers.pop(sender).cancel()
        elif sender not in self._timers:
            wait_ms = came_ms + GAP_WAIT_MS - self._clock.elapsed_ms()
            self._timers[sender] = self._clock.call_later(max(0, wait_ms), lambda: self._give_up(sender))

    def _give_up(self, sender: bytes) -> None:
        """Delivers what is due, with the missing sequences named."""
        del self._timers[sender]
        now_ms = self._clock.elapsed_ms()
        for _ in range(CLOSED_AT_ONCE_MAX):
            came_ms = self._store.held.oldest_came_ms(sender)
            if came_ms is None or came_ms + GAP_WAIT_MS > now_ms:
                break
            self._close_gap(sender)
        self.await_gap(sender)
