"""SyncSession: one device of one group, with the relay's cursors in sight. Apps are built on Device and Group."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from . import joining
from .clock import Clock
from .device_group import Group, parse_relay, pin_of
from .device_store import DeviceStore
from .errors import NotPaired, SyncError
from .events import Event, Message
from .link import Link
from .member import Member
from .opening import GroupOpener, Opened
from .options import Mode, TofuMode, check_mode, check_name, check_tofu_mode
from .passphrase import check_new
from .pulse import Fanout
from .push import Draft, PushReceipt
from .reading import Reading
from .store import Store
from .tables import AppTables
from .trust import Trusting


class SyncSession(Trusting):
    """Make one with `await SyncSession.new(…)`; use it as an async context manager, or close() it.

    `group` has everything that is not here. `on_event` may be replaced by a function that gets every Event, and
    `on_message` by one that gets every message of others when it has become durable here.
    """

    def __init__(
        self, device: DeviceStore, store: Store, clock: Clock, mode: Mode, tofu_mode: TofuMode, name: str, token: str
    ) -> None:
        self._device, self.store, self.clock = device, store, clock
        self.on_event: Callable[[Event], None] = lambda event: None
        self.on_message: Callable[[Message], None] = lambda message: None
        self._name, self._token = name, token
        self._news: Fanout[Event | Message] = Fanout()
        self._news.add(self._publish)
        self._tables = AppTables(device.directory)
        self._opener = GroupOpener(clock, mode, tofu_mode, self._tables)
        self._dialer = self._opener.dialer(self._news)
        self._reading: set[Reading] = set()
        self._opened: Opened | None = None
        if store.get("group_id") is not None:
            self._open()

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
    ) -> Self:
        """Opens the device in `dir`, or makes it. `group_id` is None, or the 32 bytes that it has to be a member of."""
        check_mode(mode)
        check_tofu_mode(tofu_mode)
        check_name(device_name)
        relays = [parse_relay(text) for text in relay_addresses]
        device = DeviceStore(Path(dir))
        try:
            store = _choose(device, group_id)
            with device.transaction():
                for relay in relays:
                    store.add_relay(relay.address, pin_of(relay))
        except BaseException:
            device.close()
            raise
        return cls(device, store, clock or Clock(), mode, tofu_mode, device_name, access_token)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        for reading in self._reading:
            reading.note()
        if self._opened is not None:
            await self._opened.group.close()
        self._tables.close()
        self._device.close()

    # --- the group

    def _open(self) -> Opened:
        self._opened = self._opener.open_with(self.store, self._dialer, self._news, self._token)
        return self._opened

    def _require(self) -> Opened:
        if self._opened is None:
            raise NotPaired("this device is in no group yet", hint="Call session.pair() or session.pair_join() first.")
        return self._opened

    @property
    def group(self) -> Group:
        """The group of this device. Raises NotPaired before pair() or pair_join()."""
        return self._require().group

    def require_member(self) -> Member:
        """What is behind `group`. Raises NotPaired."""
        return self._require().member

    @property
    def group_id(self) -> bytes | None:
        return None if self._opened is None else self._opened.group.id

    # --- pairing

    async def pair(self, passphrase: str | None = None) -> str:
        """An invite: a secret, used once. Creates the group if there is none."""
        if passphrase is not None:
            check_new(passphrase)  # PA-23: a weak one makes no group
        self.create_group()
        return await self.group.invite(passphrase)

    def create_group(self) -> bytes:
        """The id of this device's group; one is made if there is none. Relays hear of it at the next connection."""
        if self._opened is None:
            with self._device.transaction():
                joining.create_group(self.store, self._name)
            self._open()
        return self.group.id

    async def pair_join(self, invite: str, passphrase: str | None = None) -> bytes:
        """The group id, once this device is enrolled and has announced itself. PA-22."""
        if self._opened is not None:
            raise SyncError("this device is in a group already", hint="Use open_device() for several groups.")
        joiner = joining.Joiner(self._device, self.clock, self._dialer, self._name)
        _, link = await joiner.join(invite, passphrase, lambda: self.store)
        opened = self._open()
        await opened.member.greet_after_join(link)
        return opened.group.id

    # --- connection

    async def connect(self) -> Link:
        """Connects, and stays connected from now on; an attempt that fails is repeated. CL-36, CL-37."""
        return await self.require_member().connect()

    async def reconnect(self) -> Link:
        """A new connection at once, for a resume or a change of network. CL-39."""
        return await self.require_member().reconnect()

    async def idle(self) -> None:
        """Once no timer is due and no connection is being made."""
        if self._opened is not None:
            await self._opened.member.idle()

    def set_online(self, online: bool) -> None:
        """False: the network is gone for this session."""
        self._dialer.online = online
        if self._opened is not None:
            self._opened.group.set_online(online)

    # --- reading

    def cursor(self) -> int:
        """The pull cursor at the relay in use, or at the first one."""
        return 0 if self._opened is None else self._opened.member.links.cursor()

    async def pull(self, after_cursor: int | None = None) -> list[Message]:
        """Asks the relay for all there is; its messages above `after_cursor`, own ones too, in its order.
        None: above where the last pull ended."""
        member = self.require_member()
        link = await member.reach()
        node_id = link.pin.node_id
        before = self.store.log.position(node_id).cursor if after_cursor is None else after_cursor
        await member.pull()
        rows = self.store.messages.above_cursor(node_id, before)
        return [member.receiver.message(row, cursor) for row, cursor in rows]

    async def subscribe(self) -> None:
        """Messages come live from now on, over reconnections too. CL-36."""
        await self.require_member().subscribe()

    async def messages(self) -> AsyncIterator[Message]:
        """Messages of others, each once, as they come. A page of them is noted as read when the loop asks for the
        next one, or ends; the message at which it ends counts as read."""
        await self.subscribe()
        reading = Reading(self.require_member())
        self._reading.add(reading)
        try:
            async for message in reading.messages():
                yield message
        finally:
            reading.note()
            self._reading.discard(reading)

    def __aiter__(self) -> AsyncIterator[Message]:
        return self.messages()

    # --- writing

    async def push(self, content: str | bytes, *, id: bytes | None = None, metadata: str | None = None) -> PushReceipt:
        """Durable here when it returns; sent when a relay can be reached. The same id is sent once. CL-20."""
        outgoing = self.require_member().outgoing
        (receipt,) = await outgoing.push([Draft(content, id=id, metadata=metadata)], outgoing.wait_acknowledged)
        outgoing.nudge()
        return receipt

    async def sync(self) -> int:
        """The queue is empty, or waits for the app; then all is pulled. The cursor reached."""
        member = self.require_member()
        await member.outgoing.settle()
        return await member.reader.pull(await member.reach())

    def _publish(self, item: Event | Message) -> None:
        if isinstance(item, Message):
            self.on_message(item)
        else:
            self.on_event(item)


def _choose(device: DeviceStore, group_id: bytes | None) -> Store:
    """The slot of that group; without one the first, or a new one."""
    stores = [Store(device, slot) for slot in device.slots()]
    if group_id is not None:
        found = next((store for store in stores if store.get("group_id") == group_id), None)
        if found is None:
            raise NotPaired("the device in this directory is no member of that group")
        return found
    if stores:
        return stores[0]
    with device.transaction():
        return Store(device, device.add_slot())
