"""A relay in memory that keeps the rules, for one loop."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from ..clock import Clock
from ..group import RelayKeys
from ..keytext import encode_zbase32
from ..limits import (
    CIPHERTEXT_BYTES_MAX,
    CREDIT_BYTES_MAX,
    FRAME_BYTES_MAX,
    PAGE_BYTES_MAX,
    PUSH_ITEMS_MAX,
    REQUESTS_IN_FLIGHT_MAX,
)
from ..wire.messages import HelloAck, Limits
from .group_log import GroupLog
from .mailboxes import Mailboxes
from .network import MemoryNetwork, MemoryStream
from .relay_session import RelaySession

_LIMITS = Limits(
    FRAME_BYTES_MAX,
    CIPHERTEXT_BYTES_MAX,
    REQUESTS_IN_FLIGHT_MAX,
    PUSH_ITEMS_MAX,
    PAGE_BYTES_MAX,
    CREDIT_BYTES_MAX,
)


class TestRelay:
    """Groups may be created by anybody; there are no quotas and no rates, and nothing expires before it is told to."""

    __test__ = False  # pytest collects no tests here

    def __init__(self, network: MemoryNetwork, clock: Clock, host: str, port: int) -> None:
        self._network, self._clock, self._place = network, clock, (host, port)
        self.seed = secrets.token_bytes(32)
        self.mailboxes: Mailboxes = Mailboxes(clock.now_ms)
        self.expires_after_s = 0
        """Age at which it removes messages, seconds; 0: never. Sessions that begin later are told of it. SE-18."""
        self._groups: dict[bytes, GroupLog] = {}
        self._sessions: dict[RelaySession, asyncio.Task[None]] = {}
        self.start()

    @property
    def address(self) -> str:
        """`<nodeid>.<kem hash>@host:port`, for the device that creates the group."""
        keys = RelayKeys.derive(self.seed)
        host, port = self._place
        return f"{encode_zbase32(keys.node_id)}.{encode_zbase32(keys.kem_hash)}@{host}:{port}"

    @property
    def stored_count(self) -> int:
        """The envelopes that it stores, of all groups: messages and announcements."""
        self._expire()
        return sum(len(group.envelopes) for group in self._groups.values())

    def start(self) -> None:
        """Listens, with what it had stored."""
        self._network.listen(*self._place, self._accept)

    def stop(self) -> None:
        """Crashes: its connections are lost, and nobody can connect."""
        self._network.close(*self._place)
        for session in list(self._sessions):
            session.stream.cut()

    def expire_all(self) -> None:
        """Removes every envelope, as retention does."""
        for group in self._groups.values():
            group.remove_through(self.now_ms())

    async def close(self) -> None:
        self.stop()
        for task in list(self._sessions.values()):
            task.cancel()
        await asyncio.gather(*self._sessions.values(), return_exceptions=True)

    # --- for its sessions

    def now_ms(self) -> int:
        return self._clock.now_ms()

    def group_of(self, group_id: bytes, enrolled: dict[bytes, Any]) -> GroupLog:
        """The group, with those who are enrolled now; the first one creates it. SE-12."""
        self._expire()
        group = self._groups.get(group_id, GroupLog(group_id))
        if enrolled:
            group.records.update(enrolled)
            self._groups[group_id] = group
        return group

    def hello_ack(self, group: GroupLog, device: bytes) -> HelloAck:
        """SE-15, SE-18."""
        signing_key = RelayKeys.derive(self.seed).signing_key
        retention = (self.expires_after_s, 0)
        own_head = group.own_head(device)
        return HelloAck(group.head, group.floor, own_head, 0, _LIMITS, self.now_ms(), [], signing_key, *retention)

    def publish(self, group: GroupLog) -> None:
        """There is something new in that group."""
        for session in list(self._sessions):
            if session.has_joined(group):
                session.deliver_new()

    def ended(self, session: RelaySession) -> None:
        self._sessions.pop(session, None)

    def _accept(self, stream: MemoryStream) -> None:
        session = RelaySession(self, stream)
        self._sessions[session] = asyncio.create_task(session.run())

    def _expire(self) -> None:
        if self.expires_after_s:
            for group in self._groups.values():
                group.remove_through(self.now_ms() - self.expires_after_s * 1000)
