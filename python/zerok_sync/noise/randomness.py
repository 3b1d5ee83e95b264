"""The source of a handshake's random values: the system, or the named draws of a transcript."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Protocol

from ..crypto import fips203
from ..crypto.asymmetric import mlkem768_encapsulate


class Randomness(Protocol):
    def draw(self, name: str) -> bytes:
        """32 bytes for the draw of this name."""

    def encapsulate(self, name: str, ek: bytes) -> tuple[bytes, bytes]:
        """(ciphertext, shared secret) with the randomness of this name. Raises InvalidKey."""


class SystemRandomness:
    """OV-05, HS-10."""

    def draw(self, name: str) -> bytes:
        return secrets.token_bytes(32)

    def encapsulate(self, name: str, ek: bytes) -> tuple[bytes, bytes]:
        return mlkem768_encapsulate(ek)


class NamedDraws:
    """Each value once, by its name; KeyError for one that is not given."""

    def __init__(self, draws: Mapping[str, bytes]) -> None:
        self._draws = draws

    def draw(self, name: str) -> bytes:
        return self._draws[name]

    def encapsulate(self, name: str, ek: bytes) -> tuple[bytes, bytes]:
        return fips203.encapsulate(ek, self._draws[name])
