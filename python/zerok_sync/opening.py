"""Opening one group of a device's store, for every face of it."""

from __future__ import annotations

from dataclasses import dataclass

from .clock import Clock
from .device_group import Group
from .events import Event, Message
from .link import Dialer
from .member import Member, MemberDeps
from .options import Mode, TofuMode
from .pulse import Fanout
from .store import Store
from .stream import Connect
from .tables import AppTables
from .transport import QuicStream


@dataclass(frozen=True, slots=True)
class Opened:
    """A group as the app has it, and the member behind it."""

    group: Group
    member: Member


class GroupOpener:
    """Opens groups that share a device's settings."""

    def __init__(
        self,
        clock: Clock,
        mode: Mode,
        tofu_mode: TofuMode,
        tables: AppTables,
        connect: Connect = QuicStream.connect,
    ) -> None:
        self._clock, self._mode, self._tofu_mode, self._tables = clock, mode, tofu_mode, tables
        self._connect = connect
        self.online = True
        """False: what is opened from now on dials nothing."""

    def dialer(self, news: Fanout[Event | Message]) -> Dialer:
        dialer = Dialer(self._clock, self._mode, self._tofu_mode, news, self._connect)
        dialer.online = self.online
        return dialer

    def open(self, store: Store) -> Opened:
        """Opens the group in `store`, with a link of its own, which is open while somebody uses it."""
        news: Fanout[Event | Message] = Fanout()
        opened = self.open_with(store, self.dialer(news), news, (store.get("access_token") or b"").decode())
        opened.member.background.closes_idle_links = True
        return opened

    def open_with(self, store: Store, dialer: Dialer, news: Fanout[Event | Message], access_token: str) -> Opened:
        """As open(), with a dialer that the caller has used already."""
        member = Member(MemberDeps(store, dialer, self._clock, access_token, news))
        return Opened(Group(member, dialer, self._tables, news), member)
