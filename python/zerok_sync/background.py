"""The background work of a session: it stays connected. CL-36, CL-37."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from .errors import ProtocolError, SyncError
from .limits import RECONNECT_MS_MAX, RECONNECT_MS_MIN, RECONNECT_STABLE_MS

if TYPE_CHECKING:
    from .session import SyncSession

_random = secrets.SystemRandom()


class Background:
    def __init__(self, session: SyncSession) -> None:
        self._session = session
        self._tasks: set[asyncio.Task[None]] = set()
        self._supervisor: asyncio.Task[None] | None = None

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs beside the caller, until close() at the latest."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def supervise(self) -> None:
        """Keeps the session connected and subscribed from now on."""
        if self._supervisor is None or self._supervisor.done():
            self._supervisor = asyncio.create_task(self._supervise())

    async def stop_supervising(self) -> None:
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.gather(self._supervisor, return_exceptions=True)
            self._supervisor = None

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _supervise(self) -> None:
        session, attempt = self._session, 0
        while True:
            started = session.clock.elapsed_ms()
            try:
                link = await session.connect()
                await session.subscribe_on(link)
                await session.outgoing.flush_quietly()
                await link.connection.closed.wait()
                failure = link.failure
            except SyncError as refused:
                failure = refused
            if isinstance(failure, ProtocolError) and failure.final:
                return  # CL-37
            told_ms = failure.retry_after_ms if isinstance(failure, ProtocolError) else 0  # ER-05, GoAway
            if session.clock.elapsed_ms() - started >= RECONNECT_STABLE_MS:
                attempt = 0
            window_ms = min(RECONNECT_MS_MAX, RECONNECT_MS_MIN * 2**attempt)
            await self._pause(told_ms + _random.uniform(0, window_ms))  # CL-36
            attempt = min(attempt + 1, 16)

    async def _pause(self, milliseconds: float) -> None:
        over = asyncio.Event()
        timer = self._session.clock.call_later(milliseconds, over.set)
        try:
            await over.wait()
        finally:
            timer.cancel()
