"""zerok_sync.testing: an app's tests need no socket and no pause, and its relay keeps the rules."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest

from zerok_sync import ArgumentError, Event, Expired, Expiring, Group, Message, Page, ProtocolError, RelayUnreachable
from zerok_sync.limits import RECONNECT_MS_MAX
from zerok_sync.testing import TestWorld

from .groups import everything, texts
from .world import run


async def pair(world: TestWorld) -> tuple[Group, Group]:
    laptop = await world.open_device("laptop")
    phone = await world.open_device("phone")
    group = await laptop.create_group([world.relay.address])
    return group, await phone.join(await group.invite())


def test_offline_and_back() -> None:
    """What is written offline is queued, and arrives when the device is online again; no time passes."""

    async def scenario() -> None:
        async with TestWorld() as world:
            group, joined = await pair(world)
            world.go_offline("laptop")
            receipt = await group.push("written on a train")
            with pytest.raises(RelayUnreachable):
                await group.invite()
            world.go_online("laptop")
            await group.flush()
            await joined.caught_up()
            assert receipt.stored and texts(await everything(joined)) == ["written on a train"]

    run(scenario)


def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket is opened."""

    async def scenario() -> None:
        monkeypatch.setattr(socket, "socket", lambda *arguments, **options: pytest.fail("a socket"))
        async with TestWorld() as world:
            laptop = await world.open_device("laptop")
            group = await laptop.create_group([world.relay.address])
            await group.push("here")
            await group.flush()
            assert world.relay.stored_count == 2

    run(scenario)


def test_messages_come_live() -> None:
    """A handler gets what others push as soon as it has arrived; settle() waits for that."""

    async def scenario() -> None:
        async with TestWorld() as world:
            group, joined = await pair(world)
            seen: list[str | bytes] = []

            def show(page: Page, tx: object) -> None:
                seen.extend(message.content for message in page)

            showing = asyncio.create_task(joined.log.process("show", show))
            await world.settle()
            for text in ("one", "two"):
                await group.push(text)
                await world.settle()
                assert seen[-1] == text
            showing.cancel()

    run(scenario)


def test_a_relay_that_crashes() -> None:
    """Nothing acknowledged is lost, and what was pushed meanwhile is stored when the next attempt falls due."""

    async def scenario() -> None:
        async with TestWorld() as world:
            group, joined = await pair(world)
            await group.push("before")
            await group.flush()
            world.relay.stop()
            await group.push("meanwhile")
            await world.settle()
            assert not group.state.connected and group.state.queued == 1
            world.relay.start()
            await world.clock.advance(RECONNECT_MS_MAX / 1000)
            assert group.state.connected and group.state.queued == 0
            await joined.caught_up()
            assert texts(await everything(joined)) == ["before", "meanwhile"]

    run(scenario)


def test_a_device_that_starts_again(tmp_path: Path) -> None:
    """Opened again under its name, a device is as its data directory has it."""

    async def scenario() -> None:
        async with TestWorld() as world:
            laptop = await world.open_device("laptop", tmp_path)
            group = await laptop.create_group([world.relay.address])
            world.go_offline("laptop")
            await group.push("kept")
            again = await world.open_device("laptop", tmp_path)
            await again.groups[0].flush()
            assert again.groups[0].id == group.id and world.relay.stored_count == 2

    run(scenario)


def test_what_a_relay_removes() -> None:
    """SE-18, CL-29, CL-08: the app is told before, and of what is missing afterwards."""

    async def scenario() -> None:
        async with TestWorld() as world:
            world.relay.expires_after_s = 30 * 86_400
            group, joined = await pair(world)
            events: list[Event | Message] = []
            joined.on_event(events.append)
            await joined.caught_up()
            world.go_offline("phone")
            await group.push("unread")
            await group.flush()
            await world.clock.advance(22.5 * 86_400)
            told = [event for event in events if isinstance(event, Expiring)]
            assert [event.what for event in told] == ["unread"]
            assert world.clock.now_ms + 7.5 * 86_400_000 == pytest.approx(told[0].at_ms, abs=60_000)
            world.relay.expire_all()
            assert world.relay.stored_count == 0
            world.go_online("phone")
            await joined.caught_up()
            (expired,) = [event for event in events if isinstance(event, Expired)]
            assert joined.completeness().cursors == {expired.relay: [(expired.first, expired.last)]}
            assert await everything(joined) == []

    run(scenario)


def test_an_invite_is_used_once() -> None:
    """PA-14 to PA-17: neither a second time, nor after it was cancelled, nor when it is too old."""

    async def scenario() -> None:
        async with TestWorld() as world:
            group, _ = await pair(world)
            tablet = await world.open_device("tablet")
            cancelled, old = await group.invite(), await group.invite()
            await group.cancel_invite(cancelled)
            await world.clock.advance(16 * 60)
            for invite in (cancelled, old):
                with pytest.raises(ProtocolError):
                    await tablet.join(invite)
            used = await group.invite()
            await tablet.join(used)
            with pytest.raises(ProtocolError):
                await (await world.open_device("another")).join(used)

    run(scenario)


def test_long_logs_and_many_pushes() -> None:
    """RL-40, CL-04, CL-71: several pages, and several Pushes on their way."""

    async def scenario() -> None:
        async with TestWorld() as world:
            group, joined = await pair(world)
            await asyncio.gather(*(group.push("x" * 4000 + str(i)) for i in range(600)))
            await group.flush()
            await joined.caught_up()
            assert [str(t)[4000:] for t in texts(await everything(joined))] == [str(i) for i in range(600)]

    run(scenario)


def test_a_device_that_is_not_there() -> None:
    async def scenario() -> None:
        async with TestWorld() as world:
            with pytest.raises(ArgumentError, match="open_device"):
                world.go_offline("laptop")

    run(scenario)
