"""The push side of one device: CL-20 to CL-28, CL-40 to CL-58, CL-71, CL-72."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile

from .envelope import seal_envelope
from .errors import ErrorCode, ProtocolError
from .events import Event, Refused
from .group import DeviceKeys
from .limits import FRAME_BYTES_MAX
from .link import Link
from .push_lane import PushLane, push
from .receiver import Receiver
from .rows import OutboxEntry
from .session_states import refusal
from .store import Store
from .wire.messages import (
    ContentMessage,
    ContentType,
    Envelope,
    MemberAnnouncement,
    PushAck,
    PushItem,
    PushStatus,
    Stub,
)

BATCH_BYTES_MAX = FRAME_BYTES_MAX // 2
"""A single envelope may exceed it; it still fits a Frame."""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A relay has stored the message. `cursor` is 0 when it has removed it since."""

    cursor: int
    durable: bool


class RefusedForNow(Exception):
    """Row `later` or `same`: the queue waits and tries the same bytes again. CL-24."""

    def __init__(self, failure: ProtocolError) -> None:
        super().__init__(str(failure))
        self.failure = failure


class Pusher:
    def __init__(
        self,
        store: Store,
        keys: DeviceKeys,
        receiver: Receiver,
        publish: Callable[[Event], None],
        on_result: Callable[[bytes, Acknowledgement | ProtocolError], None],
    ) -> None:
        """`on_result` gets the message id and what became of it."""
        self._store, self._keys, self._receiver = store, keys, receiver
        self._publish, self._on_result = publish, on_result
        self._queued = asyncio.Event()

    def wake(self) -> None:
        """There is more to send; a flush that waits for an answer sends it."""
        self._queued.set()

    async def resend(self, link: Link) -> None:
        """Pushes again the envelopes of this device above its head at the relay, which lost or never had them. CL-06,
        CL-21."""
        missing = self._store.own.sent_after(link.own_head)
        while missing:
            ack = await push(link, self._take(missing[: link.connection.push_items_max], link))
            last = len(ack.results) - 1
            refused = ack.results[last].error
            if refused is not None:
                failure = refusal(refused)
                if failure.row.retry != "no":
                    raise RefusedForNow(failure)
                self._conflict(refused.conflict, failure)
                link.refused.add(missing[last])  # CL-62
                self._publish(Refused(failure.wire_code or failure.code))
            missing = missing[last + 1 :]

    def _take(self, sequences: list[int], link: Link) -> list[PushItem]:
        items: list[PushItem] = []
        size = 0
        for sequence in sequences:
            envelope = self._store.own.get(sequence)
            assert envelope is not None
            size += len(envelope)
            if items and size > BATCH_BYTES_MAX:
                break
            # CL-25, CL-62: the one before it was dropped, is nowhere any more, or was refused by this relay.
            before = sequence - 1
            skip = before > link.own_head and (before in link.refused or self._store.own.get(before) is None)
            items.append(PushItem(Envelope.decode(envelope), skip))
        return items

    async def flush(self, link: Link) -> None:
        """Sends the queue in order, up to an entry that was refused for good. Raises RefusedForNow."""
        lane = PushLane(link)
        try:
            while self._fill(lane, link):
                if not await lane.wait(self._queued):
                    continue
                entries, answer = lane.take()
                if isinstance(answer, ProtocolError):
                    self._refuse(entries[0], answer, None)
                    return
                if not self._settle(entries, answer, link.pin.node_id):
                    return
                if len(answer.results) < len(entries):
                    await lane.drain()
        finally:
            await lane.drain()

    def _fill(self, lane: PushLane, link: Link) -> bool:
        """Sends as much as may be on its way at once; false if nothing is. CL-71."""
        while lane.has_room and (entries := self._seal(link.connection.push_items_max, lane.last_position)):
            items = self._take([e.sequence for e in entries if e.sequence is not None], link)
            if items[0].skip and not lane.is_empty:
                break
            lane.send(entries, items)
        return not lane.is_empty

    def _seal(self, count: int, after: int) -> list[OutboxEntry]:
        """The next entries behind that position, sealed and stored before a byte of them leaves. CL-22."""
        if self._receiver.own_fork:
            return []
        queue = self._store.queue
        with self._store.transaction():
            queue.mark_sent(count, after)
            for entry in queue.unacknowledged(count, after):
                if entry.state == "refused":
                    break
                if entry.state == "queued":
                    self._seal_one(entry)
        return list(takewhile(lambda entry: entry.state == "sealed", queue.unacknowledged(count, after)))

    def _seal_one(self, entry: OutboxEntry) -> None:
        store, keys = self._store, self._keys
        epoch, secret = max(store.epochs().items())
        head = store.chains.head(keys.device_key)
        kind: type[ContentMessage | MemberAnnouncement] = (
            ContentMessage if entry.kind == ContentType.MESSAGE else MemberAnnouncement
        )
        content = kind.decode(entry.content)
        content.skipped = store.own.name_skipped(head.sequence + 1)  # EN-29
        sealed = seal_envelope(keys.group_id, keys.device_key, keys.signing_seed, epoch, secret, head, content)
        store.own.add(head.sequence + 1, sealed.envelope.encode())
        store.chains.add(sealed)
        store.chains.add_skipped(keys.device_key, content.skipped)
        if isinstance(content, ContentMessage):
            store.messages.set_hash(keys.device_key, content.id, sealed.hash)
        store.queue.mark_sealed(entry.position, head.sequence + 1)

    def _settle(self, entries: list[OutboxEntry], ack: PushAck, node_id: bytes) -> bool:
        """True if the next entries may be sent now. What one answer accepts is stored in one transaction."""
        answered = list(zip(entries, ack.results, strict=False))
        accepted = [(entry, result) for entry, result in answered if result.status != PushStatus.REFUSED]
        with self._store.transaction():
            for entry, result in accepted:
                self._store.queue.mark_acknowledged(entry.position, result.cursor, ack.durable)
                name = self._store.chains.accepted_hash(self._keys.device_key, entry.sequence or 0)
                if result.cursor and name is not None:
                    self._store.log.add_acknowledged(node_id, result.cursor, name)  # CL-08
        for entry, result in accepted:
            self._on_result(entry.id, Acknowledgement(result.cursor, ack.durable))
        entry, result = answered[-1]
        if result.status == PushStatus.REFUSED and result.error is not None:
            self._refuse(entry, refusal(result.error), result.error.conflict)
        return result.status != PushStatus.REFUSED

    def _refuse(self, entry: OutboxEntry, failure: ProtocolError, conflict: Stub | None) -> None:
        if failure.row.retry != "no":
            with self._store.transaction():
                self._store.queue.mark_deferred(entry.position, failure.wire_code or failure.code)
            raise RefusedForNow(failure)
        self._conflict(conflict, failure)
        with self._store.transaction():
            self._store.queue.mark_refused(entry.position, failure.wire_code or failure.code)
        self._publish(Refused(failure.wire_code or failure.code))
        self._on_result(entry.id, failure)

    def _conflict(self, conflict: Stub | None, failure: ProtocolError) -> None:
        """CL-26: what this device really signed stops its pushing."""
        if failure.code is ErrorCode.SEQUENCE_CONFLICT and conflict is not None and self._is_own_fork(conflict):
            raise failure

    def _is_own_fork(self, conflict: Stub) -> bool:
        try:
            return self._receiver.check_own(conflict)
        except ProtocolError:
            return False  # it is a claim that this device never made
