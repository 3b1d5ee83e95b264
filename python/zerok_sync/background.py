"""The background work of a member: it stays connected. CL-36, CL-37."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .backoff import told_ms
from .errors import SyncError
from .limits import RECONNECT_MS_MAX
from .link import Link

if TYPE_CHECKING:
    from .member import Member

_random = secrets.SystemRandom()


class Background:
    def __init__(self, member: Member) -> None:
        self._member = member
        self._tasks: set[asyncio.Task[None]] = set()
        self._supervisor: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._opening = False
        self.subscribes = False
        """Messages come live over every connection. CL-36."""

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs beside the caller, until close() at the latest."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def supervise(self) -> None:
        """Keeps the member connected from now on."""
        if self._supervisor is None or self._supervisor.done():
            self._supervisor = asyncio.create_task(self._supervise())

    def listen(self) -> None:
        """Messages come live from now on, as soon as a relay can be reached."""
        self.subscribes = True
        self.open()

    def open(self) -> None:
        """A relay is dialled now if no link is up, and again until one is. CL-36."""
        self.supervise()
        if not self._opening:
            self._opening = True
            self.start(self._open())

    async def _open(self) -> None:
        try:
            with suppress(SyncError):  # the backoff has heard of it
                link = await self._member.reach()
                if self.subscribes:
                    await self._member.subscribe_on(link)
                await self._member.outgoing.flush_quietly()
        finally:
            self._opening = False

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
        member = self._member
        while True:
            wait_ms = member.links.backoff.wait_ms()
            try:
                if member.connected:
                    await self._follow(await member.reach())
                    wait_ms = 0.0 if member.connected else member.links.backoff.wait_ms()
            except SyncError as refused:
                wait_ms = told_ms(refused) + _random.uniform(0, RECONNECT_MS_MAX) if member.connected else wait_ms
            await self._pause(wait_ms)
            with suppress(SyncError):  # the backoff has heard of it
                await member.reach()

    async def _follow(self, link: Link) -> None:
        """Until the link has ended."""
        if self.subscribes:
            await self._member.subscribe_on(link)
        await self._member.outgoing.flush_quietly()
        await link.connection.closed.wait()

    async def _pause(self, milliseconds: float | None) -> None:
        """Until the time is over or somebody wakes it; None: until somebody wakes it."""
        self._woken.clear()
        timer = None if milliseconds is None else self._member.clock.call_later(milliseconds, self._woken.set)
        try:
            await self._woken.wait()
        finally:
            if timer is not None:
                timer.cancel()
