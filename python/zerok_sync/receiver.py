"""The receiving side of a device. EN-20 to EN-34, CL-02 to CL-15."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from .authentic import authenticate
from .clock import Clock
from .envelope import CheckedEnvelope, check_form, check_stub, envelope_hash
from .errors import ErrorCode, ProtocolError
from .events import Event, Expired, Message, Withheld
from .gap_timers import CLOSED_AT_ONCE_MAX, GapTimers
from .group import DeviceKeys
from .judge import Judge
from .members import Members
from .rows import Position, StoredMessage
from .segment import check_segment
from .store import Store
from .wire.messages import Envelope, LogSegment, MemberRecord, Stub


class Receiver:
    """Applies segments to the store. `publish` gets events and messages after they are durable."""

    def __init__(
        self, store: Store, keys: DeviceKeys, clock: Clock, publish: Callable[[Event | Message], None]
    ) -> None:
        self._store, self._keys, self._publish = store, keys, publish
        self._members = Members(store, keys.group_id)
        self._judge = Judge(store, keys, self._members, clock)
        self._timers = GapTimers(store, clock, self._close_gap)
        self._withheld: set[tuple[bytes, bytes]] = set()
        """NodeId and H of the heads that were reported. CL-11."""
        self._read_through: dict[bytes, int] = {}
        """Place of the newest held envelope when a relay was last read to its head, by NodeId. EN-24."""

    @property
    def own_fork(self) -> bool:
        """True after another envelope of this device was seen; pushing then stops. CL-26."""
        return self._judge.own_fork

    def close(self) -> None:
        self._timers.close()

    def message(self, row: StoredMessage, cursor: int | None = None) -> Message:
        """A stored message as the app sees it."""
        name, own = self._members.name(row.sender), row.sender == self._keys.device_key
        content = (row.id, row.topic, row.text, row.data, row.metadata, row.sent_at_ms, row.received_at_ms)
        return Message(row.position, row.sender, name, own, *content, cursor)

    # --- members

    def add_records(self, records: list[MemberRecord]) -> None:
        """Adds the records that verify as members, and judges again what waited for them. CL-12."""
        with self._transaction():
            for sender in self._members.add(records):
                self._judge.judge_again(sender)

    def has_unknown_sender(self, envelopes: Sequence[Envelope]) -> bool:
        """Whether ListDevices is worth asking: for an authentic envelope without a record of its sender. CL-09."""
        forms = [form for form in map(self._form_of, envelopes) if isinstance(form, CheckedEnvelope)]
        unknown = [form for form in forms if form.header.sender_key not in self._members]
        return any(authenticate(unknown, self._store.chains.vouches))

    # --- segments

    def _form_of(self, envelope: Envelope) -> CheckedEnvelope | ProtocolError:
        try:
            return check_form(envelope, self._keys.group_id)
        except ProtocolError as failure:
            return failure

    def apply(self, node_id: bytes, asked: int, segment: LogSegment, has_more: bool) -> None:
        """Data and cursor in one transaction. Raises CURSOR_GAP before anything is used. CL-02, CL-03."""
        cursors = [e.cursor for e in segment.envelopes]
        check_segment(asked, segment.after, segment.removed_through, cursors, segment.next, segment.head, has_more)
        names = [envelope_hash(e.header, e.nonce, e.ciphertext) for e in segment.envelopes]
        forms = [self._form_of(envelope) for envelope in segment.envelopes]
        in_form = [form for form in forms if isinstance(form, CheckedEnvelope)]
        authentic = iter(authenticate(in_form, self._store.chains.vouches))
        with self._transaction():
            known = self._store.log.position(node_id).cursor
            self._note_expired(node_id, known, segment.removed_through)
            for envelope, name, form in zip(segment.envelopes, names, forms, strict=True):
                self._store.log.add(node_id, envelope.cursor, name)
                if isinstance(form, CheckedEnvelope):
                    self._judge.receive(form, next(authentic))
                else:
                    self._judge.reject_form(form, envelope, name)
            if segment.next > known:
                self._store.log.set_position(node_id, Position(segment.next, names[-1] if names else b""))
            self._judge.bound_held()
        for sender in {form.header.sender_key for form in in_form}:
            self._timers.await_gap(sender)

    def _note_expired(self, node_id: bytes, known: int, removed_through: int) -> None:
        """CL-08, CL-14."""
        for first, last in self._store.log.unread(node_id, known + 1, removed_through):
            self._store.log.add_expired(node_id, first, last)
            self._judge.news.append(Expired(node_id, first, last))

    async def reached_head(self, node_id: bytes) -> None:
        """A relay was read to its head: gaps that no relay can fill are given up, and what it withholds is named."""
        self._read_through[node_id] = self._store.held.last_position()
        read = [self._read_through.get(row.pin.node_id, 0) for row in self._store.relays()]
        await self._yielding(lambda: self._close_gaps(min(read, default=0)))
        with self._transaction():
            self._note_withheld(node_id)

    async def _yielding(self, do_some: Callable[[], bool]) -> None:
        """Lets others take turns while there is more to do."""
        more = True
        while more:
            more = do_some()
            await asyncio.sleep(0)

    def _close_gaps(self, position: int) -> bool:
        """Gives up some of the gaps that have waited since `position`. True if there are more. EN-24."""
        senders: set[bytes] = set()
        with self._transaction():
            for _ in range(CLOSED_AT_ONCE_MAX):
                sender = self._store.held.sender_waiting_since(position)
                if sender is None:
                    break
                self._judge.close_gap(sender)
                senders.add(sender)
        for sender in senders:
            self._timers.await_gap(sender)
        return len(senders) > 0

    def _note_withheld(self, node_id: bytes) -> None:
        """CL-11."""
        if self._store.log.has_expired(node_id):
            return
        for sender, sequence, name in self._store.chains.stubs_of_welcome():
            head = self._store.chains.head(sender)
            if head.sequence < sequence and (node_id, name) not in self._withheld:
                self._withheld.add((node_id, name))
                self._judge.news.append(Withheld(node_id, sender, head.sequence + 1, sequence))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """What it judged is published once it is durable, and forgotten if it fails."""
        self._judge.begin()
        try:
            with self._store.transaction():
                yield
        except BaseException:
            self._members.reload()
            raise
        for item in self._judge.news:
            self._publish(item)

    def _close_gap(self, sender: bytes) -> None:
        with self._transaction():
            self._judge.close_gap(sender)

    # --- the own chain

    def check_own(self, stub: Stub) -> bool:
        """Returns True if a stub that this device signed shows that its chain forked. Raises ProtocolError for one
        that does not verify, or is another device's. CL-21, CL-26."""
        checked = check_stub(stub, self._keys.group_id)
        own = self._keys.device_key
        if checked.header.sender_key != own:
            raise ProtocolError(ErrorCode.ENVELOPE_UNAUTHENTIC, "a relay names another device's head as this one's")
        known = self._store.chains.accepted(own, checked.header.sequence)
        known = known or self._store.chains.stub(own, checked.header.sequence)
        if known is not None and known[0] != checked.hash:
            with self._transaction():
                self._judge.fork(known[1], checked)
            return True
        with self._store.transaction():
            self._store.chains.add_stub(checked, of_welcome=False)
        return False

    async def settle_own_gap(self) -> None:
        """Gives up what is missing below own envelopes that came: nothing more can come of it. CL-21."""
        await self._yielding(self._close_own_gap)

    def _close_own_gap(self) -> bool:
        if self._store.held.next_behind_gap(self._keys.device_key) is None:
            return False
        self._close_gap(self._keys.device_key)
        return True

    def take_over(self, node_id: bytes) -> None:
        """The chain goes on behind the highest stub of this device that verified. CL-21, CL-28."""
        own, chains = self._keys.device_key, self._store.chains
        stub = chains.highest_stub(own)
        assert stub is not None
        highest = check_stub(stub, self._keys.group_id)
        if chains.head(own).sequence >= highest.header.sequence:
            return
        with self._transaction():
            self._unseal(node_id)
            first = chains.head(own).sequence + 1
            chains.add(highest)
            self._judge.news.append(Expired(node_id, first, highest.header.sequence, own))

    def _unseal(self, node_id: bytes) -> None:
        """What was sealed for places that another life of this device has taken is sealed anew. CL-28."""
        own, chains = self._keys.device_key, self._store.chains
        for sequence in self._store.queue.sealed():
            name = chains.accepted_hash(own, sequence)
            if name is None or self._store.log.cursor_of(node_id, name) is None:
                self._store.queue.unseal(sequence)
                self._store.own.remove(sequence)
                chains.remove(own, sequence)
