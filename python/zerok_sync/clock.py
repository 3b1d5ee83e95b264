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
        if self._handle is not None:
            self._handle.cancel()
        delay = max(0.0, self.due_ms - self._clock.elapsed_ms()) / 1000
        self._handle = asyncio.get_running_loop().call_later(delay, self._fire)

    def cancel(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
        self._clock.forget(self)

    def _fire(self) -> None:
        self._clock.forget(self)
        self._callback()


class Clock:
    """Milliseconds since 1970, and monotonic timers; advance() moves both."""

    def __init__(self) -> None:
        self._wall_offset_ms = 0.0
        self._skipped_ms = 0.0
        self._timers: set[Timer] = set()

    def now_ms(self) -> int:
        return int(time.time() * 1000 + self._wall_offset_ms + self._skipped_ms)

    def elapsed_ms(self) -> float:
        return time.monotonic() * 1000 + self._skipped_ms

    def set_now(self, now_ms: int) -> None:
        self._wall_offset_ms += now_ms - self.now_ms()

    def advance(self, milliseconds: int) -> None:
        """Timers that become due fire in the loop's next turn."""
        self._skipped_ms += milliseconds
        for timer in self._timers:
            timer.arm()

    def call_later(self, milliseconds: float, callback: Callable[[], None]) -> Timer:
        timer = Timer(self, self.elapsed_ms() + milliseconds, callback)
        self._timers.add(timer)
        timer.arm()
        return timer

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
