"""How strong a passphrase is: PA-23."""

from __future__ import annotations

import re
import unicodedata

from .errors import ErrorCode, ProtocolError

STRENGTH_MIN = 400
"""Tenths of bits. PA-23."""
WORD, LETTER, WORD_LETTERS = 120, 25, 6
"""A run of letters may be a word: at most this much, and this much more for each letter after the sixth."""


def normalised(passphrase: str) -> str:
    """NFKC, not empty. PA-09."""
    text = unicodedata.normalize("NFKC", passphrase)
    if not text:
        raise ProtocolError(ErrorCode.INVITE_MALFORMED, "the invite needs a passphrase")
    return text


def _worth(character: str) -> int:
    if character == " ":
        return 10
    if "0" <= character <= "9":
        return 33
    if re.fullmatch("[A-Za-z]", character):
        return 47
    return 50 if character.isascii() else 60


def strength(passphrase: str) -> int:
    """The strength of a passphrase in tenths of bits."""
    text = normalised(passphrase)
    counts, pairs = [_worth(text[0])], set()
    for before, character in zip(text, text[1:], strict=False):
        follows = abs(ord(character) - ord(before)) <= 1 or (before, character) in pairs
        counts.append(0 if follows else _worth(character))
        pairs.add((before, character))
    total = sum(counts)
    for run in re.finditer("[A-Za-z]+", text):
        most = WORD + LETTER * max(0, len(run[0]) - WORD_LETTERS)
        total -= max(0, sum(counts[run.start() : run.end()]) - most)
    return total


def check_new(passphrase: str) -> int:
    """The strength of a passphrase for a new invite. Raises INVITE_MALFORMED for a weak one."""
    found = strength(passphrase)
    if found < STRENGTH_MIN:
        raise ProtocolError(
            ErrorCode.INVITE_MALFORMED, "the passphrase is too weak: take four words of a list, or ten mixed characters"
        )
    return found
