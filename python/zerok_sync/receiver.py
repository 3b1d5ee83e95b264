"""The receiving side of a device. EN-20 to EN-27, CL-02 to CL-09."""

from __future__ import annotations

from collections.abc import Callable

from .chain import ChainLink, Outcome, judge
from .clock import Clock, Timer
from .crypto.asymmetric import ed25519_public
from .envelope import CheckedEnvelope, check_envelope, envelope_hash, open_content, parse_header
from .errors import ErrorCode, ProtocolError
from .events import Event, Expired, Fork, Gap, MemberJoined, Message, Rejected
from .group import DeviceKeys, auth_seed, member_record_body, verify_member_record
from .limits import GAP_BYTES_MAX, GAP_WAIT_MS
from .schema import Position
from .segment import check_segment
from .store import Store
from .wire.messages import ContentMessage, Envelope, LogSegment, MemberAnnouncement, MemberRecord


class Receiver:
    """Applies segments to the store. `publish` gets events and messages after they are durable."""

    def __init__(
        self, store: Store, keys: DeviceKeys, clock: Clock, publish: Callable[[Event | Message], None]
    ) -> None:
        self._store, self._keys, self._clock, self._publish = store, keys, clock, publish
        self._timers: dict[bytes, Timer] = {}
        self._came_ms: dict[bytes, float] = {}
        """When a held envelope came, by its H; one of an earlier life came when this one began."""
        self._news: list[Event | Message] = []
        self._own_fork = store.get("own_fork") is not None
        self._members = set(store.members())
        self._born_ms = clock.elapsed_ms()
        for sender in store.held_senders():
            self._await_gap(sender)

    @property
    def own_fork(self) -> bool:
        """True after another envelope of this device was seen; pushing then stops. CL-26."""
        return self._own_fork

    def close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()

    # --- members

    def verify_record(self, record: MemberRecord) -> bytes:
        """The device key of a record that verifies. GR-14."""
        epoch, secrets = member_record_body(record).epoch, self._store.epochs()
        if epoch not in secrets:
            raise ProtocolError(ErrorCode.EPOCH_UNKNOWN)
        auth_key = ed25519_public(auth_seed(secrets[epoch], epoch, self._keys.group_id))
        return verify_member_record(record, self._keys.group_id, auth_key).device_key

    def add_records(self, records: list[MemberRecord]) -> None:
        """Adds the records that verify as members, and ignores the others."""
        with self._store.transaction():
            for record in records:
                try:
                    self._store.add_member(self.verify_record(record), record.encode())
                except ProtocolError:
                    continue
        self._members = set(self._store.members())

    def knows_all_senders(self, envelopes: list[Envelope]) -> bool:
        """CL-09: whether ListDevices is worth asking."""
        for envelope in envelopes:
            try:
                header = parse_header(envelope)
            except ProtocolError:
                continue
            if header.group_id == self._keys.group_id and header.sender_key not in self._members:
                return False
        return True

    # --- segments

    def apply(self, node_id: bytes, asked: int, segment: LogSegment, has_more: bool) -> None:
        """Data and cursor in one transaction. Raises CURSOR_GAP before anything is used. CL-02, CL-03."""
        cursors = [e.cursor for e in segment.envelopes]
        expired = check_segment(
            asked, segment.after, segment.removed_through, cursors, segment.next, segment.head, has_more
        )
        with self._store.transaction():
            known = self._store.position(node_id).cursor
            if expired is not None and expired[1] > known:
                self._news.append(Expired(max(expired[0], known + 1), expired[1]))  # CL-08
            name = b""
            for envelope in segment.envelopes:
                name = envelope_hash(envelope.header, envelope.nonce, envelope.ciphertext)
                self._store.add_log(node_id, envelope.cursor, name)
                self._receive(envelope, name)
            if segment.next > known:
                self._store.set_position(node_id, Position(segment.next, name))
        self._bound_held()
        self._flush()

    def _flush(self) -> None:
        news, self._news = self._news, []
        for item in news:
            self._publish(item)

    def _receive(self, envelope: Envelope, name: bytes) -> None:
        try:
            checked = check_envelope(envelope, self._keys.group_id, self._members)
        except ProtocolError as failure:
            self._reject(failure, envelope, name)
            return
        self._judge(checked)
        self._release(checked.header.sender_key)

    def _judge(self, checked: CheckedEnvelope) -> bool:
        """Returns True if the chain moved."""
        sender, sequence = checked.header.sender_key, checked.header.sequence
        if self._store.witness(sender, sequence) not in (None, checked.hash):
            self._fork(checked)  # PA-12
            return False
        outcome = judge(checked, self._store.head(sender), self._store.accepted_around(sender, sequence))
        if outcome in (Outcome.ACCEPTED, Outcome.LATE):
            return self._accept(checked)
        if outcome is Outcome.GAP:
            self._hold(checked)
        elif outcome is Outcome.FORK:
            self._fork(checked)
        elif outcome is Outcome.BROKEN:
            self._reject(ProtocolError(ErrorCode.CHAIN_BROKEN), checked.envelope, checked.hash)
        return False

    def _accept(self, checked: CheckedEnvelope) -> bool:
        """EN-21, EN-27: only what passes all checks moves the chain or leaves."""
        header, store = checked.header, self._store
        try:
            content = open_content(checked, store.epochs())
        except ProtocolError as failure:
            if failure.code is ErrorCode.EPOCH_UNKNOWN:
                store.hold(header.sender_key, header.sequence, checked.hash, checked.envelope.encode())  # EN-09
            else:
                self._let_go(checked)
                self._reject(failure, checked.envelope, checked.hash)
            return False
        self._let_go(checked)
        store.add_chain(header.sender_key, header.sequence, ChainLink(checked.hash, header.previous))
        own = header.sender_key == self._keys.device_key
        if own:
            store.add_own(header.sequence, checked.envelope.encode(), False)  # CL-21: fast-forward
        if isinstance(content, ContentMessage):
            if store.add_message(checked.hash, header.sender_key, content, not own) and not own:
                self._news.append(
                    Message(
                        header.sender_key,
                        content.id,
                        content.text,
                        content.data,
                        content.metadata,
                        content.sent_at_ms,
                        checked.envelope.cursor or None,
                    )
                )
        elif not own:
            self._announce(header.sender_key, content)
        return True

    def _announce(self, sender: bytes, content: MemberAnnouncement) -> None:
        """PA-22: the name is the sender's; members come from records that were verified (CL-09), not from this one."""
        self._store.name_member(sender, content.name)
        self._news.append(MemberJoined(sender, content.name))

    def _fork(self, checked: CheckedEnvelope) -> None:
        """EN-23: both are kept, the first stays."""
        self._let_go(checked)
        first_seen = self._store.quarantine("envelope.chain", checked.hash, checked.envelope.encode())
        if checked.header.sender_key == self._keys.device_key:
            self._own_fork = True
            self._store.put("own_fork", b"1")
        if first_seen:
            self._news.append(Fork(checked.header.sender_key, checked.header.sequence))

    def _reject(self, failure: ProtocolError, envelope: Envelope, name: bytes) -> None:
        if self._store.quarantine(failure.reject_class, name, envelope.encode()):
            self._news.append(Rejected(failure.reject_class, envelope.cursor or None))

    def check_conflict(self, envelope: Envelope) -> bool:
        """Returns True if the envelope of a SEQUENCE_CONFLICT is this device's: its chain forked. CL-26."""
        try:
            checked = check_envelope(envelope, self._keys.group_id, {self._keys.device_key})
        except ProtocolError:
            return False
        if self._store.accepted_hash(self._keys.device_key, checked.header.sequence) == checked.hash:
            return False
        with self._store.transaction():
            self._fork(checked)
        self._flush()
        return True

    # --- gaps

    def _hold(self, checked: CheckedEnvelope) -> None:
        header = checked.header
        self._store.hold(header.sender_key, header.sequence, checked.hash, checked.envelope.encode())
        self._came_ms.setdefault(checked.hash, self._clock.elapsed_ms())
        self._await_gap(header.sender_key)

    def _let_go(self, checked: CheckedEnvelope) -> None:
        self._store.release(checked.hash)
        self._came_ms.pop(checked.hash, None)

    def _due_ms(self, checked: CheckedEnvelope) -> float:
        return self._came_ms.get(checked.hash, self._born_ms) + GAP_WAIT_MS

    def _await_gap(self, sender: bytes) -> None:
        behind = self._behind_gaps(sender)
        if behind and sender not in self._timers:
            wait_ms = min(self._due_ms(checked) for checked in behind) - self._clock.elapsed_ms()
            self._timers[sender] = self._clock.call_later(wait_ms, lambda: self._give_up(sender))

    def _held(self, sender: bytes) -> list[CheckedEnvelope]:
        """Lowest sequence first."""
        return [
            check_envelope(Envelope.decode(e), self._keys.group_id, self._members) for e in self._store.held(sender)
        ]

    def _behind_gaps(self, sender: bytes) -> list[CheckedEnvelope]:
        """Held ones that lack nothing but what comes before them; the others wait for their epoch. EN-09."""
        known = self._store.epochs()
        return [checked for checked in self._held(sender) if checked.header.epoch in known]

    def _release(self, sender: bytes) -> None:
        """Held ones whose turn has come. EN-24."""
        held = self._held(sender)
        while held and held[0].header.sequence <= self._store.head(sender).sequence + 1:
            checked = held.pop(0)
            moved = self._judge(checked)
            if not moved and checked.header.epoch in self._store.epochs():
                self._let_go(checked)
        if not held and sender in self._timers:
            self._timers.pop(sender).cancel()

    def _give_up(self, sender: bytes) -> None:
        """GAP_WAIT_MS is over: what is held is delivered with the missing sequences named. EN-24."""
        self._timers.pop(sender, None)
        now = self._clock.elapsed_ms()
        with self._store.transaction():
            while any(self._due_ms(checked) <= now for checked in self._behind_gaps(sender)):
                self._close_gap(sender)
        self._await_gap(sender)
        self._flush()

    def _close_gap(self, sender: bytes) -> None:
        """The first gap of a sender, and what follows it without another one."""
        closed = False
        for checked in self._behind_gaps(sender):
            head, sequence = self._store.head(sender), checked.header.sequence
            if sequence <= head.sequence + 1:
                self._judge(checked)
                self._let_go(checked)
            elif closed:
                return
            else:
                position = len(self._news)
                if self._accept(checked):
                    self._news.insert(position, Gap(sender, head.sequence + 1, sequence - 1))
                    closed = True

    def _bound_held(self) -> None:
        """EN-25: the oldest gap is closed at once; without one, the oldest of an unknown epoch waits no longer."""
        while self._store.held_bytes() > GAP_BYTES_MAX:
            senders = self._store.held_senders()
            behind = next((sender for sender in senders if self._behind_gaps(sender)), None)
            with self._store.transaction():
                if behind is not None:
                    self._close_gap(behind)
                    continue
                oldest = self._held(senders[0])[0]
                self._let_go(oldest)
                self._reject(ProtocolError(ErrorCode.EPOCH_UNKNOWN), oldest.envelope, oldest.hash)  # EN-09
