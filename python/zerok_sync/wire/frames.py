"""The frame stream, the records that carry it, and the preface."""

from __future__ import annotations

from ..crypto.symmetric import TAG_BYTES, AuthenticationFailed, chacha20poly1305_open, chacha20poly1305_seal
from ..errors import ErrorCode, ProtocolError
from ..limits import FRAME_BYTES_MAX, RECORD_BYTES_MAX
from .codec import Message, encode_varint, fields_of
from .messages import Frame

MAGIC = b"\x30\x4b"
COUNTER_RESERVED = 2**64 - 1
"""HS-09."""
RECORD_PLAINTEXT_MAX = RECORD_BYTES_MAX - TAG_BYTES

_BODY_NAMES: dict[type[Message], str] = {spec.type: name for name, spec in fields_of(Frame) if spec.oneof}


def make_frame(request_id: int, body: Message) -> Frame:
    frame = Frame(request_id=request_id)
    setattr(frame, _BODY_NAMES[type(body)], body)
    return frame


def body_of(frame: Frame) -> Message | None:
    for name in _BODY_NAMES.values():
        body: Message | None = getattr(frame, name)
        if body is not None:
            return body
    return None


def encode_frame(frame: Frame) -> bytes:
    """varint length and Frame. WI-10."""
    data = frame.encode()
    return encode_varint(len(data)) + data


class FrameReader:
    """Takes the frame stream in pieces, gives whole frames. WI-07, WI-10 to WI-20."""

    def __init__(self, *, from_client: bool) -> None:
        self._from_client = from_client
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        self._buffer += data

    @property
    def has_begun(self) -> bool:
        return len(self._buffer) > 0

    def next(self) -> Frame | None:
        """The next frame, or None while it is incomplete. Raises ProtocolError."""
        head = self._length()
        if head is None:
            return None
        length, start = head
        if len(self._buffer) < start + length:
            return None
        data = bytes(self._buffer[start : start + length])
        del self._buffer[: start + length]
        frame = Frame.decode(data, from_client=self._from_client)
        if body_of(frame) is None:
            raise ProtocolError(ErrorCode.UNKNOWN_FRAME)  # WI-15
        return frame

    def end(self) -> None:
        """The stream is over: a frame begun is truncated. WI-12."""
        if self._buffer:
            raise ProtocolError(ErrorCode.STREAM_TRUNCATED)

    def _length(self) -> tuple[int, int] | None:
        value = 0
        for i in range(5):
            if i >= len(self._buffer):
                return None
            byte = self._buffer[i]
            value |= (byte & 127) << 7 * i
            if byte < 128:
                if (byte == 0 and i) or not 1 <= value <= FRAME_BYTES_MAX:
                    break
                return value, i + 1
        raise ProtocolError(ErrorCode.FRAME_TOO_LARGE)  # WI-10, WI-11


def _check_counter(n: int) -> None:
    if n >= COUNTER_RESERVED:
        raise ProtocolError(ErrorCode.HANDSHAKE_ORDER, "the counter is used up")  # HS-09


def seal_record(key: bytes, n: int, plaintext: bytes) -> bytes:
    """u16 length and ciphertext of 1 to 65,519 bytes. WI-05."""
    _check_counter(n)
    if not 1 <= len(plaintext) <= RECORD_PLAINTEXT_MAX:
        raise ProtocolError(ErrorCode.RECORD_INVALID, f"a record holds 1 to {RECORD_PLAINTEXT_MAX} bytes")
    ciphertext = chacha20poly1305_seal(key, n, b"", plaintext)
    return len(ciphertext).to_bytes(2, "big") + ciphertext


def check_record_length(length: int) -> None:
    if length <= TAG_BYTES:
        raise ProtocolError(ErrorCode.RECORD_INVALID, "a record is too short")  # WI-05


def open_record(key: bytes, n: int, ciphertext: bytes) -> bytes:
    """The plaintext of one record without its length. WI-05, WI-06."""
    _check_counter(n)
    check_record_length(len(ciphertext))
    try:
        return chacha20poly1305_open(key, n, b"", ciphertext)
    except AuthenticationFailed:
        raise ProtocolError(ErrorCode.RECORD_INVALID) from None


def parse_preface(data: bytes) -> tuple[int, int]:
    """(version, kind) of the 4 bytes a relay reads. WI-01, WI-02."""
    if len(data) != 4 or data[:2] != MAGIC:
        raise ProtocolError(ErrorCode.HANDSHAKE_MALFORMED, "no 0k-sync preface")
    if data[2] not in (1, 2):
        raise ProtocolError(ErrorCode.UNSUPPORTED_VERSION)
    if data[3] != 0:
        raise ProtocolError(ErrorCode.HANDSHAKE_MALFORMED, "unknown kind of stream")
    return data[2], data[3]
