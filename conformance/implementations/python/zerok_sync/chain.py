"""One sender's chain at a receiver: EN-08, EN-21 to EN-24."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from .envelope import CheckedEnvelope, Head


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    GAP = "gap"
    FORK = "fork"
    BROKEN = "rejected"
    """The next sequence, but `previous` is not the head's H."""


def judge(checked: CheckedEnvelope, head: Head, accepted: dict[int, bytes]) -> Outcome:
    """What an envelope is to a chain. `accepted` maps accepted sequences to their H."""
    sequence = checked.header.sequence
    if sequence <= head.sequence:
        known = accepted.get(sequence)
        if known == checked.hash:
            return Outcome.DUPLICATE  # EN-22
        return Outcome.FORK if known is not None else Outcome.BROKEN  # EN-23
    if sequence > head.sequence + 1:
        return Outcome.GAP  # EN-24
    return Outcome.ACCEPTED if checked.header.previous == head.hash else Outcome.BROKEN  # EN-08


@dataclass(slots=True)
class SenderChain:
    """Head, accepted names and held envelopes of one sender, in memory."""

    head: Head = Head()
    accepted: dict[int, bytes] = field(default_factory=dict)
    held: dict[bytes, CheckedEnvelope] = field(default_factory=dict)

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
        self.accepted[checked.header.sequence] = checked.hash

    def _release(self) -> None:
        """Held ones are judged again, lowest sequence first."""
        for checked in sorted(self.held.values(), key=lambda c: c.header.sequence):
            outcome = judge(checked, self.head, self.accepted)
            if outcome is Outcome.ACCEPTED:
                self._accept(checked)
            if outcome is not Outcome.GAP:
                del self.held[checked.hash]
