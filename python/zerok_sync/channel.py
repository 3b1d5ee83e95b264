"""The encrypted channel: preface, handshake, then records that carry frames."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from .errors import ErrorCode, ProtocolError
from .limits import FRAME_BYTES_MAX
from .noise import Handshake, Suite, SystemRandomness
from .stream import ByteStream, StreamEnded
from .wire.frames import (
    MAGIC,
    RECORD_PLAINTEXT_MAX,
    FrameReader,
    check_record_length,
    encode_frame,
    open_record,
    seal_record,
)
from .wire.messages import Frame

VERSION_ANSWER = int.from_bytes(MAGIC, "big")
"""The first two bytes of a version answer; as a length they are 12,363, which no handshake message has. HS-36."""


class Channel:
    """Frames over one stream. Writes keep their order; one task reads."""

    def __init__(self, stream: ByteStream, handshake: Handshake) -> None:
        self.stream = stream
        self.handshake_hash = handshake.handshake_hash
        self._send_key, self._receive_key, _ = handshake.split()
        self._sent = self._received = 0
        self._frames = FrameReader(from_client=False)

    @classmethod
    async def open(cls, stream: ByteStream, suite: Suite, check_pin: Callable[[Handshake], None]) -> Channel:
        """The initiator's side: HS-30 to HS-36. `check_pin` runs after message 2, before message 3. HS-12."""
        s_mlkem = secrets.token_bytes(64) if suite.hybrid else None
        handshake = Handshake(suite, True, secrets.token_bytes(32), s_mlkem, SystemRandomness())  # HS-10
        stream.write(suite.preface)
        checked = False
        while not handshake.complete:
            if handshake.writes_next:
                message = handshake.write_message()
                stream.write(len(message).to_bytes(2, "big") + message)
                continue
            handshake.read_message(await _read_message(stream, handshake.next_length))
            if not checked:
                check_pin(handshake)
                checked = True
        return cls(stream, handshake)

    @property
    def frame_is_arriving(self) -> bool:
        """A frame is partly here. SE-25."""
        return self.stream.unread > 0 or self._frames.has_begun

    def send(self, frame: Frame) -> int:
        """The offset in the stream behind the frame."""
        data = encode_frame(frame)
        if len(data) > FRAME_BYTES_MAX:
            raise ProtocolError(ErrorCode.FRAME_TOO_LARGE)
        end = 0
        for start in range(0, len(data), RECORD_PLAINTEXT_MAX):
            end = self.stream.write(seal_record(self._send_key, self._sent, data[start : start + RECORD_PLAINTEXT_MAX]))
            self._sent += 1
        return end

    async def receive(self) -> Frame:
        """The next frame. Raises ProtocolError, or StreamEnded between frames."""
        while True:
            frame = self._frames.next()
            if frame is not None:
                return frame
            await self._read_record()

    async def _read_record(self) -> None:
        try:
            length = int.from_bytes(await self.stream.read(2), "big")
            check_record_length(length)
            ciphertext = await self.stream.read(length)
        except StreamEnded as ended:
            if self.stream.unread and not ended.code:
                raise ProtocolError(ErrorCode.STREAM_TRUNCATED) from None
            if not ended.code and ended.truncated:
                self._frames.end()
            raise
        self._frames.feed(open_record(self._receive_key, self._received, ciphertext))
        self._received += 1


async def _read_message(stream: ByteStream, length: int) -> bytes:
    """One handshake message of the length that its row has. WI-04, HS-04, HS-36."""
    try:
        declared = int.from_bytes(await stream.read(2), "big")
        if declared == VERSION_ANSWER:
            raise ProtocolError(ErrorCode.UNSUPPORTED_VERSION)
        if declared != length:
            raise ProtocolError(ErrorCode.HANDSHAKE_MALFORMED)
        return await stream.read(length)
    except StreamEnded as ended:
        raise ended.as_failure() from None
