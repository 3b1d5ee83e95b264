"""Pins, violations and ends: HS-12 to HS-15, CL-30 to CL-37, SE-04 to SE-22."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from zerok_sync import (
    Disconnected,
    ErrorCode,
    ProtocolError,
    RelayKeyChanged,
)
from zerok_sync.limits import (
    HELLO_DEADLINE_MS,
    RECONNECT_MS_MAX,
    RECONNECT_MS_MIN,
    REFUSED_RETRY_MS,
    RETRY_AFTER_MS_MAX,
)
from zerok_sync.pins import Pin
from zerok_sync.wire.messages import (
    Error,
    GoAway,
    Hello,
    Pong,
    Pull,
    Push,
    PushAck,
    PushResult,
    PushStatus,
)

from .fake_relay import Session
from .world import World, run, world


def test_changed_relay_key(tmp_path: Path) -> None:
    """HS-12, CL-31, CL-32: strict refuses, permissive reports and takes the new ones, a fixed pin is never replaced."""

    async def scenario() -> None:
        async with world(tmp_path, pinned=False) as w:
            await w.reader.group.disconnect()
            w.relay.seed = bytes(32)
            w.reader.tofu_mode = "strict"
            with pytest.raises(ProtocolError) as refused:
                await w.reader.pull()
            assert refused.value.code is ErrorCode.RELAY_IDENTITY_CHANGED and not w.seen(RelayKeyChanged)
            w.reader.tofu_mode = "permissive"
            w.relay.requests.clear()
            await w.reader.pull()
            assert next(r for r in w.relay.requests if isinstance(r, Pull)).after == 0  # CL-01: it is another relay
            assert len(w.seen(RelayKeyChanged)) == 1
            await w.reader.group.disconnect()
            await w.reader.pull()
            assert len(w.seen(RelayKeyChanged)) == 1

    run(scenario)


def test_fixed_pin(tmp_path: Path) -> None:
    """CL-32; HS-13: the classical mode is refused where a KEM key is pinned."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.reader.group.disconnect()
            w.reader._dialer.mode = "classical"
            with pytest.raises(ProtocolError) as downgrade:
                await w.reader.pull()
            assert downgrade.value.reject_class == "handshake.downgrade"
            w.reader._dialer.mode = "hybrid"
            w.relay.seed = bytes(32)
            with pytest.raises(ProtocolError) as refused:
                await w.reader.pull()
            assert refused.value.reject_class == "handshake.identity"

    run(scenario)


def test_answer_of_another_kind(tmp_path: Path) -> None:
    """SE-08."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.relay.lie = lambda session, request, answer: Pong(1) if isinstance(request, Pull) else answer
            with pytest.raises(ProtocolError) as failure:
                await w.reader.pull()
            assert failure.value.reject_class == "frame.state"

    run(scenario)


def test_truncated_stream_and_fatal_error(tmp_path: Path) -> None:
    """WI-12, SE-54, SE-55, ER-02."""

    async def scenario() -> None:
        async with world(tmp_path) as w:

            def cut(session: Session, request: Any, answer: Any) -> Any:
                if isinstance(request, Pull):
                    session.end()
                    return None
                return answer

            w.relay.lie = cut
            with pytest.raises(ProtocolError) as truncated:
                await w.reader.pull()
            assert truncated.value.reject_class == "frame.length" and truncated.value.wire_code is None
            await w.until(lambda: w.relay.close_codes[-1:] == [ErrorCode.STREAM_TRUNCATED])
            w.relay.lie = lambda s, request, answer: (
                Error(ErrorCode.DEVICE_REVOKED) if isinstance(request, Hello) else answer
            )
            with pytest.raises(ProtocolError) as revoked:
                await w.reader.pull()
            assert (revoked.value.reject_class, revoked.value.wire_code) == ("session.revoked", 1003)
            await w.until(lambda: w.relay.close_codes[-1:] == [ErrorCode.DEVICE_REVOKED])  # SE-07

    run(scenario)


def test_enrolment_again(tmp_path: Path) -> None:
    """CL-37, SE-12: UNAUTHORIZED to a Hello without Enrolment is answered by one with it, and by no third."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.reader.group.disconnect()
            w.relay.requests.clear()
            w.relay.lie = lambda session, request, answer: (
                Error(ErrorCode.UNAUTHORIZED) if isinstance(request, Hello) and not request.enrolment else answer
            )
            await w.reader.pull()
            await w.reader.group.disconnect()
            w.relay.lie = lambda session, request, answer: (
                Error(ErrorCode.UNAUTHORIZED) if isinstance(request, Hello) else answer
            )
            with pytest.raises(ProtocolError) as refused:
                await w.reader.pull()
            assert refused.value.wire_code == ErrorCode.UNAUTHORIZED
            hellos = [r for r in w.relay.requests if isinstance(r, Hello)]
            assert [r.enrolment is not None for r in hellos] == [False, True, False, True]

    run(scenario)


