"""A group and its relay: found later, lost, refused, and closed when nobody uses it."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from zerok_sync import (
    ArgumentError,
    Closed,
    Draft,
    ErrorCode,
    Message,
    Page,
    ProtocolError,
    RelayUnreachable,
    Retention,
    StoreError,
    SyncError,
    open_device,
)
from zerok_sync.background import LINK_LINGER_MS
from zerok_sync.limits import RECONNECT_MS_MAX
from zerok_sync.wire.messages import Bye, Error, Push, PushAck, PushResult, PushStatus, Subscribe

from .fake_relay import FakeRelay, Session
from .groups import everything, relayed, texts
from .world import run


def test_a_group_gets_a_relay_later(tmp_path: Path) -> None:
    """What was pushed before is sent; until then flush and invite say what is missing. GR-02, SE-12."""

    async def scenario() -> None:
        relay = FakeRelay()
        await relay.start(tmp_path)
        async with open_device(None, name="laptop") as device:
            group = await device.create_group()
            receipt = await group.push("early")
            await group.caught_up()
            for call in (group.flush, group.invite, receipt.acknowledged):
                with pytest.raises(RelayUnreachable) as refused:
                    await call()
                assert "add_relay" in refused.value.hint
            await group.add_relay(relay.relay)
            assert (await receipt.acknowledged()).cursor == 2 and receipt.stored
            await group.flush()
            assert group.state.connected and group.state.queued == 0 and group.state.relays[0].connected
            assert group.state.relays[0].retention == Retention(None, None)  # CL-19
            with pytest.raises(ArgumentError):
                await group.add_relay("other.example:1")
            async with open_device(None, name="phone") as phone:
                joined = await phone.join(await group.invite("four words of a list"), "four words of a list")
                await joined.caught_up()
                assert texts(await everything(joined)) == ["early"]
                ((message,),) = await everything(joined)
                assert message.sender_name == "laptop" and not message.own and message.received_at_ms == 1
                assert [d.name for d in joined.devices()] == ["laptop", "phone"]
                with pytest.raises(SyncError, match="already"):
                    await phone.join(await joined.invite())
                assert phone.groups == (joined,)
        relay.stop()

    run(scenario)


def test_a_push_sends_by_itself_and_after_a_restart(tmp_path: Path) -> None:
    """CL-20, CL-23: nobody calls connect(); what an earlier life queued is sent when the device is opened."""

    async def scenario() -> None:
        relay = FakeRelay()
        await relay.start(tmp_path)
        async with open_device(tmp_path / "device", offline=True) as device:
            group = await device.create_group([relay.relay])
            await group.push("queued")
            assert not relay.requests
        async with open_device(tmp_path / "device") as device:
            (group,) = device.groups
            await group.flush()
            assert len(relay.log) == 2
            receipt = await group.push("now")
            assert (await receipt.acknowledged()).cursor == 3
        relay.stop()

    run(scenario)


def test_live_messages_and_progress(tmp_path: Path) -> None:
    """CL-36, RL-44: process() listens by itself."""

    async def scenario() -> None:
        async with relayed(tmp_path) as (relay, device, group), open_device(None) as phone:
            await group.push_all([Draft(str(i)) for i in range(20)])
            other = await phone.join(await group.invite())
            progress: list[tuple[int, int, int]] = []
            await other.caught_up(lambda p: progress.append((p.done, p.total, p.resumed_from)))
            assert progress[-1][0] == progress[-1][1] == len(relay.log) and progress[-1][2] == 0
            heard: list[Message] = []
            other.on_event(lambda item: heard.append(item) if isinstance(item, Message) else None)
            seen: asyncio.Queue[Message] = asyncio.Queue()

            def handler(page: Page, tx: sqlite3.Connection) -> None:
                for message in page:
                    seen.put_nowait(message)

            subscribed = asyncio.Event()
            relay.on_request = lambda: subscribed.set() if isinstance(relay.requests[-1], Subscribe) else None
            live = asyncio.create_task(other.log.process("live", handler))
            await subscribed.wait()
            await group.push("news")
            await group.flush()
            session = next(s for s in relay.sessions if s.subscription)
            session.deliver()
            for expected in [*map(str, range(20)), "news"]:
                assert (await seen.get()).content == expected
            assert [m.content for m in heard] == ["news"]
            live.cancel()

    run(scenario)


def test_flush_tells_a_refusal(tmp_path: Path) -> None:
    """CL-24, CL-60: the queue names the message, and goes on once it is dropped."""

    async def scenario() -> None:
        async with relayed(tmp_path) as (relay, device, group):
            await group.flush()
            refuse = [True]

            def lie(session: Session, request: Any, answer: Any) -> Any:
                if isinstance(request, Push) and refuse:
                    refuse.clear()
                    relay.log.pop()
                    relay.heads.pop(session.device)
                    error = Error(ErrorCode.ENVELOPE_TOO_LARGE, "", 0, None)
                    return PushAck([PushResult(PushStatus.REFUSED, 0, error)], True)
                return answer

            relay.lie = lie
            receipt = await group.push("refused")
            with pytest.raises(ProtocolError) as refused:
                await group.flush()
            assert "group.queue.drop()" in refused.value.hint and group.state.refused == (receipt.id,)
            ((queued),) = group.queue.list()
            assert (queued.id, queued.position, queued.state) == (receipt.id, 1, "refused")
            with pytest.raises(ArgumentError):
                group.queue.drop(bytes(16))
            assert group.queue.drop(receipt.id) == Draft("refused", id=receipt.id)  # CL-70
            assert (await (await group.push("next")).acknowledged()).durable
            assert texts(await everything(group)) == ["next"] and group.state.refused == ()

    run(scenario)


def test_waits_end_by_cancellation(tmp_path: Path) -> None:
    """Every long call can be bounded; what was pushed stays queued."""

    async def scenario() -> None:
        async with open_device(None) as device:
            group = await device.create_group(["127.0.0.1:9"])
            receipt = await group.push("queued")
            for call in (group.flush, group.caught_up, receipt.acknowledged):
                waiting = asyncio.create_task(call())
                for _ in range(5):
                    await asyncio.sleep(0)
                waiting.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await waiting
            assert group.state.queued == 2 and not receipt.stored
            waiting = asyncio.create_task(group.flush())
            await asyncio.sleep(0)
            await group.close()
            with pytest.raises(Closed):
                await waiting

    run(scenario)


def test_a_rejected_join_leaves_nothing(tmp_path: Path) -> None:
    """PA-20: the same invite works afterwards."""

    async def scenario() -> None:
        async with relayed(tmp_path) as (relay, device, group), open_device(None) as phone:
            invite = await group.invite("four words of a list")
            with pytest.raises(ProtocolError):
                await phone.join(invite, "wrong")
            assert phone.groups == () and phone._store.slots() == []
            assert (await phone.join(invite, "four words of a list")).id == group.id

    run(scenario)


def test_a_second_process_and_a_damaged_directory(tmp_path: Path) -> None:
    """GR-12: each is named, and the directory is given back."""

    async def scenario() -> None:
        async with open_device(tmp_path / "a"):
            with pytest.raises(StoreError, match="another process"):
                await open_device(tmp_path / "a")
        await (await open_device(tmp_path / "a")).close()
        (tmp_path / "b").mkdir()
        (tmp_path / "b/device.sqlite").write_bytes(b"no database at all" * 100)
        for _ in range(2):
            with pytest.raises(StoreError, match="cannot be used"):
                await open_device(tmp_path / "b")

    run(scenario)


def test_a_link_that_nobody_uses_is_closed(tmp_path: Path) -> None:
    """SE-20: with a Bye; the next push opens another, and one that somebody listens on stays."""

    async def scenario() -> None:
        async with relayed(tmp_path) as (relay, device, group):
            clock, closed = device._clock, asyncio.Event()
            relay.on_close = closed.set
            await group.push("one")
            await group.flush()
            clock.advance(LINK_LINGER_MS)
            await closed.wait()
            assert isinstance(relay.requests[-1], Bye) and not group.state.connected
            await group.push("two")
            await group.flush()
            assert len(relay.sessions) == 2
            await group.connect()
            live = asyncio.create_task(group.log.process("live", lambda page, tx: None))
            await group.caught_up()
            clock.advance(LINK_LINGER_MS)
            await group.caught_up()
            assert len(relay.sessions) == 2
            live.cancel()

    run(scenario)


def test_reconnects_in_time(tmp_path: Path) -> None:
    """CL-36: a push while the relay is gone is sent when it is back."""

    async def scenario() -> None:
        async with relayed(tmp_path) as (relay, device, group):
            await group.flush()
            relay.sessions[-1].end()
            device.set_online(False)
            receipt = await group.push("while it was gone")
            waiting = asyncio.create_task(receipt.acknowledged())
            await asyncio.sleep(0)
            device.set_online(True)
            device._clock.advance(RECONNECT_MS_MAX)
            assert (await waiting).durable

    run(scenario)
