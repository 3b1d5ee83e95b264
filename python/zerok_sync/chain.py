"""One sender's chain at a receiver: EN-08, EN-21 to EN-24."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .envelope import ZERO_HASH, CheckedEnvelope, Head


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    GAP = "gap"
    FORK = "fork"
    BROKEN = "rejected"
    """The envelope does not fit its accepted neighbours."""
    LATE = "late"
    """The envelope fits into a place that was given up. EN-24."""


@dataclass(frozen=True, slots=True)
class ChainLink:
    """An accepted envelope: its H, and the one that it names as its sender's one before. 32 bytes each."""

    hash: bytes
    previous: bytes


def judge(checked: CheckedEnvelope, head: Head, accepted: Mapping[int, ChainLink]) -> Outcome:
    """The relation of an envelope to a chain. `accepted` has at least its own sequence and the neighbours."""
    sequence = checked.header.sequence
    if sequence <= head.sequence:
        known = accepted.get(sequence)
        if known is not None:
            return Outcome.DUPLICATE if known.hash == checked.hash else Outcome.FORK  # EN-22, EN-23
        return Outcome.LATE if _fits(checked, accepted) else Outcome.BROKEN  # EN-24
    if sequence > head.sequence + 1:
        return Outcome.GAP  # EN-24
    return Outcome.ACCEPTED if checked.header.previous == head.hash else Outcome.BROKEN  # EN-08


def _fits(checked: CheckedEnvelope, accepted: Mapping[int, ChainLink]) -> bool:
    sequence, previous = checked.header.sequence, checked.header.previous
    before, after = accepted.get(sequence - 1), accepted.get(sequence + 1)
    if sequence == 1 and previous != ZERO_HASH:
        return False
    return (before is None or before.hash == previous) and (after is None or after.previous == checked.hash)


@dataclass(slots=True)
class SenderChain:
    """Head, accepted names and held envelopes of one sender, in memory."""

    head: Head = Head()
    accepted: dict[int, ChainLink] = field(default_factory=dict)
    held: dict[bytes, CheckedEnvelope] = field(default_factory=dict)

    def has_accepted(self, checked: CheckedEnvelope) -> bool:
        known = self.accepted.get(checked.header.sequence)
        return known is not None and known.hash == checked.hash  # EN-22

    def receive(self, checked: CheckedEnvelope) -> Outcome:
        outcome = judge(checked, self.head, self.accepted)
        if outcome is Outcome.GAP:
            self.held[checked.hash] = checked
        elif outcome is Outcome.ACCEPTED:
            self._accept(checked)
            self._release()
        return outcome

    def _accept(self, checked: CheckedEnvelope) -> None:
        self.head = Head(checked.header.sequence, checked.hash)
        self.accepted[checked.header.sequence] = ChainLink(checked.hash, checked.header.previous)

    def _release(self) -> None:
        """Held ones are judged again, lowest sequence first."""
        for checked in sorted(self.held.values(), key=lambda c: c.header.sequence):
            outcome = judge(checked, self.head, self.accepted)
            if outcome is Outcome.ACCEPTED:
                self._accept(checked)
            if outcome is not Outcome.GAP:
                del self.held[checked.hash]
