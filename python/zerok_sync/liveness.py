"""Whether the other end is alive: SE-22, SE-24, SE-25."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .clock import Clock, Timer
from .errors import ErrorCode, ProtocolError
from .limits import (
    ANSWER_ARRIVING_MS_MAX,
    ANSWER_MS_MAX,
    IDLE_TIMEOUT_MS,
    PING_INTERVAL_MS,
    PROBE_MS_MAX,
    QUIET_MS_MAX,
)


@dataclass(slots=True)
class Unanswered:
    """A request without an answer yet."""

    end: int
    """Offset in the stream behind its last byte."""
    has_deadline: bool
    """False for a Ping, which SE-25 leaves out."""
    taken_ms: float | None = None
    """When the network took its last byte."""


@dataclass(frozen=True, slots=True)
class LivenessDeps:
    clock: Clock
    ping: Callable[[], None]
    end: Callable[[ProtocolError], None]
    frame_is_arriving: Callable[[], bool]
    unsent: Callable[[], int]


class Liveness:
    """Told of every byte and every request. Bytes never touch the timer, which looks at the times when it fires."""

    def __init__(self, deps: LivenessDeps) -> None:
        self._deps = deps
        now = deps.clock.elapsed_ms()
        self._heard_ms = self._spoke_ms = self._life_ms = self._waiting_since_ms = now
        self._probed_ms: float | None = None
        self._unsent = 0
        """Bytes that waited for the network when the present time of quiet began."""
        self._pinged_ms = now
        self._unanswered: dict[int, Unanswered] = {}
        self._taken = 0
        self._timer: Timer | None = None
        self._closed = False
        self._watch()

    def close(self) -> None:
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()

    def heard(self) -> None:
        self._heard_ms = self._deps.clock.elapsed_ms()
        self._lives()

    def spoke(self) -> None:
        self._spoke_ms = self._deps.clock.elapsed_ms()

    def took(self, offset: int) -> None:
        """The network took the bytes of the stream up to `offset`."""
        now = self._deps.clock.elapsed_ms()
        self._taken = offset
        for request in self._unanswered.values():
            if request.taken_ms is None and request.end <= offset:
                request.taken_ms = now

    def _lives(self) -> None:
        self._life_ms, self._probed_ms = self._deps.clock.elapsed_ms(), None
        self._unsent = self._deps.unsent()

    def asked(self, request_id: int, end: int, has_deadline: bool) -> None:
        now = self._deps.clock.elapsed_ms()
        if not self._unanswered:
            self._waiting_since_ms, self._unsent = now, self._deps.unsent()
        self._unanswered[request_id] = Unanswered(end, has_deadline, now if end <= self._taken else None)
        if self._timer is None or self._timer.due_ms > now + QUIET_MS_MAX:
            self._watch()

    def answered(self, request_id: int) -> None:
        self._unanswered.pop(request_id, None)

    # --- the timer

    def _watch(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._closed:
            return
        now = self._deps.clock.elapsed_ms()
        self._timer = self._deps.clock.call_later(max(0.0, self._next_due_ms() - now), self._look)

    def _quiet_since_ms(self) -> float:
        return max(self._life_ms, self._waiting_since_ms)

    def _ping_due_ms(self) -> float:
        """SE-22."""
        return max(min(self._heard_ms, self._spoke_ms), self._pinged_ms) + PING_INTERVAL_MS

    def _silence_due_ms(self) -> float:
        """SE-24: the next Ping, or the end."""
        if self._probed_ms is not None:
            return self._probed_ms + PROBE_MS_MAX
        return self._quiet_since_ms() + QUIET_MS_MAX

    def _answer_due_ms(self) -> float:
        """SE-25."""
        span_ms = ANSWER_ARRIVING_MS_MAX if self._deps.frame_is_arriving() else ANSWER_MS_MAX
        taken = [r.taken_ms for r in self._unanswered.values() if r.has_deadline and r.taken_ms is not None]
        return min(taken, default=float("inf")) + span_ms

    def _next_due_ms(self) -> float:
        due_ms = self._ping_due_ms()
        if not self._unanswered:
            return due_ms
        # The cause of a late answer can change at any time: a frame that has begun arrives, or the network takes bytes.
        return min(due_ms, self._silence_due_ms(), self._answer_due_ms(), self._deps.clock.elapsed_ms() + ANSWER_MS_MAX)

    def _look(self) -> None:
        now = self._deps.clock.elapsed_ms()
        if self._unanswered:
            if now >= self._silence_due_ms() and 0 < self._deps.unsent() < self._unsent:
                self._lives()  # a slow link that is full
            if now >= self._answer_due_ms():
                self._deps.end(ProtocolError(ErrorCode.DEADLINE_EXCEEDED, "the relay does not answer a request"))
                return
            if self._probed_ms is not None and now >= self._silence_due_ms():
                self._deps.end(ProtocolError(ErrorCode.DEADLINE_EXCEEDED, "the relay has fallen silent", silent=True))
                return
        if now - self._heard_ms >= IDLE_TIMEOUT_MS:
            self._deps.end(ProtocolError(ErrorCode.DEADLINE_EXCEEDED, silent=True))
            return
        if self._unanswered and self._probed_ms is None and now >= self._silence_due_ms():
            self._deps.ping()
            self._probed_ms, self._unsent = now, self._deps.unsent()
        elif now >= self._ping_due_ms():
            self._deps.ping()
            self._pinged_ms = now
        self._watch()
