"""SyncSession: one device of one group."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from . import joining
from .background import Background
from .clock import Clock
from .envelope import check_content
from .errors import NotPaired, SyncError
from .events import Completeness, Event, Message
from .group import DeviceKeys
from .keytext import RelayAddress
from .limits import DEVICE_NAME_BYTES_MAX, SAFE_INTEGER_MAX
from .link import Dialer, Link
from .links import Links
from .member_parts import MemberParts
from .outgoing import Outgoing, Pushed
from .passphrase import check_new
from .pins import Pin
from .store import Store
from .wire.messages import ContentMessage, ContentType

Mode = Literal["hybrid", "classical"]
TofuMode = Literal["permissive", "strict"]


class SyncSession:
    """Make one with `await SyncSession.new(…)`; use it as an async context manager, or close() it.

    `on_event` may be replaced by a function that gets every Event, and `on_message` by one that gets every message of
    others when it has become durable here.
    """

    def __init__(self, store: Store, clock: Clock, mode: Mode, tofu_mode: TofuMode, name: str, token: str) -> None:
        self.store, self.clock = store, clock
        self.on_event: Callable[[Event], None] = lambda event: None
        self.on_message: Callable[[Message], None] = lambda message: None
        self._name = name
        self._dialer = Dialer(clock, mode, tofu_mode, self.publish)
        self.links = Links(store, clock, self._dialer, token, lambda: self.background.wake())
        self._news = asyncio.Event()
        self.outgoing = Outgoing(self)
        self.background = Background(self)
        self._member: MemberParts | None = None
        group_id = store.get("group_id")
        if group_id is not None:
            self._become_member(group_id)

    @classmethod
    async def new(
        cls,
        group_id: bytes | None,
        relay_addresses: list[str],
        *,
        dir: str | Path,
        mode: Mode = "hybrid",
        tofu_mode: TofuMode = "permissive",
        device_name: str = "",
        access_token: str = "",
        clock: Clock | None = None,
    ) -> SyncSession:
        """Opens the device in `dir`, or makes it. `group_id` is None, or the 32 bytes that it has to be a member of."""
        if mode not in ("hybrid", "classical") or tofu_mode not in ("permissive", "strict"):
            raise ValueError(f"mode {mode!r}, tofu_mode {tofu_mode!r}")
        if len(device_name.encode()) > DEVICE_NAME_BYTES_MAX:
            raise ValueError(f"a device name has at most {DEVICE_NAME_BYTES_MAX} bytes")
        relays = [RelayAddress.parse(text) for text in relay_addresses]
        store = Store(Path(dir))
        if group_id is not None and store.get("group_id") != group_id:
            store.close()
            raise NotPaired("the device in this directory is no member of that group")
        with store.transaction():
            for relay in relays:
                pin = Pin(relay.node_id, relay.kem_hash, b"", bool(relay.node_id))
                store.add_relay(relay.address, pin)
        return cls(store, clock or Clock(), mode, tofu_mode, device_name, access_token)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        await self.close()

    # --- properties

    @property
    def tofu_mode(self) -> str:
        """`permissive` or `strict`: whether changed keys of a relay are taken over. CL-31."""
        return self._dialer.tofu_mode

    @tofu_mode.setter
    def tofu_mode(self, value: TofuMode) -> None:
        self._dialer.tofu_mode = value

    @property
    def group_id(self) -> bytes | None:
        return self._member.keys.group_id if self._member else None

    @property
    def device_key(self) -> bytes | None:
        return self._member.keys.device_key if self._member else None

    @property
    def connected(self) -> bool:
        return self.links.connected

    def cursor(self) -> int:
        """The pull cursor at the relay in use, or at the first one."""
        return self.links.cursor()

    # --- pairing

    async def pair(self, passphrase: str | None = None) -> str:
        """An invite: a secret, used once. Creates the group if there is none."""
        if passphrase is not None:
            check_new(passphrase)  # PA-09, PA-23
        self.create_group()
        link = await self.reach()
        await self.outgoing.flush_quietly()  # the announcement of one who has made the group: PA-22
        return await joining.invite(self.store, self.clock, link, self.require_member().keys, passphrase)

    async def cancel_invite(self, invite: str) -> None:
        """Deletes the mailbox of an invite of this group, so that nobody can use it any more. PA-24."""
        await joining.cancel(await self.reach(), invite)

    def create_group(self) -> bytes:
        """The id of this device's group; one is made if there is none. Relays hear of it at the next connection."""
        if self._member is None:
            self._become_member(joining.create_group(self.store, self._name))
        return self.require_member().keys.group_id

    async def pair_join(self, invite: str, passphrase: str | None = None) -> bytes:
        """The group id, once this device is enrolled and has announced itself. PA-22."""
        if self._member is not None:
            raise SyncError("this device is in a group already")
        link = await joining.join(self.store, self.clock, self._dialer, invite, passphrase, self._name)
        group_id = self.store.get("group_id")
        assert group_id is not None
        member = self._become_member(group_id)
        await self.links.greet(link, member.keys)
        await self.outgoing.flush()
        return group_id

    def _become_member(self, group_id: bytes) -> MemberParts:
        seed = self.store.get("device_seed")
        assert seed is not None
        self._member = MemberParts(self, DeviceKeys.derive(seed, group_id))
        return self._member

    def require_member(self) -> MemberParts:
        if self._member is None:
            raise NotPaired("this device is in no group yet")
        return self._member

    # --- connection

    async def connect(self) -> Link:
        """Connects, and stays connected from now on; an attempt that fails is repeated. CL-36, CL-37."""
        self.require_member()
        try:
            return await self.reach()
        finally:
            self.background.supervise()

    async def reach(self) -> Link:
        """The link that is up, or a new one."""
        return await self.links.reach(self.require_member().keys)

    async def reconnect(self) -> Link:
        """A new connection at once, for a resume or a change of network. CL-39."""
        member = self.require_member()
        self.links.backoff.reset()
        self.links.drop()
        member.reader.forget_roll_backs()
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
        """Bye. The session stays usable, and dials when it has to. SE-20."""
        await self.background.stop_supervising()
        await self.links.bye()

    def set_online(self, online: bool) -> None:
        """False: the network is gone for this session."""
        self.links.set_online(online)

    async def close(self) -> None:
        await self.disconnect()
        self.outgoing.close()
        await self.background.close()
        if self._member is not None:
            self._member.receiver.close()
        self.store.close()

    # --- reading

    async def pull(self, after_cursor: int | None = None) -> list[Message]:
        """Asks the relay for all there is; its messages above `after_cursor`, own ones too, in its order.
        None: above where the last pull ended."""
        member, link = self.require_member(), await self.reach()
        node_id = link.pin.node_id
        before = self.store.log.position(node_id).cursor if after_cursor is None else after_cursor
        await member.reader.pull(link)
        if not link.reconciled:
            await self.outgoing.flush_quietly()  # CL-06: what the relay lost
        return [Message(*row) for row in self.store.messages_above(node_id, before)]

    async def subscribe(self) -> None:
        """Messages come live from now on, over reconnections too. CL-36."""
        await self.subscribe_on(await self.reach())
        self.background.subscribes = True
        self.background.supervise()

    async def subscribe_on(self, link: Link) -> None:
        if not link.subscribed:
            self.background.start(await self.require_member().reader.subscribe(link))

    async def messages(self) -> AsyncIterator[Message]:
        """Messages of others, each once, as they come; one counts as read when the next is asked for."""
        await self.subscribe()
        while True:
            read = int.from_bytes(self.store.get("read") or b"", "big")
            row = self.store.next_unread(read)
            if row is None:
                self._news.clear()
                await self._news.wait()
                continue
            yield Message(*row[:6])
            with self.store.transaction():
                self.store.put("read", row[6].to_bytes(8, "big"))

    def __aiter__(self) -> AsyncIterator[Message]:
        return self.messages()

    def completeness(self) -> Completeness:
        """What is missing here as far as this device can tell, also of earlier lives. CL-14."""
        return Completeness(self.store.chains.missing(), self.store.log.expired())

    # --- writing

    async def push(self, content: str | bytes, *, id: bytes | None = None, metadata: str | None = None) -> Pushed:
        """Durable here when it returns; sent when a relay can be reached. The same id is sent once. CL-20."""
        self.require_member()
        message_id = secrets.token_bytes(16) if id is None else id
        text, data = (content, None) if isinstance(content, str) else (None, content)
        message = ContentMessage(message_id, text, data, metadata, self.clock.now_ms())
        check_content(message, SAFE_INTEGER_MAX)
        with self.store.transaction():
            if self.store.queue.entry(message_id) is None:
                self.store.queue.add(message_id, ContentType.MESSAGE, message.encode())
        self.outgoing.nudge()
        return Pushed(self.outgoing, message_id)

    async def sync(self) -> int:
        """The queue is empty, or waits for the app; then all is pulled. The cursor reached."""
        await self.outgoing.settle()
        link = await self.reach()
        return await self.require_member().reader.pull(link)

    async def retry(self, id: bytes) -> None:
        """Sends a refused message again, with the same bytes. CL-47."""
        self.outgoing.retry(id)

    async def drop(self, id: bytes) -> None:
        """Deletes a message that was refused, or not sealed yet. CL-41, CL-48."""
        self.outgoing.drop(id)

    # --- what happened

    def publish(self, item: Event | Message) -> None:
        if isinstance(item, Message):
            self.on_message(item)
            self._news.set()
        else:
            self.on_event(item)
