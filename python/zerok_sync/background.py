"""The background work of a member: it stays connected. CL-36, CL-37."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .backoff import told_ms
from .errors import Closed, SyncError
from .limits import RECONNECT_MS_MAX
from .link import Link

if TYPE_CHECKING:
    from .member import Member

_random = secrets.SystemRandom()


LINK_LINGER_MS = 30_000
"""How long a link stays open that nobody uses."""


class Background:
    def __init__(self, member: Member) -> None:
        self._member = member
        self._tasks: set[asyncio.Task[None]] = set()
        self._supervisor: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self.subscribes = False
        """Messages come live over every connection, for good. CL-36."""
        self.listeners = 0
        """Loops that want messages live."""
        self._keeps = False
        """The link stays open though nobody uses it."""
        self.closes_idle_links = False
        """A link that nobody uses is closed, whoever opened it."""

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Runs beside the caller, until close() at the latest."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def finish(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs to its end, also when the caller is cancelled: what was asked of a relay is not left half done."""
        task = self.start(work)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        await asyncio.wait({task})
        if task.cancelled():
            raise Closed("the group was closed meanwhile")
        task.result()

    @property
    def wants_live(self) -> bool:
        return self.subscribes or self.listeners > 0

    def supervise(self) -> None:
        """Keeps the member connected from now on."""
        self._keeps = True
        self.dial_again()

    def dial_again(self) -> None:
        """A relay is dialled until a link is up, and again when it is lost while somebody uses it. CL-36."""
        if not self.supervises:
            self._supervisor = asyncio.create_task(self._supervise())

    def listen(self) -> None:
        """Messages come live as soon as a relay can be reached."""
        if self._member.connected:
            self.start(self._open())
        else:
            self.open()

    def open(self) -> None:
        """A relay is dialled now, and then as dial_again() does, unless that is so already."""
        if not self.supervises:
            self.dial_again()
            self.start(self._open())

    async def _open(self) -> None:
        with suppress(SyncError):  # the backoff has heard of it
            link = await self._member.reach()
            if self.wants_live:
                await self._member.subscribe_on(link)
            await self._member.outgoing.flush_quietly()

    async def stop_supervising(self) -> None:
        self._keeps = False
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
                    if self._is_idle():
                        return
                    wait_ms = 0.0 if member.connected else member.links.backoff.wait_ms()
            except SyncError as refused:
                wait_ms = told_ms(refused) + _random.uniform(0, RECONNECT_MS_MAX) if member.connected else wait_ms
            await self._pause(wait_ms)
            with suppress(SyncError):  # the backoff has heard of it
                await member.reach()

    async def _follow(self, link: Link) -> None:
        """Until the link has ended."""
        if self.wants_live:
            await self._member.subscribe_on(link)
        if self._member.connected:
            await self._member.outgoing.flush_quietly()
        while not link.connection.closed.is_set():
            if self._keeps:
                await link.connection.closed.wait()
            else:
                await self._linger(link)

    async def _linger(self, link: Link) -> None:
        """Until something has changed; says Bye when the link was quiet for long enough."""
        timer = self._member.clock.call_later(LINK_LINGER_MS, self._member.changed.beat)
        try:
            await self._member.changed.wait()
        finally:
            timer.cancel()
        if self._is_idle() and link.connection.quiet_ms() >= LINK_LINGER_MS:
            await self._member.links.bye()

    def _is_idle(self) -> bool:
        """True while no link is needed: the next push, or any call that needs a relay, opens one again."""
        first = self._member.store.queue.first_waiting()
        return not self._keeps and not self.wants_live and (first is None or first.state == "refused")

    async def _pause(self, milliseconds: float | None) -> None:
        """Until the time is over or somebody wakes it; None: until somebody wakes it."""
        self._woken.clear()
        timer = None if milliseconds is None else self._member.clock.call_later(milliseconds, self._woken.set)
        try:
            await self._woken.wait()
        finally:
            if timer is not None:
                timer.cancel()
