"""The push side of one device: CL-20 to CL-27, CL-40 to CL-58."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .chain import ChainLink
from .connection import Connection
from .envelope import seal_envelope
from .errors import ErrorCode, ProtocolError
from .events import Event, Refused
from .group import DeviceKeys
from .limits import FRAME_BYTES_MAX
from .receiver import Receiver
from .rows import OutboxEntry
from .session_states import refusal
from .store import Store
from .wire.messages import (
    ContentMessage,
    ContentType,
    Envelope,
    MemberAnnouncement,
    Push,
    PushAck,
    PushItem,
    PushResult,
    PushStatus,
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

    async def resend(self, connection: Connection) -> None:
        """Pushes again the envelopes of this device that the relay lost or never had. CL-06, CL-21."""
        assert connection.ack is not None
        missing = self._store.own_after(connection.ack.own_sequence)
        while missing:
            items = self._take(missing[: connection.push_items_max])
            ack = await self._push(connection, items)
            missing = missing[len(ack.results) :]
            refused = ack.results[-1].error
            if refused is not None:
                failure = refusal(refused)
                if failure.row.retry != "no":
                    raise RefusedForNow(failure)
                self._conflict(refused.conflict, failure)
                raise failure

    def _take(self, sequences: list[int]) -> list[PushItem]:
        items: list[PushItem] = []
        size = 0
        for sequence in sequences:
            stored = self._store.own(sequence)
            assert stored is not None
            envelope, skip = stored
            size += len(envelope)
            if items and size > BATCH_BYTES_MAX:
                break
            # CL-25: what was dropped before it will never come.
            items.append(PushItem(Envelope.decode(envelope), skip))
        return items

    async def flush(self, connection: Connection) -> None:
        """Sends the queue in order, up to an entry that was refused for good. Raises RefusedForNow."""
        while entries := self._seal(connection.push_items_max):
            items = self._take([e.sequence for e in entries if e.sequence is not None])
            try:
                ack = await self._push(connection, items)
            except ProtocolError as failure:
                if failure.row.stream == "close" or failure.wire_code is None:
                    raise
                self._refuse(entries[0], failure, None)
                return
            for entry, result in zip(entries, ack.results, strict=False):
                if not self._settle(entry, result, ack.durable):
                    return

    def _seal(self, count: int) -> list[OutboxEntry]:
        """The next entries, sealed and stored before a byte of them leaves. CL-22."""
        if self._receiver.own_fork:
            return []
        with self._store.transaction():
            for entry in self._store.queue.unacknowledged(count):
                if entry.state == "refused":
                    break
                if entry.state == "queued":
                    self._seal_one(entry)
        entries = []
        for entry in self._store.queue.unacknowledged(count):
            if entry.state != "sealed":
                break
            entries.append(entry)
        return entries

    def _seal_one(self, entry: OutboxEntry) -> None:
        store, keys = self._store, self._keys
        epoch, secret = max(store.epochs().items())
        head = store.head(keys.device_key)
        kind: type[ContentMessage | MemberAnnouncement] = (
            ContentMessage if entry.kind == ContentType.MESSAGE else MemberAnnouncement
        )
        content = kind.decode(entry.content)
        envelope, name = seal_envelope(keys.group_id, keys.device_key, keys.signing_seed, epoch, secret, head, content)
        skip = store.get("skip_next") is not None
        store.forget("skip_next")
        store.add_own(head.sequence + 1, envelope.encode(), skip)
        store.add_chain(keys.device_key, head.sequence + 1, ChainLink(name, head.hash))
        if isinstance(content, ContentMessage):
            store.add_message(name, keys.device_key, content, False)
        store.queue.mark_sealed(entry.position, head.sequence + 1)

    async def _push(self, connection: Connection, items: list[PushItem]) -> PushAck:
        """CL-27: durable, results of a prefix, a refusal only as the last. Any other ends the connection."""
        ack = await connection.request(Push(items), PushAck)
        results = ack.results
        valid = ack.durable and 1 <= len(results) <= len(items)
        valid = valid and all(
            r.status in (PushStatus.ACCEPTED, PushStatus.DUPLICATE)
            and r.cursor
            or r.status == PushStatus.REMOVED
            or (r.status == PushStatus.REFUSED and r.error is not None and i == len(results) - 1)
            for i, r in enumerate(results)
        )
        if not valid:
            failure = ProtocolError(ErrorCode.INVALID_MESSAGE, "a PushAck does not fit its Push")
            connection.close(failure)
            raise failure
        return ack

    def _settle(self, entry: OutboxEntry, result: PushResult, durable: bool) -> bool:
        """True if the next entry may be sent now."""
        if result.error is not None and result.status == PushStatus.REFUSED:
            self._refuse(entry, refusal(result.error), result.error.conflict)
            return False
        with self._store.transaction():
            self._store.queue.mark_acknowledged(entry.position, result.cursor, durable)
        self._on_result(entry.id, Acknowledgement(result.cursor, durable))
        return True

    def _refuse(self, entry: OutboxEntry, failure: ProtocolError, conflict: Envelope | None) -> None:
        if failure.row.retry != "no":
            raise RefusedForNow(failure)
        self._conflict(conflict, failure)
        with self._store.transaction():
            self._store.queue.mark_refused(entry.position, failure.wire_code or failure.code)
        self._publish(Refused(failure.wire_code or failure.code))
        self._on_result(entry.id, failure)

    def _conflict(self, conflict: Envelope | None, failure: ProtocolError) -> None:
        """CL-26: what this device really signed stops its pushing."""
        if (
            failure.code is ErrorCode.SEQUENCE_CONFLICT
            and conflict is not None
            and self._receiver.check_conflict(conflict)
        ):
            raise failure
