"""What the relay keeps of one group, and the rules by which it takes and gives envelopes. RL-22 to RL-47."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ..envelope import CheckedEnvelope, check_form
from ..errors import ErrorCode, ProtocolError
from ..limits import PAGE_ITEMS_MAX
from ..log_reader import envelope_cost
from ..wire.messages import Envelope, Error, LogSegment, MemberRecord, PushItem, PushResult, PushStatus, Stub


@dataclass(frozen=True, slots=True)
class Place:
    """An envelope that was stored once."""

    hash: bytes
    cursor: int
    stub: Stub


@dataclass(slots=True)
class GroupLog:
    id: bytes
    records: dict[bytes, MemberRecord] = field(default_factory=dict)
    """By device key."""
    envelopes: list[Envelope] = field(default_factory=list)
    """Those above `floor`."""
    floor: int = 0
    """The highest cursor that was removed."""
    _places: dict[tuple[bytes, int], Place] = field(default_factory=dict)
    _heads: dict[bytes, int] = field(default_factory=dict)
    """The highest sequence of each sender."""

    @property
    def head(self) -> int:
        return self.floor + len(self.envelopes)

    def own_head(self, device: bytes) -> Stub | None:
        """The stub of a device's highest envelope, which outlives its removal. RL-24."""
        place = self._places.get((device, self._heads.get(device, 0)))
        return None if place is None else place.stub

    # --- taking

    def push(self, device: bytes, items: list[PushItem], now_ms: int) -> list[PushResult]:
        """The results of the items up to the first refusal. RL-20."""
        results: list[PushResult] = []
        for item in items:
            try:
                results.append(self._push_one(device, item, now_ms))
            except ProtocolError as refused:
                error = Error(refused.code, str(refused)[:256], 0, refused.conflict)
                return [*results, PushResult(PushStatus.REFUSED, 0, error)]
        return results

    def _push_one(self, device: bytes, item: PushItem, now_ms: int) -> PushResult:
        assert item.envelope is not None
        checked = check_form(item.envelope, self.id)  # RL-22, RL-23
        if checked.header.sender_key != device:
            raise ProtocolError(ErrorCode.ENVELOPE_BINDING)
        sequence, head = checked.header.sequence, self._heads.get(device, 0)
        known = self._places.get((device, sequence))
        if known is not None:
            return self._repeat(known, checked)
        follows = sequence == head + 1 and checked.header.previous == self._hash_of(device, head)
        if sequence <= head or not (follows or item.skip or head == 0):
            raise ProtocolError(ErrorCode.CHAIN_BROKEN)  # RL-24
        self.envelopes.append(replace(item.envelope, cursor=self.head + 1, received_at_ms=now_ms))
        self._places[device, sequence] = Place(checked.hash, self.head, checked.stub)
        self._heads[device] = sequence
        return PushResult(PushStatus.ACCEPTED, self.head, None)

    def _hash_of(self, device: bytes, sequence: int) -> bytes:
        return self._places[device, sequence].hash if sequence else bytes(32)

    def _repeat(self, known: Place, checked: CheckedEnvelope) -> PushResult:
        """RL-25 to RL-27."""
        if known.hash != checked.hash:
            refused = ProtocolError(ErrorCode.SEQUENCE_CONFLICT)
            refused.conflict = known.stub
            raise refused
        if known.cursor <= self.floor:
            return PushResult(PushStatus.REMOVED, 0, None)
        return PushResult(PushStatus.DUPLICATE, known.cursor, None)

    # --- giving

    def check_position(self, after: int, hash_at_after: bytes) -> None:
        """Raises ROLLED_BACK for a position that this log never had. RL-42."""
        served = self.floor < after <= self.head
        if after > self.head or (served and self._hash_at(after) != hash_at_after):
            raise ProtocolError(ErrorCode.ROLLED_BACK)

    def _hash_at(self, cursor: int) -> bytes:
        return check_form(self.envelopes[cursor - self.floor - 1], self.id).hash

    def segment(self, after: int, bytes_max: int) -> LogSegment:
        """The next envelopes, at least one where there is one. RL-40, RL-41."""
        removed_through = max(after, self.floor)
        given: list[Envelope] = []
        size = 0
        for envelope in self.envelopes[removed_through - self.floor :][:PAGE_ITEMS_MAX]:
            size += envelope_cost(envelope)
            if given and size > bytes_max:
                break
            given.append(envelope)
        return LogSegment(after, removed_through, given, removed_through + len(given), self.head)

    def remove_through(self, received_ms: int) -> None:
        """Removes what was stored up to that time, from the low end. RL-50, RL-51."""
        while self.envelopes and self.envelopes[0].received_at_ms <= received_ms:
            self.envelopes.pop(0)
            self.floor += 1
