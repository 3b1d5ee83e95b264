"""What a client does with the answers to its pushes: CL-20 to CL-27."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zerok_sync import (
    Disconnected,
    ErrorCode,
    Expired,
    Fork,
    ProtocolError,
    Refused,
)
from zerok_sync.envelope import parse_header, reread
from zerok_sync.limits import RECONNECT_MS_MAX
from zerok_sync.wire.messages import (
    Error,
    HelloAck,
    Push,
    PushAck,
    PushResult,
    PushStatus,
    Stub,
)

from .fake_relay import Session
from .world import Forger, run, world


def test_lost_push_ack(tmp_path: Path) -> None:
    """CL-22, CL-23: the same bytes are pushed again, and stored once."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            lost: list[Push] = []

            def lie(session: Session, request: Any, answer: Any) -> Any:
                if isinstance(request, Push) and not lost:
                    lost.append(request)
                    session.end()
                    return None
                return answer

            w.relay.lie = lie
            waiting = asyncio.create_task((await w.reader.push("once")).acknowledged())
            await w.until(lambda: w.seen(Disconnected) != [])
            w.clock.advance(RECONNECT_MS_MAX)
            acknowledged = await waiting
            pushes = [r for r in w.relay.requests if isinstance(r, Push)]
            assert pushes[-1].encode() == lost[0].encode()
            assert acknowledged.cursor == len(w.relay.log)

    run(scenario)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(PushAck([PushResult(PushStatus.ACCEPTED, 9, None)], False), id="not durable"),
        pytest.param(PushAck([PushResult(PushStatus.ACCEPTED, 9, None)] * 2, True), id="more results than items"),
        pytest.param(PushAck([], True), id="no result"),
        pytest.param(PushAck([PushResult(PushStatus.ACCEPTED, 0, None)], True), id="no cursor"),
        pytest.param(PushAck([PushResult(PushStatus.REFUSED, 0, None)], True), id="no error"),
        pytest.param(PushAck([PushResult(PushStatus.UNSPECIFIED, 9, None)], True), id="no status"),
    ],
)
def test_answer_that_acknowledges_nothing(tmp_path: Path, wrong: PushAck) -> None:
    """CL-27, SE-07: it ends the connection, and the message stays in the queue."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.clock.stop()  # no attempt is made beside the test's own
            w.relay.lie = lambda session, request, answer: wrong if isinstance(request, Push) else answer
            pushed = await w.reader.push("mine")
            with pytest.raises(ProtocolError) as failure:
                await pushed.acknowledged()
            assert failure.value.reject_class == "frame.parse" and w.reader.store.queue.count() == 1
            await w.until(lambda: w.relay.close_codes[-1:] == [ErrorCode.INVALID_MESSAGE])
            w.relay.lie = lambda session, request, answer: answer
            assert (await pushed.acknowledged()).durable

    run(scenario)


@pytest.mark.parametrize("of_another", [False, True])
def test_own_head_that_is_not_its_own(tmp_path: Path, of_another: bool) -> None:
    """CL-21: nothing is pushed upon a head of this device that does not verify, or is another device's."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.reader.group.disconnect()
            stub = reread(w.forger.seal("other")).stub if of_another else None

            def lie(session: Session, request: Any, answer: Any) -> Any:
                if isinstance(answer, HelloAck):
                    return replace(answer, own_head=stub or replace(answer.own_head, signature=bytes(64)))
                return answer

            w.relay.lie = lie
            w.relay.requests.clear()
            with pytest.raises(ProtocolError) as failure:
                await (await w.reader.push("mine")).acknowledged()
            assert failure.value.code is ErrorCode.ENVELOPE_UNAUTHENTIC
            assert not [r for r in w.relay.requests if isinstance(r, Push)]

    run(scenario)


