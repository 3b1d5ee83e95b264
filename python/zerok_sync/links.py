"""The connection that a session uses, and how it comes by another one: CL-36, CL-39, CL-66."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from .backoff import Backoff
from .clock import Clock
from .entrance import Entrance
from .errors import ProtocolError, RelayUnreachable, SyncError
from .events import Retention
from .group import DeviceKeys
from .link import Dialer, Link
from .store import Store


class Links:
    """At most one link at a time. `on_new` is called when the relay has let one in, `on_end` when it has ended, and
    with None when an attempt has failed."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        dialer: Dialer,
        access_token: str,
        on_new: Callable[[Link], None],
        on_end: Callable[[Link | None], None],
    ) -> None:
        self.backoff = Backoff()
        self._store, self._clock, self._on_new, self._on_end = store, clock, on_new, on_end
        self._entrance = Entrance(store, dialer, access_token)
        self._link: Link | None = None
        self.retentions: dict[str, Retention] = {}
        """What each relay said last of what it removes, by its address. CL-19."""
        self._connecting = asyncio.Lock()
        self._leaving: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> bool:
        return self._link is not None and self._link.connection.state == "ready"

    def cursor(self) -> int:
        """The pull cursor at the relay in use, or at the first one."""
        rows = self._store.relays()
        return self._store.log.position((self._link or rows[0]).pin.node_id).cursor if rows else 0

    async def reach(self, keys: DeviceKeys) -> Link:
        """The link that is up, or a new one to the first relay that lets this device in."""
        async with self._connecting:
            if self._link is not None and self.connected:
                return self._link
            if self._link is not None:
                self._free(self._link)
                self._link = None
            failure: Exception = RelayUnreachable("no relay is known", hint="Add one with group.add_relay().")
            for row in self._store.relays():
                try:
                    return self._adopt(await self._entrance.open(row.address, keys))
                except (RelayUnreachable, ProtocolError) as unreachable:
                    failure = unreachable
                    self.backoff.ended(failure, 0, let_in=False)
                    self._on_end(None)
            raise failure

    def _free(self, link: Link) -> None:
        """Gives its socket back once it is closed; a relay that goes away may still answer what was asked."""
        task = asyncio.create_task(link.connection.wait_freed())
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def greet(self, link: Link, keys: DeviceKeys) -> None:
        """Says Hello where this device has claimed its invite."""
        async with self._connecting:
            await self._entrance.greet(link, keys, enrol=True)
            self._adopt(link)

    def _adopt(self, link: Link) -> Link:
        began_ms = self._clock.elapsed_ms()

        def ended(failure: Exception | None) -> None:
            self.backoff.ended(failure, self._clock.elapsed_ms() - began_ms, let_in=True)
            self._on_end(link)

        link.on_end = ended
        self._link = link
        if (ack := link.connection.ack) is not None:
            expires_after_ms = ack.retention_seconds * 1000 or None
            self.retentions[link.address] = Retention(expires_after_ms, ack.retention_bytes or None)
        self._on_new(link)
        return link

    @property
    def address(self) -> str | None:
        """The relay that is connected, `host:port`."""
        return self._link.address if self._link is not None and self.connected else None

    @property
    def failure(self) -> SyncError | None:
        """Why there is no link, or None."""
        failure = self.backoff.failure
        return failure if not self.connected and isinstance(failure, SyncError) else None

    def lose_network(self) -> None:
        self.drop(RelayUnreachable("there is no network"))

    async def idle(self) -> None:
        """Once no connection is being made."""
        async with self._connecting:
            pass

    def drop(self, failure: Exception | None = None) -> None:
        """Closes the link at once, without waiting for an answer."""
        if self._link is not None:
            self._link.connection.close(failure)

    async def bye(self) -> None:
        for task in self._leaving:
            task.cancel()
        if self._link is not None:
            await self._link.connection.bye()
            self._link = None
