"""The relay's end of the encrypted channel. HS-30 to HS-36."""

from __future__ import annotations

from .. import labels
from ..crypto.symmetric import derive
from ..noise import SUITES, Handshake, SystemRandomness
from ..stream import ByteStream
from ..wire.codec import Message
from ..wire.frames import RECORD_PLAINTEXT_MAX, FrameReader, encode_frame, make_frame, open_record, seal_record
from ..wire.messages import Frame


class RelayChannel:
    """Frames over one stream. One task reads."""

    def __init__(self, stream: ByteStream, handshake: Handshake) -> None:
        self._stream = stream
        self.handshake_hash = handshake.handshake_hash
        self._receive_key, self._send_key, _ = handshake.split()
        self._sent = self._received = 0
        self._frames = FrameReader(from_client=True)

    @classmethod
    async def accept(cls, stream: ByteStream, seed: bytes) -> RelayChannel:
        """The responder's side, with the keys of that seed. Raises ProtocolError or StreamEnded."""
        preface = await stream.read(4)
        suite = SUITES[preface[2]]
        mlkem_seed = derive(seed, labels.RELAY_MLKEM768, 64) if suite.hybrid else None
        handshake = Handshake(suite, False, derive(seed, labels.RELAY_X25519), mlkem_seed, SystemRandomness())
        while not handshake.complete:
            if handshake.writes_next:
                message = handshake.write_message()
                stream.write(len(message).to_bytes(2, "big") + message)
            else:
                handshake.read_message(await stream.read(int.from_bytes(await stream.read(2), "big")))
        return cls(stream, handshake)

    async def receive(self) -> Frame:
        """The next frame. Raises ProtocolError or StreamEnded."""
        while (frame := self._frames.next()) is None:
            record = await self._stream.read(int.from_bytes(await self._stream.read(2), "big"))
            self._frames.feed(open_record(self._receive_key, self._received, record))
            self._received += 1
        return frame

    def send(self, request_id: int, body: Message) -> None:
        data = encode_frame(make_frame(request_id, body))
        for start in range(0, len(data), RECORD_PLAINTEXT_MAX):
            self._stream.write(seal_record(self._send_key, self._sent, data[start : start + RECORD_PLAINTEXT_MAX]))
            self._sent += 1
