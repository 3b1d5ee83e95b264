"""The receiving side of a device. EN-20 to EN-27, CL-02 to CL-09."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .clock import Clock
from .crypto.asymmetric import ed25519_public
from .envelope import check_envelope, envelope_hash, parse_header
from .errors import ErrorCode, ProtocolError
from .events import Event, Expired, Message
from .gap_timers import GapTimers
from .group import DeviceKeys, auth_seed, member_record_body, verify_member_record
from .judge import Judge
from .rows import Position
from .segment import check_segment
from .store import Store
from .wire.messages import Envelope, LogSegment, MemberRecord


class Receiver:
    """Applies segments to the store. `publish` gets events and messages after they are durable."""

    def __init__(
        self, store: Store, keys: DeviceKeys, clock: Clock, publish: Callable[[Event | Message], None]
    ) -> None:
        self._store, self._keys, self._publish = store, keys, publish
        self._judge = Judge(store, keys, clock)
        self._timers = GapTimers(store, clock, self._close_gap)
        self._members = set(store.members())

    @property
    def own_fork(self) -> bool:
        """True after another envelope of this device was seen; pushing then stops. CL-26."""
        return self._judge.own_fork

    def close(self) -> None:
        self._timers.close()

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
        senders: set[bytes] = set()
        with self._transaction():
            known = self._store.position(node_id).cursor
            if expired is not None and expired[1] > known:
                self._judge.news.append(Expired(max(expired[0], known + 1), expired[1]))  # CL-08
            name = b""
            for envelope in segment.envelopes:
                name = envelope_hash(envelope.header, envelope.nonce, envelope.ciphertext)
                self._store.add_log(node_id, envelope.cursor, name)
                senders |= self._receive(envelope, name)
            if segment.next > known:
                self._store.set_position(node_id, Position(segment.next, name))
            self._judge.bound_held()
        for sender in senders:
            self._timers.await_gap(sender)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """What it judged is published once it is durable, and forgotten if it fails."""
        self._judge.news = []
        with self._store.transaction():
            yield
        news, self._judge.news = self._judge.news, []
        for item in news:
            self._publish(item)

    def _receive(self, envelope: Envelope, name: bytes) -> set[bytes]:
        """Returns the sender if its chain or what is held of it may have changed."""
        try:
            checked = check_envelope(envelope, self._keys.group_id, self._members)
        except ProtocolError as failure:
            self._judge.reject(failure, envelope, name)
            return set()
        self._judge.receive(checked)
        return {checked.header.sender_key}

    def check_conflict(self, envelope: Envelope) -> bool:
        """Returns True if the envelope of a SEQUENCE_CONFLICT is this device's: its chain forked. CL-26."""
        try:
            checked = check_envelope(envelope, self._keys.group_id, {self._keys.device_key})
        except ProtocolError:
            return False
        if self._store.accepted_hash(self._keys.device_key, checked.header.sequence) == checked.hash:
            return False
        with self._transaction():
            self._judge.fork(checked)
        return True

    def _close_gap(self, sender: bytes) -> None:
        with self._transaction():
            self._judge.close_gap(sender)
