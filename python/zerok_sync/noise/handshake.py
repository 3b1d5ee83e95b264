"""Token rows of spec/handshake.md and the one loop that writes and reads them. HS-02."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..crypto.asymmetric import (
    MLKEM_CT_BYTES,
    MLKEM_EK_BYTES,
    InvalidKey,
    mlkem768_check,
    mlkem768_decapsulate,
    mlkem768_public,
    x25519,
    x25519_public,
)
from ..crypto.symmetric import TAG_BYTES, blake3
from ..errors import ErrorCode, ProtocolError
from .randomness import Randomness
from .symmetric import SymmetricState


@dataclass(frozen=True, slots=True)
class Row:
    from_initiator: bool
    tokens: tuple[str, ...]
    length: int
    """Bytes of the message with an empty payload. HS-04."""


@dataclass(frozen=True, slots=True)
class Suite:
    protocol_name: str
    alpn: str
    version: int
    hybrid: bool
    rows: tuple[Row, ...]

    @property
    def preface(self) -> bytes:
        return bytes([0x30, 0x4B, self.version, 0])

    @property
    def prologue(self) -> bytes:
        """HS-01."""
        return f"0k-sync/{self.version}".encode() + self.preface


CLASSICAL = Suite(
    "Noise_XX_25519_ChaChaPoly_BLAKE2s",
    "/0k-sync/1",
    1,
    False,
    (Row(True, ("e",), 32), Row(False, ("e", "ee", "s", "es"), 96), Row(True, ("s", "se"), 64)),
)
HYBRID = Suite(
    "Noise_hybridXX_25519+MLKEM768_ChaChaPoly_BLAKE2s",
    "/0k-sync/2",
    2,
    True,
    (
        Row(True, ("e",), 1216),
        Row(False, ("ekem", "e", "ee", "s", "es"), 3568),
        Row(True, ("skem", "s", "se"), 2368),
        Row(False, ("skem",), 1120),
    ),
)
SUITES = {suite.version: suite for suite in (CLASSICAL, HYBRID)}


class Handshake:
    """One side of one handshake. Call write_message and read_message in turn, then split()."""

    def __init__(
        self,
        suite: Suite,
        initiator: bool,
        s_x25519: bytes,
        s_mlkem: bytes | None,
        randomness: Randomness,
        prologue: bytes | None = None,
        on_token: Callable[[str, SymmetricState], None] = lambda token, state: None,
    ) -> None:
        """`s_x25519` is the static's 32 bytes, `s_mlkem` d || z, 64 bytes, in the hybrid suite."""
        self.suite = suite
        self.initiator = initiator
        self.remote_x25519 = b""
        """The peer's X25519 static; after message 2 at the initiator."""
        self.remote_mlkem = b""
        """The peer's ML-KEM static encapsulation key, in hybrid."""
        self._s, self._s_kem = s_x25519, s_mlkem
        self._e, self._e_kem = b"", b""
        self._remote_e, self._remote_e_kem = b"", b""
        self._randomness = randomness
        self._on_token = on_token
        self._state = SymmetricState(suite.protocol_name.encode(), suite.prologue if prologue is None else prologue)
        self._turn = 0

    @property
    def complete(self) -> bool:
        return self._turn == len(self.suite.rows)

    @property
    def writes_next(self) -> bool:
        return not self.complete and self.suite.rows[self._turn].from_initiator == self.initiator

    @property
    def handshake_hash(self) -> bytes:
        return self._state.h

    @property
    def kem_hash(self) -> bytes:
        """HS-21; empty in the classical suite."""
        return blake3(self.remote_mlkem) if self.remote_mlkem else b""

    @property
    def next_length(self) -> int:
        """Bytes of the next message with an empty payload; 0 when there is none."""
        return 0 if self.complete else self.suite.rows[self._turn].length

    def write_message(self, payload: bytes = b"") -> bytes:
        row = self._take_turn(writing=True)
        output = bytearray()
        for token in row.tokens:
            output += self._write_token(token)
            self._on_token(token, self._state)
        output += self._state.encrypt_and_hash(payload)
        self._on_token("payload", self._state)
        return bytes(output)

    def read_message(self, message: bytes, payload_length: int = 0) -> bytes:
        """The payload. Raises ProtocolError; the handshake is then over."""
        row = self._take_turn(writing=False)
        if len(message) != row.length + payload_length:
            raise ProtocolError(ErrorCode.HANDSHAKE_MALFORMED, "a handshake message has another length")  # HS-04, HS-11
        rest = message
        for token in row.tokens:
            rest = self._read_token(token, rest)
            self._on_token(token, self._state)
        payload = self._state.decrypt_and_hash(rest)
        self._on_token("payload", self._state)
        return payload

    def split(self) -> tuple[bytes, bytes, bytes]:
        """(initiator to responder, responder to initiator, exporter); ephemeral secrets are dropped. HS-14."""
        if not self.complete:
            raise ProtocolError(ErrorCode.HANDSHAKE_ORDER)
        self._e, self._e_kem = b"", b""
        return self._state.split()

    def _take_turn(self, *, writing: bool) -> Row:
        if self.complete or self.writes_next != writing:
            raise ProtocolError(ErrorCode.HANDSHAKE_ORDER)  # HS-08
        row = self.suite.rows[self._turn]
        self._turn += 1
        return row

    def _dh(self, secret: bytes, public: bytes) -> None:
        try:
            self._state.mix_key(x25519(secret, public))
        except InvalidKey:
            raise ProtocolError(ErrorCode.HANDSHAKE_FAILED, "an all-zero X25519 result") from None  # HS-05

    def _mix_dh(self, token: str) -> None:
        if token == "ee":
            self._dh(self._e, self._remote_e)
        elif (token == "es") == self.initiator:
            self._dh(self._e, self.remote_x25519)
        else:
            self._dh(self._s, self._remote_e)

    def _encapsulate(self, name: str, ek: bytes) -> tuple[bytes, bytes]:
        try:
            return self._randomness.encapsulate(name, ek)
        except InvalidKey:
            raise ProtocolError(ErrorCode.HANDSHAKE_KEM_INVALID) from None  # HS-06

    def _write_token(self, token: str) -> bytes:
        state, hybrid = self._state, self.suite.hybrid
        if token == "e":
            self._e = self._randomness.draw("e_x25519")
            public = x25519_public(self._e)
            state.mix_hash(public)
            if not hybrid:
                return public
            self._e_kem = self._randomness.draw("e_mlkem_d") + self._randomness.draw("e_mlkem_z")
            ek = mlkem768_public(self._e_kem)
            state.mix_hash(ek)
            return public + ek
        if token == "s":
            sealed = state.encrypt_and_hash(x25519_public(self._s))
            return sealed + state.encrypt_and_hash(mlkem768_public(self._s_kem or b"")) if hybrid else sealed
        if token == "ekem":
            ciphertext, shared = self._encapsulate("ekem_m", self._remote_e_kem)
            state.mix_hash(ciphertext)
            state.mix_key(shared)
            return ciphertext
        if token == "skem":
            ciphertext, shared = self._encapsulate("skem_m", self.remote_mlkem)
            sealed = state.encrypt_and_hash(ciphertext)
            state.mix_key_and_hash(shared)
            return sealed
        self._mix_dh(token)
        return b""

    def _read_token(self, token: str, rest: bytes) -> bytes:
        state, hybrid = self._state, self.suite.hybrid

        def take(length: int) -> bytes:
            nonlocal rest
            piece, rest = rest[:length], rest[length:]
            return piece

        if token == "e":
            self._remote_e = take(32)
            state.mix_hash(self._remote_e)
            if hybrid:
                self._remote_e_kem = take(MLKEM_EK_BYTES)
                _check_ek(self._remote_e_kem)
                state.mix_hash(self._remote_e_kem)
        elif token == "s":
            self.remote_x25519 = state.decrypt_and_hash(take(32 + TAG_BYTES))
            if hybrid:
                self.remote_mlkem = state.decrypt_and_hash(take(MLKEM_EK_BYTES + TAG_BYTES))
                _check_ek(self.remote_mlkem)
        elif token == "ekem":
            ciphertext = take(MLKEM_CT_BYTES)
            state.mix_hash(ciphertext)
            state.mix_key(mlkem768_decapsulate(self._e_kem, ciphertext))
        elif token == "skem":
            ciphertext = state.decrypt_and_hash(take(MLKEM_CT_BYTES + TAG_BYTES))
            state.mix_key_and_hash(mlkem768_decapsulate(self._s_kem or b"", ciphertext))
        else:
            self._mix_dh(token)
        return rest


def _check_ek(ek: bytes) -> None:
    try:
        mlkem768_check(ek)
    except InvalidKey:
        raise ProtocolError(ErrorCode.HANDSHAKE_KEM_INVALID) from None  # HS-06
