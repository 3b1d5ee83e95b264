"""SymmetricState of Noise revision 34 with BLAKE2s, and MixKeyAndHash."""

from __future__ import annotations

from ..crypto.symmetric import AuthenticationFailed, blake2s, chacha20poly1305_open, chacha20poly1305_seal, hmac_blake2s
from ..errors import ErrorCode, ProtocolError


def _hkdf(ck: bytes, ikm: bytes) -> tuple[bytes, bytes, bytes]:
    t = hmac_blake2s(ck, ikm)
    o1 = hmac_blake2s(t, b"\x01")
    o2 = hmac_blake2s(t, o1 + b"\x02")
    return o1, o2, hmac_blake2s(t, o2 + b"\x03")


class SymmetricState:
    def __init__(self, protocol_name: bytes, prologue: bytes) -> None:
        self.h = protocol_name.ljust(32, b"\0") if len(protocol_name) <= 32 else blake2s(protocol_name)
        self.ck = self.h
        self.k: bytes | None = None
        self.n = 0
        self.mix_hash(prologue)

    def mix_hash(self, data: bytes) -> None:
        self.h = blake2s(self.h, data)

    def mix_key(self, ikm: bytes) -> None:
        self.ck, self.k, _ = _hkdf(self.ck, ikm)
        self.n = 0

    def mix_key_and_hash(self, ikm: bytes) -> None:
        self.ck, t, self.k = _hkdf(self.ck, ikm)
        self.mix_hash(t)
        self.n = 0

    def encrypt_and_hash(self, plaintext: bytes) -> bytes:
        ciphertext = plaintext
        if self.k is not None:
            ciphertext = chacha20poly1305_seal(self.k, self.n, self.h, plaintext)
            self.n += 1
        self.mix_hash(ciphertext)
        return ciphertext

    def decrypt_and_hash(self, ciphertext: bytes) -> bytes:
        """Raises HANDSHAKE_FAILED for one that does not open. HS-03."""
        plaintext = ciphertext
        if self.k is not None:
            try:
                plaintext = chacha20poly1305_open(self.k, self.n, self.h, ciphertext)
            except AuthenticationFailed:
                raise ProtocolError(ErrorCode.HANDSHAKE_FAILED) from None
            self.n += 1
        self.mix_hash(ciphertext)
        return plaintext

    def split(self) -> tuple[bytes, bytes, bytes]:
        """(initiator to responder, responder to initiator, exporter). The chaining key is dropped. HS-14."""
        keys = _hkdf(self.ck, b"")
        self.ck, self.k = b"", None
        return keys
