"""One QUIC connection with one control stream. Any certificate is accepted: trust comes from the Noise handshake."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from functools import partial
from typing import Any

from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import ConnectionTerminated, QuicEvent, StreamDataReceived, StreamReset

from .errors import ErrorCode, ProtocolError, RelayUnreachable, close_error
from .limits import IDLE_TIMEOUT_MS, UNREAD_BYTES_MAX

NO_APPLICATION_PROTOCOL = 0x100 + 120
"""TLS alert 120 as QUIC error: the relay does not speak this ALPN."""


class StreamEnded(Exception):
    """Nothing more comes. `code` is the peer's application close code, 0 or None without one."""

    def __init__(self, code: int | None, truncated: bool) -> None:
        super().__init__("the stream ended")
        self.code = code
        self.truncated = truncated
        """The peer ended the stream or closed; False: the network was lost or this end closed."""

    def as_failure(self) -> Exception:
        """The error for those who still wait for an answer."""
        if self.code:
            code = close_error(self.code)
            return ProtocolError(code, wire_code=self.code if self.code == code else None)
        if self.truncated:
            return ProtocolError(ErrorCode.STREAM_TRUNCATED)  # WI-12
        return RelayUnreachable("the connection to the relay was lost")


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


class QuicStream:
    """The control stream: exact reads, writes, and the close code."""

    def __init__(self, protocol: _Protocol) -> None:
        self._protocol = protocol
        self._buffer = bytearray()
        self._changed = asyncio.Event()
        self._ended: StreamEnded | None = None
        self._id: int | None = None
        self._terminated = asyncio.Event()
        self._written = self._taken = 0
        self.on_taken: Callable[[int], None] = lambda offset: None
        """Gets the offset up to which the network took bytes. SE-25."""
        self.on_heard: Callable[[], None] = lambda: None

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
            self._buffer += event.data
            self.on_heard()
            if event.end_stream:
                self._end(StreamEnded(None, True))
            if len(self._buffer) > UNREAD_BYTES_MAX:
                self.close(ErrorCode.RESOURCES_EXCEEDED)
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

    def _end(self, ended: StreamEnded) -> None:
        self._ended = self._ended or ended

    def lose(self) -> None:
        """The network says that the peer is gone."""
        self._end(StreamEnded(None, False))
        self._changed.set()

    async def read(self, length: int) -> bytes:
        """Exactly `length` bytes. Raises StreamEnded."""
        while len(self._buffer) < length:
            await self._wait()
        data = bytes(self._buffer[:length])
        del self._buffer[:length]
        return data

    async def _wait(self) -> None:
        if self._ended is not None:
            if self._ended.truncated and not self._ended.code and not self._terminated.is_set():
                await self._await_close_code()
            raise self._ended
        self._changed.clear()
        await self._changed.wait()

    async def _await_close_code(self) -> None:
        """A stream's end is soon followed by the close that says why."""
        try:
            async with asyncio.timeout(1):
                await self._terminated.wait()
        except TimeoutError:
            pass

    @property
    def unread(self) -> int:
        return len(self._buffer)

    def write(self, data: bytes) -> int:
        """Writes, or queues what the network does not take yet; the offset behind the data."""
        if self._ended is None and self._id is not None:
            self._protocol._quic.send_stream_data(self._id, data)
            self._written += len(data)
            self._protocol.transmit()
        return self._written

    @property
    def unsent(self) -> int:
        """Bytes that wait for the network."""
        return self._written - self._taken

    def note_taken(self) -> None:
        stream = self._protocol._quic._streams.get(self._id) if self._id is not None else None
        if stream is not None and stream.sender.highest_offset > self._taken:
            self._taken = stream.sender.highest_offset
            self.on_taken(self._taken)

    def close(self, code: int = 0) -> None:
        """Closes the connection with this application code."""
        self._end(StreamEnded(None, False))
        self._protocol._quic.close(error_code=code)
        self._protocol.transmit()
        self._changed.set()

    def free(self) -> None:
        """Gives the socket back; after close()."""
        if self._protocol._transport is not None:
            self._protocol._transport.close()
