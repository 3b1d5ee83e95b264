"""What a receiver decides of each envelope that has the right form: EN-20 to EN-34."""

from __future__ import annotations

from .chain import Outcome, judge
from .clock import Clock
from .envelope import CheckedEnvelope, CheckedStub, Content, open_content, reread
from .errors import ErrorCode, ProtocolError
from .events import Event, Fork, Gap, MemberJoined, Message, Rejected
from .group import DeviceKeys
from .limits import GAP_BYTES_MAX
from .members import Members
from .quarantine_table import Lacks
from .store import Store
from .wire.messages import ContentMessage, Envelope, MemberAnnouncement, SequenceRange, Stub


class Judge:
    """Moves chains, holds, rejects. Runs inside the caller's transaction; `news` waits until that is durable."""

    def __init__(self, store: Store, keys: DeviceKeys, members: Members, clock: Clock) -> None:
        self._store, self._keys, self._members, self._clock = store, keys, members, clock
        self.news: list[Event | Message] = []
        self.own_fork = store.get("own_fork") is not None
        """True after another envelope of this device was seen; pushing then stops. CL-26."""
        self._judged_again: set[bytes] = set()
        """H of those that were reported when they went into the quarantine."""

    def begin(self) -> None:
        """Forgets what an earlier transaction told."""
        self.news = []
        self._judged_again.clear()

    def has(self, checked: CheckedEnvelope) -> bool:
        """True if it is accepted or held already. EN-22."""
        name = self._store.chains.accepted_hash(checked.header.sender_key, checked.header.sequence)
        return name == checked.hash or self._store.held.has(checked.hash)

    def receive(self, checked: CheckedEnvelope, authentic: bool) -> None:
        """Judges one envelope of a segment, and those that waited for it."""
        if self.has(checked):  # EN-22
            if checked.header.sender_key == self._keys.device_key:
                self._store.messages.set_received(checked.hash, checked.envelope.received_at_ms)
            return
        if not authentic:
            self.reject(ProtocolError(ErrorCode.ENVELOPE_UNAUTHENTIC), checked, lacks="signature")
            return
        for vouched in self._take_vouched(checked):
            self._judge(vouched)
        self._judge(checked)

    def _take_vouched(self, checked: CheckedEnvelope) -> list[CheckedEnvelope]:
        """The quarantined envelopes that this one vouches for, one after the other, lowest first. EN-34."""
        vouched: list[CheckedEnvelope] = []
        while True:
            header = (vouched[-1] if vouched else checked).header
            encoded = self._store.quarantine.take_unsigned(header.sender_key, header.sequence - 1, header.previous)
            if encoded is None:
                return vouched[::-1]
            vouched.append(reread(Envelope.decode(encoded)))
            self._judged_again.add(vouched[-1].hash)

    def _judge(self, checked: CheckedEnvelope) -> None:
        """An authentic envelope: the sender's record first."""
        sender = checked.header.sender_key
        if sender not in self._members and not self._introduces_itself(checked):
            self._store.held.add("record", checked, self._clock.elapsed_ms())  # CL-09
            return
        self._place(checked)
        self.release(sender)

    def _introduces_itself(self, checked: CheckedEnvelope) -> bool:
        """Takes the record of an INVITE whose sender nobody has named yet. CL-09."""
        try:
            content = open_content(checked, self._store.epochs())
            if not isinstance(content, MemberAnnouncement) or content.record is None:
                return False
            if self._members.verify(content.record) != checked.header.sender_key:
                return False
        except ProtocolError:
            return False
        self._members.add([content.record])
        self.judge_again(checked.header.sender_key)
        return True

    def judge_again(self, sender: bytes) -> None:
        """Judges what waited for the sender's record, from the lowest sequence upwards. CL-12."""
        rejected = [reread(Envelope.decode(e)) for e in self._store.quarantine.take_without_record(sender)]
        self._judged_again |= {checked.hash for checked in rejected}
        held = [reread(Envelope.decode(e)) for e in self._store.held.take_without_record(sender)]
        for checked in sorted(held + rejected, key=lambda checked: checked.header.sequence):
            self._judge(checked)

    def _place(self, checked: CheckedEnvelope) -> None:
        """The place in the chain, and what may come of it."""
        sender, sequence = checked.header.sender_key, checked.header.sequence
        chains = self._store.chains
        stub = chains.stub(sender, sequence)
        if stub is not None and stub[0] != checked.hash:
            self.fork(stub[1], checked)  # PA-12
            return
        outcome = judge(checked, chains.head(sender), chains.accepted_around(sender, sequence))
        if outcome is Outcome.FORK:
            first = chains.accepted(sender, sequence)
            assert first is not None
            self.fork(first[1], checked)
        elif outcome is Outcome.BROKEN:
            self.reject(ProtocolError(ErrorCode.CHAIN_BROKEN), checked)
        elif outcome is not Outcome.DUPLICATE:
            self._open(checked, outcome)

    def _open(self, checked: CheckedEnvelope, outcome: Outcome) -> None:
        """EN-21, EN-27: only what passes all checks moves the chain or leaves."""
        try:
            content = open_content(checked, self._store.epochs())
        except ProtocolError as failure:
            if failure.code is ErrorCode.EPOCH_UNKNOWN:
                self._store.held.add("epoch", checked, self._clock.elapsed_ms())  # EN-09
            else:
                self.reject(failure, checked)
            return
        if outcome is Outcome.GAP and self._missing_before(checked, content):
            self._store.held.add("gap", checked, self._clock.elapsed_ms())  # EN-24
        else:
            self._accept(checked, content)

    def _missing_before(self, checked: CheckedEnvelope, content: Content) -> list[Gap]:
        """What lacks between the chain and an envelope, without the sequences that never come. EN-24, EN-29."""
        sender, missing = checked.header.sender_key, []
        next_ = self._store.chains.head(sender).sequence + 1
        for skipped in [*content.skipped, SequenceRange(checked.header.sequence, 0)]:
            if skipped.from_ > next_:
                missing.append(Gap(sender, next_, skipped.from_ - 1))
            next_ = max(next_, skipped.to + 1)
        return missing

    def _accept(self, checked: CheckedEnvelope, content: Content) -> None:
        sender, store = checked.header.sender_key, self._store
        store.held.remove(checked.hash)
        store.chains.add(checked)
        store.chains.add_skipped(sender, content.skipped)
        if sender == self._keys.device_key:
            # CL-21: fast-forward. EN-35: the chain may have vouched for a signature that others cannot check.
            envelope = self._keys.sign_again(checked.envelope, checked.hash)
            store.own.add(checked.header.sequence, envelope.encode())
        if isinstance(content, ContentMessage):
            self._deliver(checked, content)
        else:
            # PA-22: the name is the sender's; the record in it counts for nothing here.
            self._members.set_name(sender, content.name)
            self.news.append(MemberJoined(sender, content.name))

    def _deliver(self, checked: CheckedEnvelope, content: ContentMessage) -> None:
        """EN-16, CL-15."""
        sender, envelope = checked.header.sender_key, checked.envelope
        position = self._store.messages.add(checked.hash, sender, content, envelope.received_at_ms)
        if position is None:
            return
        self.news.append(
            Message(
                position,
                sender,
                self._members.name(sender),
                sender == self._keys.device_key,
                content.id,
                content.topic,
                content.text,
                content.data,
                content.metadata,
                content.sent_at_ms,
                envelope.received_at_ms or None,
                envelope.cursor or None,
            )
        )

    def fork(self, first: Stub, second: CheckedEnvelope | CheckedStub) -> None:
        """EN-23: both stubs are kept, the first envelope stays."""
        sender, sequence = second.header.sender_key, second.header.sequence
        self._store.held.remove(second.hash)
        if sender == self._keys.device_key:
            self.own_fork = True
            self._store.put("own_fork", b"1")  # CL-26
        if self._store.chains.add_evidence(sender, sequence, first, second.stub, second.hash):
            self.news.append(Fork(sender, sequence))

    def reject(self, failure: ProtocolError, checked: CheckedEnvelope, lacks: Lacks = "") -> None:
        header, encoded = checked.header, checked.envelope.encode()
        self._store.held.remove(checked.hash)
        added = self._store.quarantine.add(
            failure.reject_class, checked.hash, encoded, header.sender_key, header.sequence, lacks
        )
        if added and checked.hash not in self._judged_again:
            self.news.append(Rejected(failure.reject_class, checked.envelope.cursor or None))

    def reject_form(self, failure: ProtocolError, envelope: Envelope, name: bytes) -> None:
        """Rejects what is no envelope of this group."""
        if self._store.quarantine.add(failure.reject_class, name, envelope.encode()):
            self.news.append(Rejected(failure.reject_class, envelope.cursor or None))

    # --- held envelopes

    def release(self, sender: bytes) -> None:
        """Judges the held ones whose turn has come. EN-24."""
        held = self._store.held
        while encoded := held.next_behind_gap(sender, self._store.chains.head(sender).sequence + 1):
            self._turn_has_come(reread(Envelope.decode(encoded)))

    def _turn_has_come(self, checked: CheckedEnvelope) -> None:
        self._place(checked)
        self._store.held.remove_behind_gap(checked.hash)

    def close_gap(self, sender: bytes) -> None:
        """Gives up the first gap of a sender, and delivers what follows it up to the next one."""
        while encoded := self._store.held.next_behind_gap(sender):
            checked = reread(Envelope.decode(encoded))
            if checked.header.sequence <= self._store.chains.head(sender).sequence + 1:
                self._turn_has_come(checked)
                continue
            content = open_content(checked, self._store.epochs())
            self.news += self._missing_before(checked, content)
            self._accept(checked, content)
            break
        self.release(sender)

    def bound_held(self) -> None:
        """EN-25: the oldest gap is closed at once; without one, the oldest that waits for something else goes."""
        while self._store.held.size() > GAP_BYTES_MAX:
            behind = self._store.held.oldest("gap")
            if behind is not None:
                self.close_gap(behind[0])
                continue
            epoch = self._store.held.oldest("epoch")
            waiting = epoch or self._store.held.oldest("record")
            assert waiting is not None
            code = ErrorCode.EPOCH_UNKNOWN if epoch else ErrorCode.ENVELOPE_UNAUTHENTIC
            self.reject(ProtocolError(code), reread(Envelope.decode(waiting[1])), lacks="" if epoch else "record")
