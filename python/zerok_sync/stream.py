"""The one stream of a connection, as the channel sees it: exact reads, writes, and the code of the close."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable

from .errors import ErrorCode, ProtocolError, RelayUnreachable, close_error
from .limits import UNREAD_BYTES_MAX


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


class ByteStream(ABC):
    """What was received waits here, bounded, until it is read."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._changed = asyncio.Event()
        self._ended: StreamEnded | None = None
        self._written = self._taken = 0
        self.on_taken: Callable[[int], None] = lambda offset: None
        """Gets the offset up to which the network took bytes. SE-25."""
        self.on_heard: Callable[[], None] = lambda: None

    # --- what comes

    def _receive(self, data: bytes) -> None:
        self._buffer += data
        self.on_heard()
        if len(self._buffer) > UNREAD_BYTES_MAX:
            self.close(ErrorCode.RESOURCES_EXCEEDED)
        self._changed.set()

    def _end(self, ended: StreamEnded) -> None:
        self._ended = self._ended or ended
        self._changed.set()

    def lose(self) -> None:
        """The network says that the peer is gone."""
        self._end(StreamEnded(None, False))

    async def read(self, length: int) -> bytes:
        """Exactly `length` bytes. Raises StreamEnded."""
        while len(self._buffer) < length:
            if self._ended is not None:
                raise await self._how_it_ended(self._ended)
            self._changed.clear()
            await self._changed.wait()
        data = bytes(self._buffer[:length])
        del self._buffer[:length]
        return data

    async def _how_it_ended(self, ended: StreamEnded) -> StreamEnded:
        return ended

    @property
    def unread(self) -> int:
        return len(self._buffer)

    # --- what goes

    @abstractmethod
    def write(self, data: bytes) -> int:
        """Writes, or queues what the network does not take yet; the offset behind the data."""

    @property
    def unsent(self) -> int:
        """Bytes that wait for the network."""
        return self._written - self._taken

    def _take(self, offset: int) -> None:
        if offset > self._taken:
            self._taken = offset
            self.on_taken(offset)

    @abstractmethod
    def close(self, code: int = 0) -> None:
        """Closes the connection with this application code."""

    @abstractmethod
    def free(self) -> None:
        """Gives back what the connection holds; after close()."""


Connect = Callable[[str, int, str], Awaitable[ByteStream]]
"""Reaches host, port and ALPN. Raises RelayUnreachable."""
