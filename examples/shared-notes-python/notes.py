"""A list of notes that all devices of a group share."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from zerok_sync import SyncSession


@dataclass(frozen=True)
class Note:
    id: str
    text: str
    done: bool


class SharedNotes:
    """Changes may arrive in any order and more than once: the list is the same."""

    def __init__(self, session: SyncSession) -> None:
        self._session = session
        self._texts: dict[str, str] = {}
        self._done: set[str] = set()
        self._changed = asyncio.Condition()

    async def follow(self) -> None:
        """Applies what other devices write, until it is cancelled."""
        async for message in self._session.messages():
            if message.text is not None:
                await self._apply(json.loads(message.text))

    async def add(self, text: str) -> None:
        """Adds a note; it is on this device's disk when this returns."""
        await self._tell({"add": str(uuid4()), "text": text})

    async def tick(self, note_id: str) -> None:
        """Marks a note as done."""
        await self._tell({"tick": note_id})

    def list(self) -> list[Note]:
        """The notes by text, the same on every device."""
        notes = [Note(note_id, text, note_id in self._done) for note_id, text in self._texts.items()]
        return sorted(notes, key=lambda note: (note.text, note.id))

    async def until(self, test: Callable[[list[Note]], bool]) -> None:
        """Returns once the list satisfies `test`."""
        async with self._changed:
            await self._changed.wait_for(lambda: test(self.list()))

    async def _tell(self, change: dict[str, str]) -> None:
        await self._session.push(json.dumps(change))
        await self._apply(change)

    async def _apply(self, change: dict[str, str]) -> None:
        if "add" in change:
            self._texts[change["add"]] = change["text"]
        else:
            self._done.add(change["tick"])
        async with self._changed:
            self._changed.notify_all()
