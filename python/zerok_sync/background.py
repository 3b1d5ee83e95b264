"""The background work of a session: it stays connected. CL-36, CL-37."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from .errors import SyncError

if TYPE_CHECKING:
    from .session import SyncSession


class Background:
    def __init__(self, session: SyncSession) -> None:
        self._session = session
        self._tasks: set[asyncio.Task[None]] = set()
        self._supervisor: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()

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

    @property
    def supervises(self) -> bool:
        return self._supervisor is not None and not self._supervisor.done()

    def wake(self) -> None:
        """There is a connection again, or the app wants one: nobody waits any longer. ER-05, CL-39."""
        self._woken.set()

    async def _supervise(self) -> None:
        session = self._session
        while True:
            self._woken.clear()
            try:
                link = await session.connect()
                await session.subscribe_on(link)
                await session.outgoing.flush_quietly()
                await link.connection.closed.wait()
            except SyncError:
                pass  # the backoff has heard of it
            await self._pause(session.backoff.wait_ms())

    async def _pause(self, milliseconds: float | None) -> None:
        """Until the time is over or somebody wakes it; None: until somebody wakes it."""
        if milliseconds is None:
            await self._woken.wait()
            return
        timer = self._session.clock.call_later(milliseconds, self._woken.set)
        try:
            await self._woken.wait()
        finally:
            timer.cancel()
