"""Links that are dead, that a relay holds up, or that a stranger ends: CL-16, CL-18, CL-36 to CL-39, CL-60 to CL-69,
SE-24 to SE-26, ER-05, ER-07. The clock stands and is moved; nothing depends on how fast anything is."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zerok_sync import Disconnected, ErrorCode, ProtocolError, RolledBack, StoreError
from zerok_sync.backoff import Backoff
from zerok_sync.errors import close_error
from zerok_sync.limits import (
    ANSWER_MS_MAX,
    PROBE_MS_MAX,
    QUIET_MS_MAX,
    RECONNECT_EQUAL_MS_MAX,
    RECONNECT_MS_MAX,
    RECONNECT_STABLE_MS,
    REFUSED_RETRY_MS,
    RETRY_AFTER_MS_MAX,
)
from zerok_sync.wire.messages import (
    Deliver,
    DeviceList,
    Error,
    HelloAck,
    ListDevices,
    Ping,
    Pull,
    Push,
    PushAck,
    PushResult,
    PushStatus,
)

from .fake_relay import Session
from .world import World, run, world


async def asked(w: World, kind: type, count: int = 1) -> None:
    """The relay has got so many requests of that kind since its list was cleared."""
    await w.until(lambda: sum(isinstance(request, kind) for request in w.relay.requests) >= count)


def silence(*kinds: type) -> Any:
    return lambda session, request, answer: None if isinstance(request, kinds) else answer


def test_a_silent_link_is_left_for_a_new_one_at_once(tmp_path: Path) -> None:
    """C9, SE-24, SE-26."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.reader.subscribe()
            w.clock.stop()
            sessions = len(w.relay.sessions)
            w.relay.requests.clear()
            w.relay.lie = silence(Pull, Ping)
            pulling = asyncio.create_task(w.reader.pull())
            await asked(w, Pull)
            w.clock.advance(QUIET_MS_MAX - 1)
            assert not [r for r in w.relay.requests if isinstance(r, Ping)]
            w.clock.advance(1)
            await asked(w, Ping)
            w.clock.advance(PROBE_MS_MAX - 1)
            assert w.reader.group.state.connected
            w.clock.advance(1)
            with pytest.raises(ProtocolError) as silent:
                await pulling
            assert silent.value.code is ErrorCode.DEADLINE_EXCEEDED
            await w.reader.idle()
            w.clock.advance(0)
            await w.reader.idle()
            assert w.reader.group.state.connected and len(w.relay.sessions) == sessions + 1

    run(scenario)


def test_a_relay_that_lives_and_answers_nothing(tmp_path: Path) -> None:
    """C2, SE-25: a request has ANSWER_MS_MAX, whatever else the relay says."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.clock.stop()
            w.relay.requests.clear()
            w.relay.lie, link = silence(Pull), await w.reader.require_member().reach()
            pulling = asyncio.create_task(w.reader.pull())
            await asked(w, Pull)
            for number in range(1, ANSWER_MS_MAX // QUIET_MS_MAX):
                w.clock.advance(QUIET_MS_MAX)
                await asked(w, Ping, number)
                await link.connection.request(ListDevices(), DeviceList)  # behind the Pong
            assert not pulling.done()
            w.clock.advance(QUIET_MS_MAX)
            with pytest.raises(ProtocolError) as overdue:
                await pulling
            assert overdue.value.code is ErrorCode.DEADLINE_EXCEEDED and not overdue.value.silent

    run(scenario)


def test_a_relay_that_overdraws_its_credit(tmp_path: Path) -> None:
    """C8, CL-18: an envelope may overdraw, none may begin behind it."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.reader.group.disconnect()

            def small_credit(session: Session, request: Any, answer: Any) -> Any:
                if isinstance(answer, HelloAck):
                    assert answer.limits is not None
                    return replace(answer, limits=replace(answer.limits, credit_bytes_max=1))
                return answer

            w.relay.lie = small_credit
            await w.reader.subscribe()
            session = next(s for s in reversed(w.relay.sessions) if s.subscription)
            after = len(w.relay.log)
            w.relay.append(w.forger.seal("one"))
            w.relay.append(w.forger.seal("two"))
            session.send(session.subscription, Deliver(w.relay.segment(after)))
            await w.until(lambda: w.relay.close_codes[-1:] == [ErrorCode.RESOURCES_EXCEEDED])
            assert w.texts == []

    run(scenario)


def test_a_relay_goes_back_once_an_hour(tmp_path: Path) -> None:
    """C6, CL-16."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.clock.stop()
            told = [0]

            def once(session: Session, request: Any, answer: Any) -> Any:
                if isinstance(request, Pull) and request.after > 0 and told[0] == 0:
                    told[0] += 1
                    return Error(ErrorCode.ROLLED_BACK)
                return answer

            w.relay.lie = once
            await w.reader.pull()
            told[0] = 0
            with pytest.raises(ProtocolError) as again:
                await w.reader.pull()
            assert again.value.code is ErrorCode.CURSOR_GAP and w.seen(RolledBack) == [RolledBack()]
            told[0] = 0
            await w.reader.reconnect()  # CL-39: it counts anew
            await w.reader.pull()
            assert len(w.seen(RolledBack)) == 2

    run(scenario)


def test_a_forged_close_stops_nobody(tmp_path: Path) -> None:
    """C1, CL-37, ER-07: a close code without an Error frame is no refusal."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.reader.subscribe()
            w.clock.stop()
            subscribed = next(s for s in reversed(w.relay.sessions) if s.subscription)
            subscribed._writer.transport.protocol._quic.close(error_code=ErrorCode.DEVICE_REVOKED)  # type: ignore
            subscribed._writer.transport.protocol.transmit()  # type: ignore[attr-defined]
            await w.until(lambda: w.seen(Disconnected) == [Disconnected(None, "frame.length")])
            await w.reader.idle()
            w.clock.advance(RECONNECT_MS_MAX)
            await w.reader.idle()
            assert w.reader.group.state.connected

    run(scenario)


