"""What a device does with envelopes: EN-20 to EN-27, CL-02 to CL-09."""

from __future__ import annotations

from collections.abc import Callable

from .chain import Outcome, judge
from .clock import Clock, Timer
from .crypto.asymmetric import ed25519_public
from .envelope import CheckedEnvelope, Head, check_envelope, envelope_hash, open_content, parse_header
from .errors import ErrorCode, ProtocolError
from .events import Event, Expired, Fork, Gap, MemberJoined, Message, Rejected
from .group import DeviceKeys, auth_seed, member_record_body, verify_member_record
from .limits import GAP_BYTES_MAX, GAP_WAIT_MS
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
        self._news: list[Event | Message] = []
        self._own_fork = store.get("own_fork") is not None
        self._members = set(store.members())
        for sender in store.held_senders():
            self._await_gap(sender)

    @property
    def own_fork(self) -> bool:
        """Another envelope of this device was seen: pushing stops. CL-26."""
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
        """Those that verify become members; the others are a relay's mistake and count for nothing."""
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

    def apply(self, relay: str, asked: int, segment: LogSegment, has_more: bool) -> None:
        """Data and cursor in one transaction. Raises CURSOR_GAP before anything is used. CL-02, CL-03."""
        cursors = [e.cursor for e in segment.envelopes]
        expired = check_segment(
            asked, segment.after, segment.removed_through, cursors, segment.next, segment.head, has_more
        )
        with self._store.transaction():
            known = self._store.relay(relay).cursor
            if expired is not None and expired[1] > known:
                self._news.append(Expired(max(expired[0], known + 1), expired[1]))  # CL-08
            name = b""
            for envelope in segment.envelopes:
                name = envelope_hash(envelope.header, envelope.nonce, envelope.ciphertext)
                self._store.add_log(relay, envelope.cursor, name)
                self._receive(envelope, name)
            if segment.next > known:
                self._store.set_cursor(relay, segment.next, name or bytes(32))
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
        """Whether the chain moved on."""
        sender, sequence = checked.header.sender_key, checked.header.sequence
        accepted = self._store.accepted_hash(sender, sequence)
        outcome = judge(checked, self._store.head(sender), {} if accepted is None else {sequence: accepted})
        if outcome is Outcome.ACCEPTED:
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
                store.release(checked.hash)
                self._reject(failure, checked.envelope, checked.hash)
            return False
        store.release(checked.hash)
        store.add_chain(header.sender_key, Head(header.sequence, checked.hash))
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
        """PA-22. A record of somebody else introduces nobody."""
        assert content.record is not None
        try:
            if self.verify_record(content.record) != sender:
                return
        except ProtocolError:
            return
        self._store.name_member(sender, content.name)
        self._news.append(MemberJoined(sender, content.name))

    def _fork(self, checked: CheckedEnvelope) -> None:
        """EN-23: both are kept, the first stays."""
        self._store.release(checked.hash)
        self._store.quarantine("envelope.chain", checked.hash, checked.envelope.encode())
        if checked.header.sender_key == self._keys.device_key:
            self._own_fork = True
            self._store.put("own_fork", b"1")
        self._news.append(Fork(checked.header.sender_key, checked.header.sequence))

    def _reject(self, failure: ProtocolError, envelope: Envelope, name: bytes) -> None:
        if self._store.quarantine(failure.reject_class, name, envelope.encode()):
            self._news.append(Rejected(failure.reject_class, envelope.cursor or None))

    def check_conflict(self, envelope: Envelope) -> bool:
        """Whether the envelope of a SEQUENCE_CONFLICT is really this device's: then its chain forked. CL-26."""
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
        self._await_gap(header.sender_key)

    def _await_gap(self, sender: bytes) -> None:
        if sender not in self._timers:
            self._timers[sender] = self._clock.call_later(GAP_WAIT_MS, lambda: self._give_up(sender))

    def _held(self, sender: bytes) -> list[CheckedEnvelope]:
        return [
            check_envelope(Envelope.decode(e), self._keys.group_id, self._members) for e in self._store.held(sender)
        ]

    def _release(self, sender: bytes) -> None:
        """Held ones whose turn has come, lowest sequence first. EN-24."""
        held = self._held(sender)
        while held and held[0].header.sequence <= self._store.head(sender).sequence + 1:
            checked = held.pop(0)
            moved = self._judge(checked)
            if not moved and checked.header.epoch in self._store.epochs():
                self._store.release(checked.hash)
        if not held and sender in self._timers:
            self._timers.pop(sender).cancel()

    def _give_up(self, sender: bytes) -> None:
        """GAP_WAIT_MS is over: what is held is delivered with the missing sequences named. EN-24."""
        self._timers.pop(sender, None)
        with self._store.transaction():
            self._close_gap(sender)
            waiting = [c for c in self._held(sender) if c.header.epoch in self._store.epochs()]
        if waiting:
            self._await_gap(sender)
        self._flush()

    def _close_gap(self, sender: bytes) -> None:
        """The first gap of a sender, and what follows it without another one."""
        known, closed = self._store.epochs(), False
        for checked in self._held(sender):
            head, sequence = self._store.head(sender), checked.header.sequence
            if checked.header.epoch not in known:
                continue
            if sequence <= head.sequence + 1:
                self._judge(checked)
                self._store.release(checked.hash)
            elif closed:
                return
            else:
                position = len(self._news)
                if self._accept(checked):
                    self._news.insert(position, Gap(sender, head.sequence + 1, sequence - 1))
                    closed = True

    def _bound_held(self) -> None:
        """EN-25: the oldest gap is closed at once."""
        while (held := self._store.held_bytes()) > GAP_BYTES_MAX:
            for sender in self._store.held_senders():
                with self._store.transaction():
                    self._close_gap(sender)
                if self._store.held_bytes() < held:
                    break
            else:
                return
