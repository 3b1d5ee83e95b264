"""One QUIC connection with one control stream. Any certificate is accepted: trust comes from the Noise handshake."""

from __future__ import annotations

import asyncio
import socket
import ssl
from functools import partial
from typing import Any

from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import ConnectionTerminated, QuicEvent, StreamDataReceived, StreamReset

from .errors import ErrorCode, RelayUnreachable
from .limits import IDLE_TIMEOUT_MS
from .stream import ByteStream, StreamEnded

NO_APPLICATION_PROTOCOL = 0x100 + 120
"""TLS alert 120 as QUIC error: the relay does not speak this ALPN."""


class _Protocol(QuicConnectionProtocol):
    """Feeds its `stream` from the events of the connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stream = QuicStream(self)

    def transmit(self) -> None:
        super().transmit()
        self.stream.note_taken()

    def quic_event_received(self, event: QuicEvent) -> None:
        self.stream.on_event(event)

    async def dial(self, address: Any) -> None:
        """Until the QUIC handshake is done. Raises ConnectionError."""
        self._refused: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.connect(address)
        connected = asyncio.ensure_future(self.wait_connected())
        try:
            await asyncio.wait({connected, self._refused}, return_when=asyncio.FIRST_COMPLETED)
            if not connected.done():
                raise ConnectionRefusedError("nobody listens there")
            connected.result()
        finally:
            connected.cancel()
            self._refused.cancel()

    def error_received(self, exc: Exception) -> None:
        if not isinstance(exc, ConnectionRefusedError):
            return
        if not self._refused.done():
            self._refused.set_result(None)
        self.stream.lose()


class QuicStream(ByteStream):
    """The control stream of one QUIC connection."""

    def __init__(self, protocol: _Protocol) -> None:
        super().__init__()
        self._protocol = protocol
        self._id: int | None = None
        self._terminated = asyncio.Event()

    @classmethod
    async def connect(cls, host: str, port: int, alpn: str) -> QuicStream:
        """Raises RelayUnreachable."""
        loop = asyncio.get_running_loop()
        failure: Exception | None = None
        try:
            for family, _, _, _, address in await loop.getaddrinfo(host, port, type=socket.SOCK_DGRAM):
                configuration = QuicConfiguration(
                    is_client=True,
                    alpn_protocols=[alpn],
                    verify_mode=ssl.CERT_NONE,
                    idle_timeout=IDLE_TIMEOUT_MS / 1000,
                )
                # A connected socket learns from the network when nobody listens any more.
                transport, protocol = await loop.create_datagram_endpoint(
                    partial(_Protocol, QuicConnection(configuration=configuration)),
                    remote_addr=(str(address[0]), port),
                    family=family,
                )
                try:
                    await protocol.dial(address)
                    protocol.stream.open()
                    return protocol.stream
                except ConnectionError as refused:
                    failure = refused
                    transport.close()
                except BaseException:
                    transport.close()
                    raise
        except OSError as unknown:
            failure = unknown
        raise RelayUnreachable(f"{host}:{port} cannot be reached: {failure}")

    def open(self) -> None:
        self._id = self._protocol._quic.get_next_available_stream_id()  # SE-01

    def on_event(self, event: QuicEvent) -> None:
        if isinstance(event, StreamDataReceived) and event.stream_id == self._id:
            self._receive(event.data)
            if event.end_stream:
                self._end(StreamEnded(None, True))
        elif isinstance(event, StreamReset) and event.stream_id == self._id:
            self._end(StreamEnded(event.error_code or None, True))
        elif isinstance(event, ConnectionTerminated):
            application = event.frame_type is None
            code = event.error_code if application else None
            if event.error_code == NO_APPLICATION_PROTOCOL:
                code = int(ErrorCode.UNSUPPORTED_VERSION)
            ended = StreamEnded(code, application and self._ended is None)
            if self._ended is None or (self._ended.truncated and code):
                self._ended = ended
            self._terminated.set()
            self._changed.set()

    async def _how_it_ended(self, ended: StreamEnded) -> StreamEnded:
        if ended.truncated and not ended.code and not self._terminated.is_set():
            await self._await_close_code()
        return self._ended or ended

    async def _await_close_code(self) -> None:
        """A stream's end is soon followed by the close that says why."""
        try:
            async with asyncio.timeout(1):
                await self._terminated.wait()
        except TimeoutError:
            pass

    def write(self, data: bytes) -> int:
        if self._ended is None and self._id is not None:
            self._protocol._quic.send_stream_data(self._id, data)
            self._written += len(data)
            self._protocol.transmit()
        return self._written

    def note_taken(self) -> None:
        stream = self._protocol._quic._streams.get(self._id) if self._id is not None else None
        if stream is not None:
            self._take(stream.sender.highest_offset)

    def close(self, code: int = 0) -> None:
        self._end(StreamEnded(None, False))
        self._protocol._quic.close(error_code=code)
        self._protocol.transmit()

    def free(self) -> None:
        if self._protocol._transport is not None:
            self._protocol._transport.close()