@pytest.mark.parametrize(("number", "code"), [(1000, 1000), (1003, 1023), (1016, 1016), (1041, 1023), (9999, 1023)])
def test_what_a_close_code_says(number: int, code: int) -> None:
    """ER-07."""
    assert close_error(number) == code


def test_what_is_refused_for_now_can_be_dropped(tmp_path: Path) -> None:
    """C3, C4, CL-60, CL-61, CL-63, CL-64: the status says so, and what waits behind it goes on."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.clock.stop()

            def refuse(session: Session, request: Any, answer: Any) -> Any:
                if not isinstance(request, Push):
                    return answer
                del w.relay.log[-len(request.items) :]
                w.relay.heads.pop(session.device, None)
                return PushAck([PushResult(PushStatus.REFUSED, 0, Error(ErrorCode.GROUP_QUOTA_EXCEEDED))], True)

            w.relay.lie = refuse
            w.relay.requests.clear()
            big, small = await w.reader.push("too big"), await w.reader.push("small")
            await asked(w, Push)
            await w.reader.pull()  # answers keep their order: the refusal has come
            assert w.reader.store.queue.refused() == [(big.id, ErrorCode.GROUP_QUOTA_EXCEEDED)]
            w.reader.group.queue.drop(big.id)
            assert w.reader.store.queue.refused() == []
            w.relay.lie = lambda session, request, answer: answer
            acknowledging = asyncio.create_task(small.acknowledged())
            await asyncio.sleep(0)
            w.clock.advance(RETRY_AFTER_MS_MAX)
            assert (await acknowledging).durable

    run(scenario)


def test_a_store_that_fails_for_a_moment(tmp_path: Path) -> None:
    """C7, CL-68: the session ends, and is made again without anybody's call."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.reader.subscribe()
            w.clock.stop()
            receiver, failing = w.reader.require_member().receiver, [True]
            apply = receiver.apply

            def fails_once(*arguments: Any) -> None:
                if failing.pop():
                    raise StoreError("the disk is full")
                apply(*arguments)

            receiver.apply = fails_once  # type: ignore[method-assign]
            failing.insert(0, False)
            session = next(s for s in reversed(w.relay.sessions) if s.subscription)
            after = len(w.relay.log)
            w.relay.append(w.forger.seal("one"))
            session.send(session.subscription, Deliver(w.relay.segment(after)))
            await w.until(lambda: w.seen(Disconnected) != [])
            await w.reader.idle()
            w.clock.advance(RECONNECT_MS_MAX)
            await w.until(lambda: w.texts == ["one"])

    run(scenario)


def authenticated(code: ErrorCode) -> ProtocolError:
    failure = ProtocolError(code, wire_code=code)
    failure.authenticated = True
    return failure


def test_windows() -> None:
    """CL-36, CL-37, ER-05, SE-26."""
    backoff, forged = Backoff(), ProtocolError(ErrorCode.HANDSHAKE_FAILED)
    for _ in range(20):
        backoff.ended(ProtocolError(ErrorCode.RELAY_OVERLOADED, wire_code=3000), 0, let_in=False)
        assert (backoff.wait_ms() or 0) <= RECONNECT_MS_MAX
    for _ in range(20):
        backoff.ended(forged, 0, let_in=False)
    waits = [backoff.wait_ms() or 0 for _ in range(200)]
    assert RECONNECT_MS_MAX < max(waits) <= RECONNECT_EQUAL_MS_MAX
    backoff.ended(ProtocolError(ErrorCode.STREAM_TRUNCATED), RECONNECT_STABLE_MS, let_in=True)
    assert (backoff.wait_ms() or 0) <= 1_000
    backoff.ended(ProtocolError(ErrorCode.RATE_LIMITED, wire_code=2000, retry_after_ms=2**52), 0, let_in=False)
    assert RETRY_AFTER_MS_MAX <= (backoff.wait_ms() or 0) <= RETRY_AFTER_MS_MAX + RECONNECT_MS_MAX
    backoff.ended(ProtocolError(ErrorCode.DEADLINE_EXCEEDED, silent=True), 0, let_in=True)
    assert backoff.wait_ms() == 0
    backoff.ended(authenticated(ErrorCode.DEVICE_REVOKED), 0, let_in=False)
    assert backoff.wait_ms() == REFUSED_RETRY_MS
    backoff.ended(authenticated(ErrorCode.DEVICES_EXCEEDED), 0, let_in=False)
    assert backoff.wait_ms() is None
    backoff.ended(authenticated(ErrorCode.CURSOR_GAP), 0, let_in=False)
    assert backoff.wait_ms() is not None
    backoff.reset()
    assert (backoff.wait_ms() or 0) <= 1_000
