"""What a receiver decides of each envelope: EN-20 to EN-26."""

from __future__ import annotations

from .chain import ChainLink, Outcome, judge
from .clock import Clock
from .envelope import CheckedEnvelope, open_content, parse_header
from .envelope import envelope_hash as hash_of
from .errors import ErrorCode, ProtocolError
from .events import Event, Fork, Gap, MemberJoined, Message, Rejected
from .group import DeviceKeys
from .held_table import Waits
from .limits import GAP_BYTES_MAX
from .store import Store
from .wire.messages import ContentMessage, Envelope, MemberAnnouncement


def held_envelope(encoded: bytes) -> CheckedEnvelope:
    """Reads back an envelope that was checked before it was held."""
    envelope = Envelope.decode(encoded)
    name = hash_of(envelope.header, envelope.nonce, envelope.ciphertext)
    return CheckedEnvelope(envelope, parse_header(envelope), name)


class Judge:
    """Moves chains, holds, rejects. Runs inside the caller's transaction; `news` waits until that is durable."""

    def __init__(self, store: Store, keys: DeviceKeys, clock: Clock) -> None:
        self._store, self._keys, self._clock = store, keys, clock
        self.news: list[Event | Message] = []
        self.own_fork = store.get("own_fork") is not None
        """True after another envelope of this device was seen; pushing then stops. CL-26."""

    def receive(self, checked: CheckedEnvelope) -> None:
        """Judges an envelope whose form and signature hold, and those that waited for it."""
        self._judge(checked)
        self.release(checked.header.sender_key)

    def _judge(self, checked: CheckedEnvelope) -> None:
        sender, sequence = checked.header.sender_key, checked.header.sequence
        if self._store.witness(sender, sequence) not in (None, checked.hash):
            self.fork(checked)  # PA-12
            return
        outcome = judge(checked, self._store.head(sender), self._store.accepted_around(sender, sequence))
        if outcome in (Outcome.ACCEPTED, Outcome.LATE):
            self._accept(checked)
        elif outcome is Outcome.GAP:
            self._hold(checked, "gap" if checked.header.epoch in self._store.epochs() else "epoch")
        elif outcome is Outcome.FORK:
            self.fork(checked)
        elif outcome is Outcome.BROKEN:
            self.reject(ProtocolError(ErrorCode.CHAIN_BROKEN), checked.envelope, checked.hash)

    def _hold(self, checked: CheckedEnvelope, waits: Waits) -> None:
        header = checked.header
        now_ms, encoded = self._clock.elapsed_ms(), checked.envelope.encode()
        self._store.held.add(waits, header.sender_key, header.sequence, checked.hash, encoded, now_ms)

    def _accept(self, checked: CheckedEnvelope) -> bool:
        """EN-21, EN-27: only what passes all checks moves the chain or leaves. Returns True if it moved the chain."""
        header, store = checked.header, self._store
        try:
            content = open_content(checked, store.epochs())
        except ProtocolError as failure:
            if failure.code is ErrorCode.EPOCH_UNKNOWN:
                self._hold(checked, "epoch")  # EN-09
            else:
                store.held.remove(checked.hash)
                self.reject(failure, checked.envelope, checked.hash)
            return False
        store.held.remove(checked.hash)
        store.add_chain(header.sender_key, header.sequence, ChainLink(checked.hash, header.previous))
        own = header.sender_key == self._keys.device_key
        if own:
            store.add_own(header.sequence, checked.envelope.encode(), False)  # CL-21: fast-forward
        if isinstance(content, ContentMessage):
            if store.add_message(checked.hash, header.sender_key, content, not own) and not own:
                self.news.append(
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
        self.news.append(MemberJoined(sender, content.name))

    def fork(self, checked: CheckedEnvelope) -> None:
        """EN-23: both are kept, the first stays."""
        self._store.held.remove(checked.hash)
        first_seen = self._store.quarantine("envelope.chain", checked.hash, checked.envelope.encode())
        if checked.header.sender_key == self._keys.device_key:
            self.own_fork = True
            self._store.put("own_fork", b"1")
        if first_seen:
            self.news.append(Fork(checked.header.sender_key, checked.header.sequence))

    def reject(self, failure: ProtocolError, envelope: Envelope, name: bytes) -> None:
        if self._store.quarantine(failure.reject_class, name, envelope.encode()):
            self.news.append(Rejected(failure.reject_class, envelope.cursor or None))

    # --- held envelopes

    def release(self, sender: bytes) -> None:
        """Judges the held ones whose turn has come. EN-24."""
        while held := self._store.held.next_behind_gap(sender, self._store.head(sender).sequence + 1):
            self._judge_held(held_envelope(held))

    def _judge_held(self, checked: CheckedEnvelope) -> None:
        self._judge(checked)
        self._store.held.remove_behind_gap(checked.hash)

    def close_gap(self, sender: bytes) -> None:
        """Gives up the first gap of a sender, and delivers what follows it up to the next one."""
        while held := self._store.held.next_behind_gap(sender):
            checked, head = held_envelope(held), self._store.head(sender)
            if checked.header.sequence <= head.sequence + 1:
                self._judge_held(checked)
                continue
            position = len(self.news)
            if self._accept(checked):
                self.news.insert(position, Gap(sender, head.sequence + 1, checked.header.sequence - 1))
                break
        self.release(sender)

    def bound_held(self) -> None:
        """EN-25: the oldest gap is closed at once; without one, the oldest of an unknown epoch waits no longer."""
        while self._store.held.size() > GAP_BYTES_MAX:
            behind = self._store.held.oldest("gap")
            if behind is not None:
                self.close_gap(behind[0])
                continue
            waiting = self._store.held.oldest("epoch")
            assert waiting is not None
            oldest = held_envelope(waiting[1])
            self._store.held.remove(oldest.hash)
            self.reject(ProtocolError(ErrorCode.EPOCH_UNKNOWN), oldest.envelope, oldest.hash)  # EN-09
