"""One device in one group: keys, link, queue and log together. Groups and sessions are faces of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from . import joining
from .background import Background
from .clock import Clock
from .errors import Closed, ErrorCode, ProtocolError, RelayUnreachable, SyncError
from .events import Event, Message, Progress
from .expiry_watch import ExpiryWatch
from .group import DeviceKeys
from .link import Dialer, Link
from .links import Links
from .log_reader import LogReader
from .outgoing import Outgoing
from .passphrase import check_new
from .pulse import Pulse
from .pusher import Pusher
from .receiver import Receiver
from .store import Store


@dataclass(frozen=True, slots=True)
class MemberDeps:
    store: Store
    dialer: Dialer
    clock: Clock
    access_token: str
    publish: Callable[[Event | Message], None]


_ONLY_THE_APP = (ErrorCode.RELAY_IDENTITY_CHANGED, ErrorCode.DOWNGRADE_REFUSED)
"""Failures before a session that no later attempt heals by itself."""


def is_final(failure: SyncError) -> bool:
    """True where no later attempt can help before the app has changed something."""
    if isinstance(failure, ProtocolError):
        return failure.final or failure.code in _ONLY_THE_APP
    return not isinstance(failure, RelayUnreachable)


class Member:
    def __init__(self, deps: MemberDeps) -> None:
        self.store, self.clock, self._dialer = deps.store, deps.clock, deps.dialer
        group_id = deps.store.get("group_id")
        assert group_id is not None
        self.keys = DeviceKeys.derive(deps.store.device_seed, group_id)
        self.changed = Pulse()
        """Beats when the log, the queue or a link has changed."""
        self.closed = False
        self._publish = deps.publish
        self._subscribing = asyncio.Lock()
        self.expiry = ExpiryWatch(deps.store, deps.clock, self.publish)
        self.links = Links(deps.store, deps.clock, deps.dialer, deps.access_token, self._began, self._ended)
        self.outgoing = Outgoing(self)
        self.background = Background(self)
        self.receiver = Receiver(deps.store, self.keys, deps.clock, self.publish)
        self.pusher = Pusher(deps.store, self.keys, self.receiver, self.publish, self.outgoing.on_result)
        self.reader = LogReader(deps.store, self.receiver, deps.clock, self.publish, self.expiry.read)

    def publish(self, item: Event | Message) -> None:
        self._publish(item)
        self.changed.beat()

    def _began(self, link: Link) -> None:
        self.expiry.session_began(link)
        if self.background.closes_idle_links:
            self.background.dial_again()
        self.background.wake()
        self.changed.beat()

    def _ended(self, link: Link | None) -> None:
        if link is not None:
            self.expiry.session_ended(link)
        self.changed.beat()

    @property
    def connected(self) -> bool:
        return self.links.connected

    # --- connection

    async def connect(self) -> Link:
        """Connects, and stays connected from now on; an attempt that fails is repeated. CL-36, CL-37."""
        try:
            return await self.reach()
        finally:
            self.background.supervise()

    async def reach(self) -> Link:
        """The link that is up, or a new one."""
        self._check_open()
        return await self.links.reach(self.keys)

    async def reach_in_time(self) -> Link:
        """The link that is up, or the first one that comes. Raises what no later attempt can heal."""
        while True:
            self._check_open()
            if not self.store.relays():
                raise RelayUnreachable("the group has no relay", hint="Give it one with group.add_relay().")
            try:
                return await self.reach()
            except SyncError as failure:
                if is_final(failure):
                    raise
            self.background.dial_again()
            while not self.connected and not self.closed:
                await self.changed.wait()

    def _check_open(self) -> None:
        if self.closed:
            raise Closed("the group is closed", hint="Open its device again with open_device().")

    async def reconnect(self) -> Link:
        """A new connection at once, for a resume or a change of network. CL-39."""
        self.links.backoff.reset()
        self.links.drop()
        self.reader.forget_roll_backs()
        link = await self.connect()
        self.outgoing.end_wait()
        return link

    async def idle(self) -> None:
        """Once no timer is due and no connection is being made, none whose timer has just fired either."""
        await self.clock.run_due()
        for _ in range(2):
            await asyncio.sleep(0)  # what a timer woke dials in the loop's next turns
        await self.links.idle()

    async def disconnect(self) -> None:
        """Bye. SE-20."""
        await self.background.stop_supervising()
        await self.links.bye()
        self.changed.beat()

    async def close(self) -> None:
        """Ends everything that runs; a second call does nothing."""
        if self.closed:
            return
        self.closed = True
        await self.disconnect()
        self.outgoing.close()
        await self.background.close()
        self.receiver.close()
        self.expiry.close()
        self.changed.beat()

    # --- reading

    async def pull(self, on_progress: Callable[[Progress], None] | None = None) -> Link:
        """Reads the relay to the head that it has now; the link that was read."""
        link = await self.reach()
        await self.reader.pull(link, on_progress)
        if not link.reconciled:
            await self.outgoing.flush_quietly()  # CL-06: what the relay lost
        return link

    async def caught_up(self, on_progress: Callable[[Progress], None] | None = None) -> None:
        """As pull(), over as many connections as it takes."""
        while True:
            link = await self.reach_in_time()
            try:
                await self.reader.pull(link, on_progress)
                return
            except RelayUnreachable:
                continue
            except ProtocolError as failure:
                if failure.row.retry == "no":
                    raise

    async def subscribe(self) -> None:
        """Messages come live from now on, over reconnections too. CL-36."""
        await self.subscribe_on(await self.reach())
        self.background.subscribes = True
        self.background.supervise()

    async def subscribe_on(self, link: Link) -> None:
        if not link.subscribed:
            await self.background.finish(self._subscribe_on(link))

    async def _subscribe_on(self, link: Link) -> None:
        async with self._subscribing:
            if not link.subscribed:
                self.background.start(await self.reader.subscribe(link))

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Messages come live inside, whenever a relay can be reached."""
        self._check_open()
        self.background.listeners += 1
        if self.store.relays():
            self.background.listen()
        try:
            yield
        finally:
            self.background.listeners -= 1
            self.changed.beat()

    # --- invites

    async def invite(self, passphrase: str | None) -> str:
        """An invite: a secret, used once. PA-07, PA-23."""
        if passphrase is not None:
            check_new(passphrase)  # PA-09, PA-23
        link = await self.reach()
        await self.outgoing.flush_quietly()  # the announcement of one who has made the group: PA-22
        return await joining.invite(self.store, self.clock, link, self.keys, passphrase)

    async def cancel_invite(self, invite: str) -> None:
        """Deletes the mailbox of an invite of this group, so that nobody can use it any more. PA-24."""
        await joining.cancel(await self.reach(), invite)

    async def greet_after_join(self, link: Link) -> None:
        """Enrols where this device has claimed its invite, and announces itself. PA-21, PA-22."""
        await self.links.greet(link, self.keys)
        await self.outgoing.flush()
