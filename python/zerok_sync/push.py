"""What an app pushes, and what it hears of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import ArgumentError
from .limits import CONTENT_BYTES_MAX, METADATA_BYTES_MAX, TOPIC_BYTES_MAX
from .options import check_id, check_text, check_type

if TYPE_CHECKING:
    from .pusher import Acknowledgement


@dataclass(frozen=True, slots=True)
class Draft:
    """One message to push. EN-15, EN-36."""

    content: str | bytes
    topic: str = ""
    """The app's own name for a stream of messages; relays never see it."""
    id: bytes | None = None
    """16 bytes that make a retry safe: the same id is sent once. None draws one."""
    metadata: str | None = None
    """Free for the app, often JSON."""
    collapse_key: str | None = None
    """Replaces the message that was pushed with the same key and is not sealed yet. It never leaves the device."""

    def check(self) -> None:
        """Raises TypeError or ArgumentError for what no relay would take."""
        check_type("content", self.content, str, bytes)
        if isinstance(self.content, str):
            check_text("content", self.content, CONTENT_BYTES_MAX)
        elif len(self.content) > CONTENT_BYTES_MAX:
            raise ArgumentError(f"content has {len(self.content)} bytes; at most {CONTENT_BYTES_MAX} are allowed")
        check_text("topic", self.topic, TOPIC_BYTES_MAX)
        if self.id is not None:
            check_id("id", self.id, 16)
        if self.metadata is not None:
            check_text("metadata", self.metadata, METADATA_BYTES_MAX)
        if self.collapse_key is not None:
            check_text("collapse_key", self.collapse_key, METADATA_BYTES_MAX)


class Track:
    """Follows one message, also where a newer one took its place. `replaced_by` is that one."""

    __slots__ = ("__weakref__", "id", "replaced_by")

    def __init__(self, message_id: bytes) -> None:
        self.id = message_id
        self.replaced_by: Track | None = None

    @property
    def last(self) -> Track:
        track = self
        while track.replaced_by is not None:
            track = track.replaced_by
        return track


Wait = Callable[[Track], Awaitable["Acknowledgement"]]
"""Waits until a relay has stored the message, or the newer one that took its place."""


class PushReceipt:
    """A message that is durable on this device. CL-20."""

    def __init__(self, track: Track, position: int, is_stored: Callable[[bytes], bool], wait: Wait) -> None:
        self._track, self._position, self._is_stored, self._wait = track, position, is_stored, wait

    @property
    def id(self) -> bytes:
        """The message's id, 16 bytes."""
        return self._track.id

    @property
    def position(self) -> int:
        """Its place in the local log."""
        return self._position

    @property
    def stored(self) -> bool:
        """True once a relay has it, or the newer message that took its place."""
        return self._is_stored(self._track.last.id)

    async def acknowledged(self) -> Acknowledgement:
        """Once a relay has stored it, or the newer message that took its place. Raises ProtocolError when it was
        refused for good."""
        return await self._wait(self._track)

    def __repr__(self) -> str:
        return f"PushReceipt(id={self.id.hex()}, position={self.position}, stored={self.stored})"
