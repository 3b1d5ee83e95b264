"""One device, a relay that lies, and the second device's keys in a test's hands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from zerok_sync import (
    Event,
    Message,
    SyncSession,
)
from zerok_sync.clock import Clock
from zerok_sync.envelope import Content, Head, seal_envelope
from zerok_sync.group import DeviceKeys
from zerok_sync.wire.messages import (
    ContentMessage,
    Envelope,
    Page,
)

from .fake_relay import FakeRelay, Session


class Forger:
    """The second device's keys in a test's hands: seals what a real device never would."""

    def __init__(self, session: SyncSession) -> None:
        seed, group_id = session.store.device_seed, session.group_id
        assert group_id is not None
        self.keys = DeviceKeys.derive(seed, group_id)
        self.secret = session.store.epochs()[0]
        self.head = session.store.chains.head(self.keys.device_key)

    def seal(self, text: str, head: Head | None = None, message_id: bytes | None = None, epoch: int = 0) -> Envelope:
        content = ContentMessage(message_id or text.encode()[:16].ljust(16, b"\0"), text, None, None, 1)
        return self.seal_content(content, head, epoch)

    def seal_content(self, content: Content, head: Head | None = None, epoch: int = 0) -> Envelope:
        """After `head`, or after what was sealed last."""
        before = self.head if head is None else head
        keys = self.keys
        sealed = seal_envelope(keys.group_id, keys.device_key, keys.signing_seed, epoch, self.secret, before, content)
        if head is None:
            self.head = Head(before.sequence + 1, sealed.hash)
        return sealed.envelope


class World:
    def __init__(self, relay: FakeRelay, reader: SyncSession, forger: Forger, clock: Clock) -> None:
        self.relay, self.reader, self.forger, self.clock = relay, reader, forger, clock
        self.events: list[Event] = []
        self.messages: list[Message] = []
        self.changed = asyncio.Event()
        reader.on_event = lambda event: self._note(self.events, event)
        relay.on_close = relay.on_request = self.changed.set
        reader.on_message = lambda message: self._note(self.messages, message)

    def _note(self, notes: list[Any], item: Any) -> None:
        notes.append(item)
        self.changed.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                self.changed.clear()
                await self.changed.wait()

    def seen(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def texts(self) -> list[str | None]:
        return [message.text for message in self.messages]


@asynccontextmanager
async def world(tmp_path: Path, pinned: bool = True, **options: Any) -> AsyncIterator[World]:
    relay, clock = FakeRelay(), Clock()
    await relay.start(tmp_path)
    reader = await SyncSession.new(
        None, [relay.relay if pinned else relay.address], dir=tmp_path / "reader", clock=clock, **options
    )
    writer = await SyncSession.new(None, [], dir=tmp_path / "writer")
    await writer.pair_join(await reader.pair())
    forger = Forger(writer)
    await writer.close()
    await reader.pull()
    try:
        yield World(relay, reader, forger, clock)
    finally:
        await reader.close()
        relay.stop()


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 60))  # type: ignore[arg-type]


def page_lie(change: Callable[[Page], None]) -> Callable[[Session, Any, Any], Any]:
    def lie(session: Session, request: Any, answer: Any) -> Any:
        if isinstance(answer, Page):
            change(answer)
        return answer

    return lie
