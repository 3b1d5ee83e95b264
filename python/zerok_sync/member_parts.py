"""The parts of a session that exist once the device is in a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .group import DeviceKeys
from .log_reader import LogReader
from .pusher import Pusher
from .receiver import Receiver

if TYPE_CHECKING:
    from .session import SyncSession


class MemberParts:
    """Keys, receiver, pusher and log reader of a member device."""

    def __init__(self, session: SyncSession, keys: DeviceKeys) -> None:
        self.keys = keys
        store, publish = session.store, session.publish
        self.receiver = Receiver(store, keys, session.clock, publish)
        self.pusher = Pusher(store, keys, self.receiver, publish, session.outgoing.on_result)
        self.reader = LogReader(store, self.receiver, session.clock, publish)
