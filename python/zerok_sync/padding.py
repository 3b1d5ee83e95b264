"""Padmé and the padded plaintext of EN-14."""

from __future__ import annotations

PADDED_BYTES_MIN = 256


def padme(length: int) -> int:
    """The padded length of `length`, which is at least 2."""
    if length < 2:
        raise ValueError(f"padme is defined from 2 on, not for {length}")
    exponent = length.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return (length + step - 1) // step * step


def pad(plaintext: bytes) -> bytes:
    total = padme(max(4 + len(plaintext), PADDED_BYTES_MIN))
    return (len(plaintext).to_bytes(4, "big") + plaintext).ljust(total, b"\0")


def unpad(padded: bytes) -> bytes:
    """Raises ValueError for another length or a padding byte that is not zero."""
    length = int.from_bytes(padded[:4], "big")
    if len(padded) < 4 or len(padded) != padme(max(4 + length, PADDED_BYTES_MIN)) or any(padded[4 + length :]):
        raise ValueError("the padding is not that of EN-14")
    return padded[4 : 4 + length]
