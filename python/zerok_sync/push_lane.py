"""The Pushes of one session that have no answer yet. CL-71, CL-72."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from .errors import ErrorCode, ProtocolError
from .limits import PUSHES_IN_FLIGHT_MAX
from .link import Link
from .outbox_table import BEFORE_ALL
from .rows import OutboxEntry
from .wire.messages import Push, PushAck, PushItem, PushResult, PushStatus


@dataclass(frozen=True, slots=True)
class Flight:
    """The entries of one Push, and its answer."""

    entries: list[OutboxEntry]
    answer: asyncio.Task[PushAck]


class PushLane:
    """Pushes leave in the order of the chain, and their answers are taken in that order."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._flights: deque[Flight] = deque()

    @property
    def is_empty(self) -> bool:
        return not self._flights

    @property
    def last_position(self) -> int:
        """The place in the queue of the last entry that was sent, below every place without one."""
        return self._flights[-1].entries[-1].position if self._flights else BEFORE_ALL

    @property
    def has_room(self) -> bool:
        """True if a Push may be sent now whose first item carries no `skip`. CL-71."""
        if self.is_empty:
            return True
        return (
            len(self._flights) < PUSHES_IN_FLIGHT_MAX
            and self._link.knows_this_device
            and self._link.connection.requests_left > 0
        )

    def send(self, entries: list[OutboxEntry], items: list[PushItem]) -> None:
        """Sends the first entries, as many as there are items."""
        answer = asyncio.create_task(push(self._link, items))
        self._flights.append(Flight(entries[: len(items)], answer))

    async def wait(self, queued: asyncio.Event) -> bool:
        """Until the oldest Push has its answer, or one may be sent and `queued` is set; true if it has its answer."""
        oldest = self._flights[0].answer
        if not self.has_room:
            await asyncio.wait({oldest})
            return True
        queued.clear()
        more = asyncio.create_task(queued.wait())
        try:
            await asyncio.wait({oldest, more}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            more.cancel()
        return oldest.done()

    def take(self) -> tuple[list[OutboxEntry], PushAck | ProtocolError]:
        """The entries of the oldest Push, and its answer or the Error that refuses it as a whole. Raises what ended the
        connection."""
        flight = self._flights.popleft()
        try:
            return flight.entries, flight.answer.result()
        except ProtocolError as failure:
            if failure.row.stream == "close" or failure.wire_code is None:
                raise
            return flight.entries, failure

    async def drain(self) -> None:
        """Waits for the answers that say nothing, behind a Push that was not acknowledged whole. CL-72."""
        answers = [flight.answer for flight in self._flights]
        self._flights.clear()
        await asyncio.gather(*answers, return_exceptions=True)


async def push(link: Link, items: list[PushItem]) -> PushAck:
    """Sends one Push. Its answer is durable and has the results of a prefix, a refusal only as the last; any other ends
    the connection. CL-27."""
    ack = await link.connection.request(Push(items), PushAck)
    results = ack.results
    valid = ack.durable and 1 <= len(results) <= len(items)
    if not (valid and all(_is_valid(result, i == len(results) - 1) for i, result in enumerate(results))):
        failure = ProtocolError(ErrorCode.INVALID_MESSAGE, "a PushAck does not fit its Push")
        link.connection.close(failure)
        raise failure
    link.knows_this_device = link.knows_this_device or results[0].status != PushStatus.REFUSED
    return ack


def _is_valid(result: PushResult, is_last: bool) -> bool:
    if result.status in (PushStatus.ACCEPTED, PushStatus.DUPLICATE):
        return result.cursor > 0
    if result.status == PushStatus.REFUSED:
        return is_last and result.error is not None
    return result.status == PushStatus.REMOVED
