"""Wall clock and timers that a test may move."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class Timer:
    def __init__(self, clock: Clock, due_ms: float, callback: Callable[[], None]) -> None:
        self._clock, self.due_ms, self._callback = clock, due_ms, callback
        self._handle: asyncio.TimerHandle | None = None

    def arm(self) -> None:
        self.disarm()
        delay = max(0.0, self.due_ms - self._clock.elapsed_ms()) / 1000
        if delay == 0 or not self._clock.stands:
            self._handle = asyncio.get_running_loop().call_later(delay, self.fire)

    def disarm(self) -> None:
        if self._handle is not None:
            self._handle.cancel()

    def cancel(self) -> None:
        self.disarm()
        self._clock.forget(self)

    def fire(self) -> None:
        self.cancel()
        self._callback()


class Clock:
    """Milliseconds since 1970, and monotonic timers; advance() moves both, and stop() lets nothing else move them."""

    def __init__(self) -> None:
        self._wall_offset_ms = 0.0
        self._skipped_ms = 0.0
        self._stands_at_ms: tuple[float, float] | None = None
        """Wall and monotonic, where it was stopped."""
        self._timers: set[Timer] = set()

    @property
    def stands(self) -> bool:
        return self._stands_at_ms is not None

    def now_ms(self) -> int:
        return int(self._system_ms()[0] + self._wall_offset_ms + self._skipped_ms)

    def elapsed_ms(self) -> float:
        return self._system_ms()[1] + self._skipped_ms

    def set_now(self, now_ms: int) -> None:
        self._wall_offset_ms += now_ms - self.now_ms()

    def stop(self) -> None:
        self._stands_at_ms = self._system_ms()
        for timer in self._timers:
            timer.disarm()

    def advance(self, milliseconds: float) -> None:
        """Timers that become due fire in the loop's next turn, those of a clock that stands before this returns."""
        self._skipped_ms += milliseconds
        for timer in sorted(self._timers, key=lambda timer: timer.due_ms):
            if timer not in self._timers:
                continue  # one that fired has cancelled it
            if self.stands and timer.due_ms <= self.elapsed_ms():
                timer.fire()
            else:
                timer.arm()

    def next_due_ms(self) -> float | None:
        """When the next timer falls due, by elapsed_ms(); None without one."""
        return min((timer.due_ms for timer in self._timers), default=None)

    async def run_due(self) -> None:
        """Once every timer that is due has run, those that such a timer starts too."""
        while due := [timer for timer in self._timers if timer.due_ms <= self.elapsed_ms()]:
            min(due, key=lambda timer: timer.due_ms).fire()
            await asyncio.sleep(0)

    def call_later(self, milliseconds: float, callback: Callable[[], None]) -> Timer:
        timer = Timer(self, self.elapsed_ms() + milliseconds, callback)
        self._timers.add(timer)
        timer.arm()
        return timer

    def _system_ms(self) -> tuple[float, float]:
        return self._stands_at_ms or (time.time() * 1000, time.monotonic() * 1000)

    @asynccontextmanager
    async def deadline(self, due_ms: float) -> AsyncIterator[None]:
        """Raises TimeoutError when the body is not done at `due_ms`, by elapsed_ms()."""
        async with asyncio.timeout(None) as scope:
            loop = asyncio.get_running_loop()
            timer = self.call_later(due_ms - self.elapsed_ms(), lambda: scope.reschedule(loop.time()))
            try:
                yield
            finally:
                timer.cancel()

    def forget(self, timer: Timer) -> None:
        self._timers.discard(timer)
