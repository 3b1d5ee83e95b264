"""Puts messages into the queue and into the local log, many pushes in one transaction. CL-20."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .clock import Clock
from .errors import ArgumentError, Closed, SyncError
from .migration_slots import digest_of
from .push import Draft
from .store import Store
from .wire.messages import ContentMessage, ContentType

COMMIT_MESSAGES_MAX = 256
"""Messages of one transaction, unless one call brings more; the loop turns between two of them."""


@dataclass(frozen=True, slots=True)
class Enqueued:
    """A message that is durable here: its id, its position, and the id of the message that it replaced."""

    id: bytes
    position: int
    replaced: bytes | None = None


@dataclass(slots=True)
class _Batch:
    drafts: Sequence[Draft]
    done: asyncio.Future[list[Enqueued]]
    result: list[Enqueued] = field(default_factory=list)


class Enqueuer:
    """Pushes that are made in one turn of the loop share a commit. `on_commit` hears of each before its caller."""

    def __init__(self, store: Store, sender: bytes, clock: Clock, on_commit: Callable[[Sequence[Enqueued]], None]):
        self._store, self._sender, self._clock, self._on_commit = store, sender, clock, on_commit
        self._batches: list[_Batch] = []
        self._scheduled = False
        self._closed = False

    async def add(self, drafts: Sequence[Draft]) -> list[Enqueued]:
        """All of them or none, in one transaction, which is durable when it returns."""
        if self._closed:
            raise Closed("the group is closed")
        for draft in drafts:
            draft.check()
        batch = _Batch(drafts, asyncio.get_running_loop().create_future())
        self._batches.append(batch)
        self._schedule()
        return await batch.done

    def close(self) -> None:
        """Commits what was asked for before."""
        while self._batches:
            self._commit()
        self._closed = True

    def _schedule(self) -> None:
        if not self._scheduled and self._batches:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._commit)

    def _take(self) -> list[_Batch]:
        """The next batches; a caller that was cancelled meanwhile pushes nothing."""
        taken: list[_Batch] = []
        size = 0
        while self._batches and size < COMMIT_MESSAGES_MAX:
            batch = self._batches.pop(0)
            if not batch.done.done():
                taken.append(batch)
                size += len(batch.drafts)
        return taken

    def _commit(self) -> None:
        self._scheduled = False
        batches = self._take()
        try:
            with self._store.transaction():
                self._store.queue.check_room(sum(len(batch.drafts) for batch in batches))
                for batch in batches:
                    self._add(batch)
        except SyncError as failure:
            for batch in batches:
                if not batch.done.done():
                    batch.done.set_exception(failure)
        else:
            for batch in batches:
                if not batch.done.done():
                    self._on_commit(batch.result)
                    batch.done.set_result(batch.result)
        self._schedule()

    def _add(self, batch: _Batch) -> None:
        """A batch that an argument spoils leaves nothing, and the others of the transaction stay."""
        try:
            with self._store.savepoint():
                batch.result = [self._add_one(draft) for draft in batch.drafts]
        except ArgumentError as failure:
            batch.done.set_exception(failure)

    def _add_one(self, draft: Draft) -> Enqueued:
        store = self._store
        message_id = secrets.token_bytes(16) if draft.id is None else draft.id
        text, data = (draft.content, None) if isinstance(draft.content, str) else (None, draft.content)
        digest = digest_of(text, data, draft.metadata, draft.topic)
        known = self._known(message_id, digest)
        if known is not None:
            return known
        replaced = None if draft.collapse_key is None else self._collapse(draft.collapse_key)
        message = ContentMessage(message_id, text, data, draft.metadata, self._clock.now_ms(), topic=draft.topic)
        position = store.messages.add_pushed(self._sender, message)
        store.queue.add(
            message_id,
            ContentType.MESSAGE,
            message.encode(),
            digest=digest,
            place=position,
            collapse_key=draft.collapse_key,
        )
        return Enqueued(message_id, position, replaced)

    def _known(self, message_id: bytes, digest: bytes) -> Enqueued | None:
        """The message that was pushed with that id before; the same content makes it a retry."""
        entry = self._store.queue.entry(message_id)
        if entry is None:
            row = self._store.messages.of(self._sender, message_id)
            if row is None:
                return None
            if digest_of(row.text, row.data, row.metadata, row.topic) == digest:
                self._store.queue.add_acknowledged(message_id, digest, row.position)
                return Enqueued(message_id, row.position)
        elif entry.digest == digest:
            return Enqueued(message_id, entry.place)
        raise ArgumentError(f"the id {message_id.hex()} belongs to a message with other content")

    def _collapse(self, key: str) -> bytes | None:
        """Takes out the message that waits with that key and is not sealed yet; its id."""
        waiting = self._store.queue.collapsible(key)
        if waiting is None:
            return None
        self._store.queue.drop(waiting.position)
        self._store.messages.remove(self._sender, waiting.id)
        return waiting.id