def test_one_deadline_for_everything_before_hello_ack(tmp_path: Path) -> None:
    """HS-15: what dialling and handshake took is missing for Hello."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.reader.group.disconnect()
            w.relay.requests.clear()

            def silent(session: Session, request: Any, answer: Any) -> Any:
                w.changed.set()
                return None

            w.relay.lie = silent
            link = await w.reader._dialer.dial(w.relay.address, Pin())
            w.clock.advance(HELLO_DEADLINE_MS - 2_000)
            greeting = asyncio.create_task(w.reader._dialer.greet(link, w.forger.keys, None, ""))
            await w.until(lambda: w.relay.requests != [])
            w.clock.advance(2_000)
            with pytest.raises(ProtocolError) as late:
                await greeting
            assert late.value.code is ErrorCode.DEADLINE_EXCEEDED
            await w.until(lambda: w.relay.close_codes[-1:] == [ErrorCode.DEADLINE_EXCEEDED])

    run(scenario)


def subscribed(w: World) -> Session:
    return next(session for session in reversed(w.relay.sessions) if session.subscription)


def test_go_away_says_when_to_come_back(tmp_path: Path) -> None:
    """SE-21, SE-46: reconnect_after_ms is waited for, and the jitter of CL-36 comes on top."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.reader.subscribe()
            before = len(w.relay.sessions)
            leaving = subscribed(w)
            leaving.send(0, GoAway(ErrorCode.RELAY_SHUTTING_DOWN, 20_000))
            leaving.end()
            await w.until(lambda: w.seen(Disconnected) == [Disconnected(3001, "session.rate")])
            pauses = [timer.due_ms - w.clock.elapsed_ms() for timer in w.clock._timers]
            assert any(19_000 < pause <= 20_000 + RECONNECT_MS_MIN for pause in pauses)
            assert len(w.relay.sessions) == before and not w.reader.group.state.connected
            w.clock.advance(20_000 + RECONNECT_MS_MIN)
            await w.until(lambda: w.reader.group.state.connected)

    run(scenario)


def test_a_clock_that_stands_makes_nobody_dial_until_it_is_moved(tmp_path: Path) -> None:
    """CL-36, and `idle` of ZKCP's env: it comes when the dial that a timer began is over."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.reader.subscribe()
            w.clock.stop()
            before = len(w.relay.sessions)
            subscribed(w).end()
            await w.until(lambda: bool(w.seen(Disconnected)) and bool(w.clock._timers))
            w.clock.advance(0)
            await w.reader.idle()
            assert not w.reader.group.state.connected and len(w.relay.sessions) == before
            w.clock.advance(RECONNECT_MS_MAX)
            await w.reader.idle()
            assert w.reader.group.state.connected

    run(scenario)


@pytest.mark.parametrize(("code", "again"), [(ErrorCode.DEVICE_REVOKED, 1), (ErrorCode.UNSUPPORTED_VERSION, 0)])
def test_no_way_back_by_itself(tmp_path: Path, code: ErrorCode, again: int) -> None:
    """CL-37: neither who listens nor a queue that waited dials again after an authenticated refusal, but for 1001 to
    1003 after REFUSED_RETRY_MS."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.reader.subscribe()
            refused = asyncio.Event()

            def lie(session: Session, request: Any, answer: Any) -> Any:
                if not isinstance(request, Push):
                    return answer
                refused.set()
                return PushAck([PushResult(PushStatus.REFUSED, 0, Error(ErrorCode.RATE_LIMITED, "", 5_000))], True)

            w.relay.lie = lie
            await w.reader.push("waits")
            await refused.wait()
            await w.reader.pull()  # answers keep their order: the refusal has come
            before = len(w.relay.sessions)
            w.clock.stop()
            subscribed(w).send(0, Error(code))
            await w.until(lambda: w.seen(Disconnected) != [])
            for _ in range(3):
                w.clock.advance(RETRY_AFTER_MS_MAX)
                await w.reader.idle()
            assert len(w.relay.sessions) == before
            w.clock.advance(REFUSED_RETRY_MS)
            await w.reader.idle()
            assert len(w.relay.sessions) - before == again

    run(scenario)


def test_error_that_answers_nothing(tmp_path: Path) -> None:
    """SE-04, SE-08: with request_id 0 it may refuse an Ack; with another one it ends the connection."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.reader.subscribe()
            subscribed(w).send(0, Error(ErrorCode.CURSOR_OUT_OF_RANGE))
            await w.reader.pull()
            assert w.reader.group.state.connected
            subscribed(w).send(99, Error(ErrorCode.CURSOR_OUT_OF_RANGE))
            await w.until(lambda: w.relay.close_codes[-1:] == [ErrorCode.UNEXPECTED_FRAME])

    run(scenario)
