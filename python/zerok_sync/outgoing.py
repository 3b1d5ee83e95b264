"""The queue of a group: what goes into it, when it is sent, and who waits for it. CL-20, CL-21, CL-23 to CL-26."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from .backoff import told_ms
from .clock import Timer
from .enqueue import Enqueued, Enqueuer
from .envelope import parse_header
from .errors import ArgumentError, Closed, ErrorCode, ProtocolError, RelayUnreachable, SyncError
from .limits import RECONNECT_MS_MAX, RECONNECT_MS_MIN
from .link import Link
from .push import Draft, PushReceipt, Track, Wait
from .pusher import Acknowledgement, RefusedForNow
from .wire.messages import ContentMessage, ContentType

if TYPE_CHECKING:
    from .member import Member

_random = secrets.SystemRandom()


class Outgoing:
    """Drives the Pusher of a member."""

    def __init__(self, member: Member) -> None:
        self._member, self._store = member, member.store
        self._enqueuer = Enqueuer(member.store, member.keys.device_key, member.clock, self._queued)
        self._tracks: WeakValueDictionary[bytes, Track] = WeakValueDictionary()
        self._flushing = asyncio.Lock()
        self._waiting: dict[bytes, list[asyncio.Future[Acknowledgement]]] = {}
        self._settled: list[asyncio.Future[None]] = []
        self._timer: Timer | None = None
        self._holding = False
        """The relay asked for patience: nothing is sent before the timer has run out."""
        self._retries = 0
        self.last_refusal: SyncError | None = None
        """Why the queue waits, while it does. CL-24."""

    def close(self) -> None:
        """Commits what was pushed; those who wait for a relay hear that nothing more comes."""
        self._enqueuer.close()
        self._stop_timer()
        for message_id in list(self._waiting):
            self._answer(message_id, Closed("the group was closed before a relay had stored the message"))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._holding = None, False

    def nudge(self) -> None:
        """Something was queued: it goes out now where a relay is connected and the queue does not have to wait."""
        if self._member.connected and self._timer is None:
            self._member.background.start(self.flush_quietly())

    # --- queueing

    async def push(self, drafts: Sequence[Draft], wait: Wait) -> tuple[PushReceipt, ...]:
        """All of them or none, in one transaction; durable when it returns. `wait` is how their receipts wait for a
        relay."""
        queued = await self._enqueuer.add(drafts)
        return tuple(PushReceipt(self._track(one.id), one.position, self.is_stored, wait) for one in queued)

    def _track(self, message_id: bytes) -> Track:
        return self._tracks.setdefault(message_id, Track(message_id))

    def _queued(self, queued: Sequence[Enqueued]) -> None:
        """Who waits for a message that was replaced waits for the newer one."""
        for one in queued:
            if one.replaced is None:
                continue
            old = self._tracks.get(one.replaced)
            if old is not None:
                old.replaced_by = self._track(one.id)
            if one.replaced in self._waiting:
                self._waiting.setdefault(one.id, []).extend(self._waiting.pop(one.replaced))
        self._member.changed.beat()

    def is_stored(self, message_id: bytes) -> bool:
        entry = self._store.queue.entry(message_id)
        return entry is not None and entry.state == "acknowledged"

    # --- waiting

    async def wait_stored(self, track: Track) -> Acknowledgement:
        """Until a relay has stored it, over as many connections as it takes."""
        while True:
            if not self.is_stored(track.last.id):
                await self._member.reach_in_time()
            try:
                return await self.wait_acknowledged(track)
            except RelayUnreachable:
                continue

    async def wait_acknowledged(self, track: Track) -> Acknowledgement:
        """Until a relay has stored it; raises RelayUnreachable where none can be reached now."""
        message_id = track.last.id
        entry = self._store.queue.entry(message_id)
        if entry is None:
            raise SyncError("there is no such message")
        if entry.state == "acknowledged":
            return Acknowledgement(entry.cursor or 0, bool(entry.durable))
        if entry.state == "refused" and entry.code is not None:
            raise ProtocolError(ErrorCode(entry.code), wire_code=entry.code)
        if self._member.receiver.own_fork:
            raise ProtocolError(ErrorCode.SEQUENCE_CONFLICT)  # CL-26
        future: asyncio.Future[Acknowledgement] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(message_id, []).append(future)
        try:
            await self._flush_for_waiter()
            return await future
        finally:
            future.cancel()

    async def settle(self) -> None:
        """Until the queue is empty, or waits for the app."""
        settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._settled.append(settled)
        try:
            await self._flush_for_waiter()
            entries, fork = self._store.queue.unacknowledged(), self._member.receiver.own_fork
            if entries and all(e.state != "refused" for e in entries) and not fork:
                await settled
        finally:
            self._settled.remove(settled)

    async def flushed(self) -> None:
        """Until a relay has stored what is in the queue now, over as many connections as it takes. Raises the error of
        a message that was refused for good."""
        last = self._store.queue.last_position()
        while (entry := self._store.queue.first_waiting()) is not None and entry.position <= last:
            if entry.state == "refused" and entry.code is not None:
                raise ProtocolError(ErrorCode(entry.code), wire_code=entry.code)
            if self._member.receiver.own_fork:
                raise ProtocolError(ErrorCode.SEQUENCE_CONFLICT)  # CL-26
            if not self._member.connected:
                await self._member.reach_in_time()
                self.nudge()
            else:
                await self._member.changed.wait()

    async def _flush_for_waiter(self) -> None:
        """Raises what only the app can change; a lost connection is tried again in the background. CL-23."""
        await self._member.reach()
        try:
            await self.flush()
        except RelayUnreachable as failure:
            self._dial_again(failure)
        except ProtocolError as failure:
            if failure.row.retry == "no":
                raise
            self._dial_again(failure)

    def on_result(self, message_id: bytes, result: Acknowledgement | ProtocolError) -> None:
        if isinstance(result, ProtocolError) or self._store.queue.count() == 0:
            for settled in self._settled:
                if not settled.done():
                    settled.set_result(None)
        self._answer(message_id, result)
        self._member.changed.beat()

    def _answer(self, message_id: bytes, result: Acknowledgement | SyncError) -> None:
        for future in self._waiting.pop(message_id, []):
            if future.done():
                continue
            if isinstance(result, SyncError):
                future.set_exception(result)
            else:
                future.set_result(result)

    # --- sending

    async def flush(self) -> None:
        """Sends the queue until it is empty, refused, or has to wait."""
        self._member.pusher.wake()
        await self._member.background.finish(self._flush(await self._member.reach()))

    async def _flush(self, link: Link) -> None:
        async with self._flushing:
            if self._holding:
                return  # CL-24
            try:
                await self._reconcile(link)
                await self._member.pusher.flush(link)
                self.last_refusal, self._retries = None, 0
            except RefusedForNow as refused:
                self._hold(refused.failure)

    async def flush_quietly(self) -> None:
        """Flushes in the background. A failure is reported and its message stays queued; its receipt goes on waiting
        if a later attempt can help."""
        try:
            await self.flush()
        except SyncError as failure:
            if isinstance(failure, ProtocolError) and failure.row.retry == "no":
                for message_id in list(self._waiting):
                    self.on_result(message_id, failure)
            if self._store.queue.count() > 0:
                self._dial_again(failure)

    async def _reconcile(self, link: Link) -> None:
        """CL-06, CL-21: once in a session, and again after a rollback. Raises where nothing may be pushed."""
        ack, member = link.connection.ack, self._member
        if link.reconciled or ack is None:
            return
        stub = ack.own_head
        if stub is not None and member.receiver.check_own(stub):
            raise ProtocolError(ErrorCode.SEQUENCE_CONFLICT)  # CL-26
        link.own_head = parse_header(stub.header).sequence if stub is not None else 0
        link.knows_this_device = stub is not None
        behind = link.own_head > self._store.chains.head(member.keys.device_key).sequence
        if behind or self._store.log.position(link.pin.node_id).cursor > ack.head:  # CL-06
            await member.reader.pull(link)
        if behind and not member.receiver.own_fork:
            await member.receiver.settle_own_gap()
            member.receiver.take_over(link.pin.node_id)
        if not member.receiver.own_fork:
            await member.pusher.resend(link)
        link.reconciled = True

    def _hold(self, failure: ProtocolError) -> None:
        """The relay asked for patience. CL-24, ER-05."""
        window = min(RECONNECT_MS_MAX, RECONNECT_MS_MIN * 2**self._retries)
        self._retries += 1
        self._flush_later(failure, told_ms(failure) + _random.uniform(0, window), self._hold_is_over)
        self._holding = True

    def _hold_is_over(self) -> None:
        if self._member.connected:
            self.end_wait()
        else:
            self._stop_timer()
            self._dial_again(self.last_refusal or RelayUnreachable("the connection is gone"))

    def _dial_again(self, failure: SyncError) -> None:
        """The connection is gone, or the own store failed: who watches over the connection does it, or the queue does
        it itself. CL-36, CL-68."""
        if not self._member.background.supervises:
            self._flush_later(failure, self._member.links.backoff.wait_ms(), self.end_wait)

    def _flush_later(self, failure: SyncError, wait_ms: float | None, flush: Callable[[], None]) -> None:
        self.last_refusal = failure
        self._stop_timer()
        if wait_ms is not None:  # CL-37
            self._timer = self._member.clock.call_later(wait_ms, flush)
        self._member.changed.beat()

    def end_wait(self) -> None:
        """Sends at once what waited for a relay. CL-39."""
        self._stop_timer()
        self._member.background.start(self.flush_quietly())

    # --- what the app decides of one that was refused

    def retry(self, message_id: bytes) -> None:
        entry = self._store.queue.entry(message_id)
        if entry is None or entry.state != "refused":
            raise ArgumentError("only a message that was refused for good can be tried again")  # CL-55
        with self._store.transaction():
            self._store.queue.retry(entry.position)
        self.nudge()

    def drop(self, message_id: bytes) -> Draft | None:
        """Drops an entry and gives its message back; None for an announcement. A sealed one leaves a hole in the
        chain, so the next item carries `skip`. CL-25, CL-48, CL-70."""
        entry = self._store.queue.entry(message_id)
        if entry is None or entry.state not in ("queued", "refused", "deferred"):
            raise ArgumentError("only a message that was refused or never sent can be dropped")  # CL-54, CL-61
        with self._store.transaction():
            self._store.queue.drop(entry.position)
            self._store.messages.remove(self._member.keys.device_key, message_id)
            if entry.sequence is not None:
                self._store.own.skip(entry.sequence)
        self._answer(message_id, SyncError("the message was dropped"))
        self._member.changed.beat()
        self.nudge()
        if entry.kind != ContentType.MESSAGE:
            return None
        message = ContentMessage.decode(entry.content)
        content = message.data or b"" if message.text is None else message.text
        return Draft(content, message.topic, message.id, message.metadata, entry.collapse_key)
