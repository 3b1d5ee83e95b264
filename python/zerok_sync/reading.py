"""The loop of SyncSession.messages(): each message of others once, also over restarts."""

from __future__ import annotations

from collections.abc import AsyncIterator

from .events import Message
from .member import Member

PAGE_MESSAGES = 256


class Reading:
    """The place that one loop has reached; the store knows it by the name ''."""

    def __init__(self, member: Member) -> None:
        self._member, self._store = member, member.store
        self._position = self._noted = member.store.messages.place("")

    def note(self) -> None:
        """Everything up to here counts as read."""
        if self._position > self._noted:
            with self._store.transaction():
                self._store.messages.set_place("", self._position)
            self._noted = self._position

    async def messages(self) -> AsyncIterator[Message]:
        """A page is noted when the loop asks for the next one, or ends; the message at which it ends counts as read."""
        try:
            while True:
                page = self._store.messages.of_others_above(self._position, PAGE_MESSAGES)
                for row in page:
                    self._position = row.position
                    yield self._member.receiver.message(row)
                self.note()
                if not page:
                    await self._member.changed.wait()
        finally:
            self.note()
