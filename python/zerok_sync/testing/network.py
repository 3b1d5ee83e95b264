"""Connections in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ..errors import RelayUnreachable
from ..stream import ByteStream, StreamEnded


class MemoryStream(ByteStream):
    """One end of a connection. Bytes arrive in the loop's next turn, in order."""

    _peer: MemoryStream

    def __init__(self, on_activity: Callable[[], None]) -> None:
        super().__init__()
        self._on_activity = on_activity

    @classmethod
    def pair(cls, on_activity: Callable[[], None]) -> tuple[MemoryStream, MemoryStream]:
        """Both ends; `on_activity` is called when something arrives."""
        one, two = cls(on_activity), cls(on_activity)
        one._peer, two._peer = two, one
        return one, two

    def write(self, data: bytes) -> int:
        if self._ended is None:
            self._written += len(data)
            asyncio.get_running_loop().call_soon(self._peer._arrive, data)
            self._take(self._written)
        return self._written

    def _arrive(self, data: bytes) -> None:
        self._on_activity()
        if self._ended is None:
            self._receive(data)

    def _peer_closed(self, code: int) -> None:
        self._on_activity()
        self._end(StreamEnded(code, True))

    def cut(self) -> None:
        """The network fails for both ends."""
        self.lose()
        self._peer.lose()

    def close(self, code: int = 0) -> None:
        if self._ended is None:
            asyncio.get_running_loop().call_soon(self._peer._peer_closed, code)
        self._end(StreamEnded(None, False))

    def free(self) -> None:
        """There is nothing to give back."""


class MemoryNetwork:
    """Knows who listens at which address."""

    def __init__(self) -> None:
        self._listeners: dict[tuple[str, int], Callable[[MemoryStream], None]] = {}
        self.arrivals = 0
        """Counts what has arrived anywhere."""

    def _note(self) -> None:
        self.arrivals += 1

    def listen(self, host: str, port: int, accept: Callable[[MemoryStream], None]) -> None:
        self._listeners[host, port] = accept

    def close(self, host: str, port: int) -> None:
        self._listeners.pop((host, port), None)

    async def connect(self, host: str, port: int, alpn: str) -> ByteStream:
        """A client's end. Raises RelayUnreachable where nobody listens."""
        accept = self._listeners.get((host, port))
        self._note()
        if accept is None:
            raise RelayUnreachable(f"{host}:{port} cannot be reached: nobody listens there")
        client, relay = MemoryStream.pair(self._note)
        accept(relay)
        return client