def test_own_head_that_expired_is_taken_over(tmp_path: Path) -> None:
    """CL-21, CL-28, CL-14: a device restored from a copy goes on behind the stub of what it sealed afterwards."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            own = Forger(w.reader)
            for text in ("lost", "lost too"):
                own.seal(text)
            head = reread(own.seal("the head")).stub
            await w.reader.group.disconnect()
            w.relay.heads[own.keys.device_key] = head
            assert (await (await w.reader.push("after")).acknowledged()).durable
            (pushed,) = [r for r in w.relay.requests if isinstance(r, Push)][-1].items
            assert pushed.envelope is not None and not pushed.skip
            assert parse_header(pushed.envelope.header).previous == own.head.hash
            first = own.head.sequence - 2
            assert w.seen(Expired) == [Expired(w.relay.node_id, first, first + 2, own.keys.device_key)]
            assert w.reader.store.chains.missing()[own.keys.device_key] == [(first, first + 2)]

    run(scenario)


def refuse_first(code: ErrorCode, retry_after_ms: int = 0, conflict: Stub | None = None) -> Any:
    done: list[bool] = []

    def lie(session: Session, request: Any, answer: Any) -> Any:
        if isinstance(request, Push) and not done:
            done.append(True)
            session.relay.log.pop()
            session.relay.heads.pop(session.device)
            return PushAck([PushResult(PushStatus.REFUSED, 0, Error(code, "", retry_after_ms, conflict))], True)
        return answer

    return lie


def test_refused_for_now_and_for_good(tmp_path: Path) -> None:
    """CL-24, CL-43 to CL-47."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.relay.lie = refuse_first(ErrorCode.RATE_LIMITED, 50)
            assert (await (await w.reader.push("later")).acknowledged()).durable
            w.relay.lie = refuse_first(ErrorCode.ENVELOPE_MALFORMED)
            with pytest.raises(ProtocolError) as refused:
                await (await w.reader.push("never")).acknowledged()
            assert refused.value.wire_code == ErrorCode.ENVELOPE_MALFORMED
            assert w.seen(Refused) == [Refused(ErrorCode.ENVELOPE_MALFORMED)]
            await w.reader.sync()
            assert w.reader.store.queue.count() == 1  # it waits for the app

    run(scenario)


def test_a_later_refusal_holds_the_queue(tmp_path: Path) -> None:
    """CL-24: nothing is pushed before retry_after_ms is over."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            refuse, asked = refuse_first(ErrorCode.RATE_LIMITED, 15_000), asyncio.Event()

            def lie(session: Session, request: Any, answer: Any) -> Any:
                if isinstance(request, Push):
                    asked.set()
                return refuse(session, request, answer)

            def pushes() -> int:
                return sum(isinstance(request, Push) for request in w.relay.requests)

            w.relay.lie, before = lie, pushes()
            first = asyncio.create_task((await w.reader.push("first")).acknowledged())
            await asked.wait()
            await w.reader.pull()  # answers keep their order: the refusal has come
            second = asyncio.create_task((await w.reader.push("second")).acknowledged())
            await w.reader.pull()
            assert pushes() == before + 1
            w.clock.advance(15_000)
            assert (await first).cursor < (await second).cursor

    run(scenario)


def test_dropped_after_sealing(tmp_path: Path) -> None:
    """CL-25, CL-48: the next item carries `skip`; what was dropped is never sent."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await (await w.reader.push("first")).acknowledged()
            head = w.relay.heads[w.forger.keys.device_key]
            w.relay.lie = refuse_first(ErrorCode.ENVELOPE_MALFORMED)
            refused = await w.reader.push("refused")
            with pytest.raises(ProtocolError):
                await refused.acknowledged()
            w.reader.group.queue.drop(refused.id)
            await (await w.reader.push("next")).acknowledged()
            last = [r for r in w.relay.requests if isinstance(r, Push)][-1].items[0]
            assert last.skip and w.reader.store.queue.count() == 0
            assert w.relay.heads[w.forger.keys.device_key] == head

    run(scenario)


def test_own_fork_stops_pushing(tmp_path: Path) -> None:
    """CL-26: only with an envelope that this device really signed."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            own = Forger(w.reader)
            w.relay.lie = refuse_first(
                ErrorCode.SEQUENCE_CONFLICT, 0, reread(own.seal("by a copy of this device")).stub
            )
            with pytest.raises(ProtocolError) as refused:
                await (await w.reader.push("mine")).acknowledged()
            assert refused.value.reject_class == "envelope.chain"
            assert w.seen(Fork) == [Fork(own.keys.device_key, own.head.sequence)]
            pushes = sum(isinstance(r, Push) for r in w.relay.requests)
            await w.reader.push("more")
            await w.reader.sync()
            assert sum(isinstance(r, Push) for r in w.relay.requests) == pushes

    run(scenario)


def test_a_cursor_that_a_push_ack_tells(tmp_path: Path) -> None:
    """CL-08, RL-49: it shows no message before that is read, and is no loss when it is removed."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            node_id = w.relay.node_id
            far = PushAck([PushResult(PushStatus.ACCEPTED, 99, None)], True)
            w.relay.lie = lambda session, request, answer: far if isinstance(request, Push) else answer
            assert (await (await w.reader.push("mine")).acknowledged()).cursor == 99
            assert w.reader.store.messages.above_cursor(node_id, 0) == []
            assert w.reader.store.log.unread(node_id, 99, 100) == [(100, 100)]
            assert [(m.text, m.cursor) for m in await w.reader.pull(0)] == [("mine", len(w.relay.log))]

    run(scenario)
