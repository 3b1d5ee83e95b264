"""open_device: a device with its groups, in one data directory."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from . import joining
from .clock import Clock
from .device_group import Group, parse_relay, pin_of
from .device_store import DeviceStore
from .errors import ArgumentError, Closed, RelayUnreachable, SyncError
from .events import Progress
from .joining import JOIN_STEPS
from .limits import ACCESS_TOKEN_BYTES_MAX
from .member import is_final
from .opening import GroupOpener, Opened
from .options import Mode, TofuMode, check_id, check_mode, check_name, check_text, check_tofu_mode, check_type
from .progress import Steps
from .pulse import Fanout, Pulse, Unsubscribe
from .store import Store
from .stream import Connect
from .tables import AppTables
from .transport import QuicStream


def open_device(
    data_dir: str | os.PathLike[str] | None,
    *,
    name: str = "",
    mode: Mode = "hybrid",
    tofu_mode: TofuMode = "permissive",
    offline: bool = False,
    clock: Clock | None = None,
    connect: Connect = QuicStream.connect,
) -> Opening:
    """Opens the device in `data_dir`, or makes one there; None keeps it in memory.

    `async with open_device(…) as device:` closes it at the end; `device = await open_device(…)` needs
    `await device.close()`. `name` is what other members see. With `offline` nothing is dialled before
    device.set_online(True). One process at a time may have a data directory open. `clock` and `connect` are for tests:
    zerok_sync.testing has both in memory.
    """
    check_type("data_dir", data_dir, str, os.PathLike, type(None))
    check_name(name)
    check_mode(mode)
    check_tofu_mode(tofu_mode)
    check_type("offline", offline, bool)
    directory = None if data_dir is None else Path(data_dir)

    def open_now() -> Device:
        store = DeviceStore(directory)
        try:
            settings = DeviceSettings(name, mode, tofu_mode, not offline, clock or Clock(), connect)
            return Device(store, settings)
        except BaseException:
            store.close()
            raise

    return Opening(open_now)


@dataclass(frozen=True, slots=True)
class DeviceSettings:
    """What open_device() was told."""

    name: str
    mode: Mode
    tofu_mode: TofuMode
    online: bool
    clock: Clock
    connect: Connect


class Opening:
    """What open_device() gives: await it, or enter it."""

    def __init__(self, open_now: Callable[[], Device]) -> None:
        self._open_now = open_now
        self._device: Device | None = None

    async def _open(self) -> Device:
        return self._open_now()

    def __await__(self) -> Generator[Any, None, Device]:
        return self._open().__await__()

    async def __aenter__(self) -> Device:
        self._device = await self
        return self._device

    async def __aexit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        if self._device is not None:
            await self._device.close()


class Device:
    """One device in any number of groups. Make one with open_device()."""

    def __init__(self, store: DeviceStore, settings: DeviceSettings) -> None:
        self._store, self._name, self._clock = store, settings.name, settings.clock
        self._closed = False
        self._changed = Pulse()
        self.tables = AppTables(store.directory)
        """The app's own SQL tables, in the data directory."""
        self._opener = GroupOpener(settings.clock, settings.mode, settings.tofu_mode, self.tables, settings.connect)
        self._opener.online = settings.online
        stores = [Store(store, slot) for slot in store.slots()]
        opened = [self._opener.open(s) for s in stores if s.get("group_id") is not None]
        self._groups = tuple(one.group for one in opened)
        for one in opened:
            if one.group.state.queued and one.group.state.relays:
                one.member.background.open()  # what an earlier life has pushed is sent

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, value: object, trace: TracebackType | None) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"Device({self._name!r}, {len(self._groups)} groups)"

    @property
    def name(self) -> str:
        """What other members see."""
        return self._name

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups that this device is a member of: one object until that changes."""
        return self._groups

    def group(self, id: bytes) -> Group | None:
        """The group with that id of 32 bytes, or None."""
        check_id("id", id, 32)
        return next((group for group in self._groups if group.id == id), None)

    def subscribe(self, listener: Callable[[], None]) -> Unsubscribe:
        """Calls `listener` after every change of `groups`."""
        return self._changed.subscribe(listener)

    # --- groups

    async def create_group(self, relays: Sequence[str] = (), *, access_token: str = "") -> Group:
        """A new group with this device as its first member. No network is needed: its relay, at most one, hears of it
        when it can be reached; without one the group is local until group.add_relay()."""
        self._check_open()
        check_type("relays", relays, list, tuple)
        addresses = [parse_relay(text) for text in relays]
        if len(addresses) > 1:
            raise ArgumentError(f"relays has {len(addresses)} addresses; one is all that a group can have")
        check_text("access_token", access_token, ACCESS_TOKEN_BYTES_MAX)
        with self._store.transaction():
            store = self._new_slot()
            joining.create_group(store, self._name)
            _put_token(store, access_token)
            for address in addresses:
                store.add_relay(address.address, pin_of(address))
        return self._add(self._opener.open(store))

    async def join(
        self,
        invite: str,
        passphrase: str | None = None,
        *,
        access_token: str = "",
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Group:
        """Joins with an invite of a member. When it raises, this device is not in the group, and the same invite can be
        tried again. A connection that is lost after the group has arrived is made again in the background, and a
        cancellation after that leaves the group in `groups`. `on_progress` hears of each step. PA-20."""
        self._check_open()
        check_text("invite", invite)
        if passphrase is not None:
            check_text("passphrase", passphrase)
        check_text("access_token", access_token, ACCESS_TOKEN_BYTES_MAX)
        made: list[Store] = []

        def place() -> Store:
            made.append(self._new_slot())
            _put_token(made[0], access_token)
            return made[0]

        steps = Steps(JOIN_STEPS + 1, on_progress)
        joiner = joining.Joiner(self._store, self._clock, self._opener.dialer(Fanout()), self._name)
        try:
            store, link = await joiner.join(invite, passphrase, place, steps.done)
        except BaseException as failure:
            if not made or made[0].get("group_id") is None:
                raise
            opened = self._opener.open(made[0])
            opened.member.background.open()
            self._add(opened)
            if not isinstance(failure, RelayUnreachable):
                raise
            return opened.group
        opened = self._opener.open(store)
        try:
            await opened.member.greet_after_join(link)
        except SyncError as failure:
            if is_final(failure):
                await opened.member.close()
                self._remove(store)
                raise
            opened.member.background.open()
        except BaseException:  # a cancellation; the device is a member already. PA-20
            opened.member.background.open()
            self._add(opened)
            raise
        steps.done()
        return self._add(opened)

    async def forget_group(self, id: bytes) -> None:
        """Deletes everything of a group from this device, its cursors in `tables` too. The other members keep it."""
        self._check_open()
        group = self.group(id)
        if group is None:
            raise ArgumentError("this device is not in that group")
        await group.close()
        await self.tables.target.position("")
        await self.tables.target.remove_all(f"{id.hex()}/")
        self._remove(next(s for s in map(self._slot, self._store.slots()) if s.get("group_id") == id))
        self._groups = tuple(other for other in self._groups if other is not group)
        self._changed.beat()

    def _slot(self, slot: int) -> Store:
        return Store(self._store, slot)

    def _new_slot(self) -> Store:
        return self._slot(self._store.add_slot())

    def _remove(self, store: Store) -> None:
        with self._store.transaction():
            self._store.remove_slot(store.slot)

    def _add(self, opened: Opened) -> Group:
        self._groups = (*self._groups, opened.group)
        self._changed.beat()
        return opened.group

    # --- network

    def set_online(self, online: bool) -> None:
        """False: as if there were no network. True: what waits is sent and read again at once."""
        check_type("online", online, bool)
        self._opener.online = online
        for group in self._groups:
            group.set_online(online)

    def _check_open(self) -> None:
        if self._closed:
            raise Closed("the device is closed", hint="Open it again with open_device().")

    async def close(self) -> None:
        """Ends every link and gives the data directory back. A second call does nothing."""
        if self._closed:
            return
        self._closed = True
        for group in self._groups:
            await group.close()
        self.tables.close()
        self._store.close()


def _put_token(store: Store, access_token: str) -> None:
    if access_token:
        store.put("access_token", access_token.encode())
