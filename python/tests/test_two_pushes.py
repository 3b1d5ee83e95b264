"""Two Pushes on their way at once: CL-71, CL-72."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zerok_sync import Draft, ErrorCode, Refused, SyncSession
from zerok_sync.envelope import parse_header
from zerok_sync.wire.messages import (
    ContentMessage,
    DeviceList,
    Error,
    HelloAck,
    ListDevices,
    Push,
    PushAck,
    PushResult,
    PushStatus,
)

from .fake_relay import LIMITS, Session
from .world import World, run, world


class Holding:
    """Takes one item a Push, and answers Pushes when a test says so."""

    def __init__(self, w: World, session: SyncSession | None = None) -> None:
        self._world, self._session = w, session or w.reader
        self.waiting: list[tuple[Session, int, Push, PushAck]] = []
        self.pushes = 0
        w.relay.lie = self._lie

    def _lie(self, session: Session, request: Any, answer: Any) -> Any:
        if isinstance(answer, HelloAck):
            return replace(answer, limits=replace(LIMITS, push_items_max=1))
        if not isinstance(request, Push):
            return answer
        self.pushes += 1
        self.waiting.append((session, session.request_id, request, answer))
        self._world.changed.set()
        return None

    async def waits_for(self, pushes: int) -> None:
        """Once that many are unanswered; requests keep their order, so that no more were sent before the last one."""
        await self._world.until(lambda: len(self.waiting) >= pushes)
        link = await self._session.connect()
        await link.connection.request(ListDevices(), DeviceList)
        assert len(self.waiting) == pushes

    def answer(self, instead: ErrorCode | None = None) -> None:
        """Answers the oldest."""
        session, request_id, _, answer = self.waiting.pop(0)
        if instead is not None:
            answer = PushAck([PushResult(PushStatus.REFUSED, 0, Error(instead, "", 0, None))], True)
        session.send(request_id, answer)

    def places(self) -> list[tuple[int, bool]]:
        """Sequence and `skip` of what waits for an answer."""
        items = [request.items[0] for _, _, request, _ in self.waiting]
        return [(parse_header(item.envelope.header).sequence, item.skip) for item in items if item.envelope]


async def queue(session: SyncSession, *texts: str) -> list[bytes]:
    return [(await session.push(text)).id for text in texts]


async def one_is_refused(session: SyncSession) -> None:
    while len(session.store.queue.refused()) != 1:
        await session.require_member().changed.wait()


def test_two_pushes_in_flight(tmp_path: Path) -> None:
    """CL-71: two are on their way, in the order of the chain; the third waits for an answer."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            holding = Holding(w)
            await w.reader.reconnect()
            await queue(w.reader, "a", "b", "c")
            await holding.waits_for(2)
            (first, _), (second, _) = holding.places()
            assert second == first + 1
            holding.answer()
            await w.until(lambda: holding.pushes == 3)
            await holding.waits_for(2)
            for _ in range(2):
                holding.answer()
            await w.reader.sync()

    run(scenario)


def test_one_push_to_a_relay_that_does_not_know_the_device(tmp_path: Path) -> None:
    """CL-71: until it has named or acknowledged an envelope of this device in the session, one at a time."""

    async def scenario() -> None:
        async with (
            world(tmp_path) as w,
            await SyncSession.new(None, [w.relay.relay], dir=tmp_path / "other") as other,
        ):
            holding = Holding(w, other)
            other.create_group()
            await queue(other, "a", "b", "c")
            await other.connect()
            await holding.waits_for(1)
            holding.answer()
            await holding.waits_for(2)

    run(scenario)


def test_answers_behind_a_refusal_say_nothing(tmp_path: Path) -> None:
    """CL-72: what was sent behind it is neither acknowledged nor refused, and goes out again once it was dropped.
    CL-71: alone, as it carries `skip`."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            holding = Holding(w)
            await w.reader.reconnect()
            refused, *_ = await queue(w.reader, "a", "b", "c")
            await holding.waits_for(2)
            (_, (behind, _)) = holding.places()
            holding.answer(ErrorCode.ENVELOPE_MALFORMED)
            holding.answer(ErrorCode.CHAIN_BROKEN)
            await one_is_refused(w.reader)
            await w.reader.pull()
            assert w.seen(Refused) == [Refused(ErrorCode.ENVELOPE_MALFORMED)]
            assert w.reader.store.queue.refused() == [(refused, ErrorCode.ENVELOPE_MALFORMED)]
            assert w.reader.store.queue.count() == 3 and holding.pushes == 2
            assert isinstance(w.reader.group.queue.drop(refused), Draft)
            await holding.waits_for(2)
            assert holding.places() == [(behind, True), (behind + 1, False)]

    run(scenario)


@pytest.mark.parametrize("code", [ErrorCode.RATE_LIMITED, ErrorCode.ENVELOPE_MALFORMED])
def test_an_acceptance_behind_a_refusal_says_nothing(tmp_path: Path, code: ErrorCode) -> None:
    """CL-72: a relay that accepts what stands behind its refusal is asked again."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            holding = Holding(w)
            await w.reader.reconnect()
            w.clock.stop()  # what waits for patience waits for ever
            (first, second) = await queue(w.reader, "a", "b")
            await holding.waits_for(2)
            holding.answer(code)
            holding.answer()
            await one_is_refused(w.reader)
            await w.reader.pull()
            entry = w.reader.store.queue.entry(second)
            assert entry is not None and entry.state == "sealed"
            assert ContentMessage.decode(entry.content).text == "b"
            w.reader.group.queue.drop(first)

    run(scenario)


def test_a_waiter_that_leaves_stops_no_push(tmp_path: Path) -> None:
    """The Pushes of a cancelled wait go on: at most two are unanswered, and all are stored."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            holding = Holding(w)
            await w.reader.reconnect()
            receipt = await w.reader.push("a")
            waiting = asyncio.create_task(receipt.acknowledged())
            await queue(w.reader, "b", "c")
            await holding.waits_for(2)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            await holding.waits_for(2)
            for _ in range(3):
                await w.until(lambda: len(holding.waiting) > 0)
                holding.answer()
            await w.reader.sync()
            assert receipt.stored

    run(scenario)
