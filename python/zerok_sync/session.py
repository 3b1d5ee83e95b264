"""SyncSession: one device of one group, with the relay's cursors in sight. Apps are built on Device and Group."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from . import joining
from .clock import Clock
from .device_store import DeviceStore
from .errors import NotPaired, SyncError
from .events import Completeness, Event, Message, Retention
from .keytext import RelayAddress
from .link import Dialer, Link
from .member import Member, MemberDeps
from .options import Mode, TofuMode, check_mode, check_name, check_tofu_mode
from .passphrase import check_new
from .pins import Pin
from .push import Draft, PushReceipt
from .store import Store

PAGE_MESSAGES = 256


class SyncSession:
    """Make one with `await SyncSession.new(…)`; use it as an async context manager, or close() it.

    `on_event` may be replaced by a function that gets every Event, and `on_message` by one that gets every message of
    others when it has become durable here.
    """

    def __init__(
        self, device: DeviceStore, store: Store, clock: Clock, mode: Mode, tofu_mode: TofuMode, name: str, token: str
    ) -> None:
        self._device, self.store, self.clock = device, store, clock
        self.on_event: Callable[[Event], None] = lambda event: None
        self.on_message: Callable[[Message], None] = lambda message: None
        self._name, self._token = name, token
        self._dialer = Dialer(clock, mode, tofu_mode, self.publish)
        self._reading: set[_Reading] = set()
        self._member: Member | None = None
        if store.get("group_id") is not None:
            self._become_member()

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
        relays = [RelayAddress.parse(text) for text in relay_addresses]
        device = DeviceStore(Path(dir))
        try:
            store = _choose(device, group_id)
            with device.transaction():
                for relay in relays:
                    store.add_relay(relay.address, Pin(relay.node_id, relay.kem_hash, b"", bool(relay.node_id)))
        except BaseException:
            device.close()
            raise
        return cls(device, store, clock or Clock(), mode, tofu_mode, device_name, access_token)

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
        check_tofu_mode(value)
        self._dialer.tofu_mode = value

    @property
    def group_id(self) -> bytes | None:
        return self._member.keys.group_id if self._member else None

    @property
    def device_key(self) -> bytes | None:
        return self._member.keys.device_key if self._member else None

    @property
    def connected(self) -> bool:
        return self._member is not None and self._member.connected

    @property
    def last_refusal(self) -> SyncError | None:
        """Why the queue waits, while it does. CL-24."""
        return self._member.outgoing.last_refusal if self._member else None

    @property
    def retention(self) -> Retention | None:
        """What the relay said last of what it removes; None before the first connection. CL-19."""
        return self._member.links.retention if self._member else None

    def cursor(self) -> int:
        """The pull cursor at the relay in use, or at the first one."""
        return self._member.links.cursor() if self._member else 0

    # --- pairing

    async def pair(self, passphrase: str | None = None) -> str:
        """An invite: a secret, used once. Creates the group if there is none."""
        if passphrase is not None:
            check_new(passphrase)  # PA-23: a weak one makes no group
        self.create_group()
        return await self.require_member().invite(passphrase)

    async def cancel_invite(self, invite: str) -> None:
        """Deletes the mailbox of an invite of this group, so that nobody can use it any more. PA-24."""
        await self.require_member().cancel_invite(invite)

    def create_group(self) -> bytes:
        """The id of this device's group; one is made if there is none. Relays hear of it at the next connection."""
        if self._member is None:
            with self._device.transaction():
                joining.create_group(self.store, self._name)
            self._become_member()
        return self.require_member().keys.group_id

    async def pair_join(self, invite: str, passphrase: str | None = None) -> bytes:
        """The group id, once this device is enrolled and has announced itself. PA-22."""
        if self._member is not None:
            raise SyncError("this device is in a group already", hint="Use open_device() for several groups.")
        joiner = joining.Joiner(self._device, self.clock, self._dialer, self._name)
        _, link = await joiner.join(invite, passphrase, lambda: self.store)
        member = self._become_member()
        await member.greet_after_join(link)
        return member.keys.group_id

    def _become_member(self) -> Member:
        self._member = Member(MemberDeps(self.store, self._dialer, self.clock, self._token, self.publish))
        return self._member

    def require_member(self) -> Member:
        if self._member is None:
            raise NotPaired("this device is in no group yet", hint="Call session.pair() or session.pair_join() first.")
        return self._member

    # --- connection

    async def connect(self) -> Link:
        """Connects, and stays connected from now on; an attempt that fails is repeated. CL-36, CL-37."""
        return await self.require_member().connect()

    async def reconnect(self) -> Link:
        """A new connection at once, for a resume or a change of network. CL-39."""
        return await self.require_member().reconnect()

    async def idle(self) -> None:
        """Once no timer is due and no connection is being made."""
        if self._member is not None:
            await self._member.idle()

    async def disconnect(self) -> None:
        """Bye. The session stays usable, and dials when it has to. SE-20."""
        if self._member is not None:
            await self._member.disconnect()

    def set_online(self, online: bool) -> None:
        """False: the network is gone for this session."""
        self._dialer.online = online
        if not online and self._member is not None:
            self._member.links.lose_network()

    async def close(self) -> None:
        for reading in list(self._reading):
            reading.note()
        if self._member is not None:
            await self._member.close()
        self._device.close()

    # --- reading

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
        member = self.require_member()
        await member.subscribe()
        reading = _Reading(self.store)
        self._reading.add(reading)
        try:
            while True:
                page = self.store.messages.of_others_above(reading.position, PAGE_MESSAGES)
                for row in page:
                    reading.position = row.position
                    yield member.receiver.message(row)
                reading.note()
                if not page:
                    await member.changed.wait()
        finally:
            reading.note()
            self._reading.discard(reading)

    def __aiter__(self) -> AsyncIterator[Message]:
        return self.messages()

    def completeness(self) -> Completeness:
        """What is missing here as far as this device can tell, also of earlier lives. CL-14."""
        return Completeness(self.store.chains.missing(), self.store.log.expired())

    # --- writing

    async def push(self, content: str | bytes, *, id: bytes | None = None, metadata: str | None = None) -> PushReceipt:
        """Durable here when it returns; sent when a relay can be reached. The same id is sent once. CL-20."""
        member = self.require_member()
        (receipt,) = await member.outgoing.push(
            [Draft(content, id=id, metadata=metadata)], member.outgoing.wait_acknowledged
        )
        member.outgoing.nudge()
        return receipt

    async def sync(self) -> int:
        """The queue is empty, or waits for the app; then all is pulled. The cursor reached."""
        member = self.require_member()
        await member.outgoing.settle()
        return await member.reader.pull(await member.reach())

    async def retry(self, id: bytes) -> None:
        """Sends a refused message again, with the same bytes. CL-47."""
        self.require_member().outgoing.retry(id)

    async def drop(self, id: bytes) -> Draft | None:
        """Deletes a message that was refused, or not sealed yet, and gives it back; None for an announcement. CL-41,
        CL-48, CL-70."""
        return self.require_member().outgoing.drop(id)

    # --- what happened

    def publish(self, item: Event | Message) -> None:
        if isinstance(item, Message):
            self.on_message(item)
        else:
            self.on_event(item)


class _Reading:
    """The place that one loop over messages() has reached."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.position = self._noted = store.messages.place("")

    def note(self) -> None:
        if self.position > self._noted:
            with self._store.transaction():
                self._store.messages.set_place("", self.position)
            self._noted = self.position


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
