"""What a client does with a log that its relay made up: CL-02 to CL-09, RL-42, RL-44."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zerok_sync import (
    ErrorCode,
    Expired,
    ProtocolError,
    Rejected,
    RolledBack,
)
from zerok_sync.envelope import Head, parse_header, seal_envelope
from zerok_sync.group import DeviceKeys
from zerok_sync.wire.messages import (
    ContentMessage,
    Deliver,
    Error,
    Page,
    Pull,
    Push,
)

from .fake_relay import Session
from .world import page_lie, run, world


def _set(name: str, value: int) -> Callable[[Page], None]:
    return lambda page: setattr(page.segment, name, value)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_set("after", 0), id="after is not what was asked"),
        pytest.param(_set("removed_through", 0), id="removed_through below after"),
        pytest.param(_set("next", 9), id="next beyond the envelopes"),
        pytest.param(_set("head", 1), id="head below next"),
        pytest.param(lambda page: page.segment.envelopes.pop(0), id="an envelope withheld"),  # type: ignore[union-attr]
        pytest.param(lambda page: page.segment.envelopes.reverse(), id="misordered"),  # type: ignore[union-attr]
    ],
)
def test_cursor_gap(tmp_path: Path, change: Callable[[Page], None]) -> None:
    """CL-02, CL-03: nothing of such a segment is used, and the connection closes."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.relay.append(w.forger.seal("one"))
            w.relay.append(w.forger.seal("two"))
            before = w.reader.cursor()
            w.relay.lie = page_lie(change)
            with pytest.raises(ProtocolError) as failure:
                await w.reader.pull()
            assert failure.value.reject_class == "cursor.gap"
            assert w.reader.cursor() == before and w.texts == [] and not w.reader.group.state.connected

    run(scenario)


def test_has_more_without_progress(tmp_path: Path) -> None:
    """CL-04."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.relay.lie = page_lie(lambda page: setattr(page, "has_more", True))
            with pytest.raises(ProtocolError, match="moves nothing"):
                await w.reader.pull()

    run(scenario)


def test_live_delivery_with_a_gap_in_cursors(tmp_path: Path) -> None:
    """RL-44, CL-02: a Deliver is a segment like any other."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.reader.subscribe()
            session = next(s for s in w.relay.sessions if s.subscription)
            w.relay.append(w.forger.seal("live"))
            cursor = len(w.relay.log)
            session.send(session.subscription, Deliver(w.relay.segment(cursor - 1)))
            await w.until(lambda: w.texts == ["live"])
            w.relay.append(w.forger.seal("withheld"))
            w.relay.append(w.forger.seal("shown"))
            session.send(session.subscription, Deliver(w.relay.segment(cursor + 1)))
            await w.until(lambda: not w.reader.group.state.connected)
            assert w.texts == ["live"]

    run(scenario)


def test_unknown_sender_is_asked_for_once(tmp_path: Path) -> None:
    """CL-09: a stranger's envelope is held after one ListDevices, until its record becomes known."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.relay.records.clear()
            stranger = DeviceKeys.derive(bytes(32), w.forger.keys.group_id)
            content = ContentMessage(bytes(16), "hi", None, None, 1)
            sealed = seal_envelope(
                stranger.group_id, stranger.device_key, stranger.signing_seed, 0, w.forger.secret, Head(), content
            )
            w.relay.append(sealed.envelope)
            await w.reader.pull()
            assert w.texts == [] and w.seen(Rejected) == []
            w.relay.records[stranger.device_key] = stranger.member_record(w.forger.secret, 0)
            w.relay.append(w.forger.seal("known"))
            await w.reader.pull()
            assert w.texts == ["known"]  # every sender of that segment is known: nobody is asked
            w.reader.require_member().receiver.add_records([w.relay.records[stranger.device_key]])
            assert w.texts == ["known", "hi"]  # CL-12

    run(scenario)


def rolled_back(session: Session, request: Any, answer: Any) -> Any:
    """RL-42: a relay that lost the end of its log is honest about it."""
    lost = isinstance(request, Pull) and request.after > len(session.relay.log)
    return Error(ErrorCode.ROLLED_BACK) if lost else answer


def test_rollback(tmp_path: Path) -> None:
    """CL-06: reported, read again without delivering twice, and own envelopes pushed again."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await (await w.reader.push("mine")).acknowledged()
            w.relay.append(w.forger.seal("one"))
            await w.reader.pull()
            await w.reader.group.disconnect()
            w.relay.log[:] = [w.relay.log[-1]]
            w.relay.log[0].cursor = 1
            w.relay.heads.clear()
            w.relay.lie = rolled_back
            messages = await w.reader.pull(0)
            assert w.texts == ["one"] and len(w.seen(RolledBack)) == 1
            own = [e for e in w.relay.log if parse_header(e.header).sender_key == w.reader.group.device_key]
            assert [parse_header(e.header).sequence for e in own] == [1, 2]  # its announcement and its message
            assert [m.text for m in messages] == ["one"]
            assert [m.text for m in await w.reader.pull(0)] == ["one", "mine"]

    run(scenario)


def test_a_relay_that_went_back_is_read_before_it_is_written_to(tmp_path: Path) -> None:
    """CL-06: a push first would hide what was lost."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.relay.append(w.forger.seal("one"))
            await w.reader.pull()
            await w.reader.group.disconnect()
            w.relay.log.pop()
            w.relay.lie = rolled_back
            w.relay.requests.clear()
            await (await w.reader.push("mine")).acknowledged()
            kinds = [type(r) for r in w.relay.requests if isinstance(r, Pull | Push)]
            assert kinds == [Pull, Pull, Push] and len(w.seen(RolledBack)) == 1

    run(scenario)


def test_expired(tmp_path: Path) -> None:
    """CL-08."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            start = w.reader.cursor()
            w.relay.append(w.forger.seal("one"))
            w.relay.append(w.forger.seal("two"))

            def change(page: Page) -> None:
                assert page.segment is not None
                page.segment.envelopes.clear()
                page.segment.removed_through = page.segment.next

            w.relay.lie = page_lie(change)
            await w.reader.pull()
            assert (
                w.seen(Expired) == [Expired(w.relay.node_id, start + 1, start + 2)] and w.reader.cursor() == start + 2
            )
            await w.reader.pull()
            last = [r for r in w.relay.requests if isinstance(r, Pull)][-1]
            assert (last.after, last.hash_at_after) == (start + 2, b"")  # RL-42: that envelope never came

    run(scenario)
