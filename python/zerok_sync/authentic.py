"""Which envelopes are authentic: the chain vouches for what a signature does not. EN-30 to EN-33."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .envelope import CheckedEnvelope


def authenticate(envelopes: Sequence[CheckedEnvelope], is_vouched: Callable[[bytes, int, bytes], bool]) -> list[bool]:
    """Says of each envelope of a segment whether it is authentic. From the highest sequence downwards, so that a run
    costs one signature. `is_vouched(sender, sequence, H)` tells whether an envelope that was stored earlier vouches."""
    named: set[tuple[bytes, int, bytes]] = set()
    verdicts = [False] * len(envelopes)
    for index in sorted(range(len(envelopes)), key=lambda i: -envelopes[i].header.sequence):
        checked = envelopes[index]
        sender, sequence = checked.header.sender_key, checked.header.sequence
        place = (sender, sequence, checked.hash)
        if place in named or is_vouched(*place) or checked.signature_holds():
            verdicts[index] = True
            named.add((sender, sequence - 1, checked.header.previous))
    return verdicts
