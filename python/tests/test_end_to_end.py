"""Python devices against the TypeScript relay over real QUIC."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zerok_sync import ErrorCode, Fork, MemberJoined, Message, ProtocolError, SyncSession
from zerok_sync.clock import Clock
from zerok_sync.limits import RECONNECT_MS_MAX
from zerok_sync.options import Mode

from .conftest import Relay


async def two_devices(
    relay: str, tmp_path: Path, mode: Mode, clock: Clock | None = None
) -> tuple[SyncSession, SyncSession]:
    laptop = await SyncSession.new(None, [relay], dir=tmp_path / "laptop", mode=mode, device_name="laptop", clock=clock)
    phone = await SyncSession.new(None, [], dir=tmp_path / "phone", mode=mode, device_name="phone", clock=clock)
    await phone.pair_join(await laptop.pair())
    return laptop, phone


@pytest.mark.parametrize("mode", ["hybrid", "classical"])
def test_pair_push_pull(relay: Relay, tmp_path: Path, mode: Mode) -> None:
    """PA-14 to PA-22, CL-20, RL-40, RL-44: pairs, pushes both ways, pulls, and goes on live."""

    async def scenario() -> None:
        # CL-35, HS-13: a pinned KEM key forbids the classical mode, so that one gets the address alone.
        laptop, phone = await two_devices(relay.relay if mode == "hybrid" else relay.address, tmp_path, mode)
        joined: list[MemberJoined] = []
        laptop.on_event = lambda event: joined.append(event) if isinstance(event, MemberJoined) else None
        async with laptop, phone:
            live: list[Message] = []
            two = asyncio.Event()

            def take(message: Message) -> None:
                live.append(message)
                if len(live) == 2:
                    two.set()

            phone.on_message = take
            await phone.subscribe()
            first = await laptop.push("hello")
            second = await laptop.push(b"\x00" * 1000, metadata="{}")
            assert (await first.acknowledged()).durable
            assert (await second.acknowledged()).cursor == 4  # after two announcements and the first
            async with asyncio.timeout(10):
                await two.wait()
            assert [(m.text, m.data) for m in live] == [("hello", None), (None, b"\x00" * 1000)]
            await (await phone.push("hi")).acknowledged()
            messages = await laptop.pull(0)
            assert [(m.sender == laptop.group.device_key, m.text) for m in messages] == [
                (True, "hello"),
                (True, None),
                (False, "hi"),
            ]
            assert [(j.device, j.name) for j in joined] == [(phone.group.device_key, "phone")]
            assert laptop.cursor() == 5

    asyncio.run(scenario())


def test_typescript_second_device(relay: Relay, tmp_path: Path, cli: Callable[..., list[dict[str, Any]]]) -> None:
    """A Python device and the TypeScript command line are one group, in both directions of pairing."""

    async def scenario() -> None:
        async with await SyncSession.new(None, [relay.relay], dir=tmp_path / "python", device_name="python") as python:
            joined: list[MemberJoined] = []
            python.on_event = lambda event: joined.append(event) if isinstance(event, MemberJoined) else None
            invite = await python.pair("four words of a list")
            phrase = tmp_path / "passphrase"
            phrase.write_text("four words of a list")
            await asyncio.to_thread(
                cli, "pair", "--join", "-", "--device-name", "ts", "--passphrase-file", str(phrase), stdin=invite
            )
            await (await python.push("from Python")).acknowledged()
            await asyncio.to_thread(cli, "push", "from TypeScript")
            pulled = await asyncio.to_thread(cli, "pull")
            assert [m["content"] for m in pulled if m["type"] == "message"] == ["from Python"]
            assert [m.text for m in await python.pull(0)] == ["from Python", "from TypeScript"]
            assert [j.name for j in joined] == ["ts"]

            second = await asyncio.to_thread(cli, "pair", "--create")
            async with await SyncSession.new(None, [], dir=tmp_path / "third", device_name="third") as third:
                await third.pair_join(second[0]["invite"])
                assert [m.text for m in await third.pull(0)] == ["from Python", "from TypeScript"]

    asyncio.run(scenario())


def test_wrong_passphrase_can_be_tried_again(relay: Relay, tmp_path: Path) -> None:
    """PA-09, PA-14: the claim stays bound to this device's token; a used invite is refused. PA-15."""

    async def scenario() -> None:
        async with await SyncSession.new(None, [relay.relay], dir=tmp_path / "a") as a:
            invite = await a.pair("the right four words")
        async with await SyncSession.new(None, [], dir=tmp_path / "b") as b:
            with pytest.raises(ProtocolError) as refused:
                await b.pair_join(invite, "wrong")
            assert refused.value.reject_class == "invite.parse"
            await b.pair_join(invite, "the right four words")
        async with await SyncSession.new(None, [], dir=tmp_path / "c") as c:
            with pytest.raises(ProtocolError) as used:
                await c.pair_join(invite, "the right four words")
            assert used.value.code is ErrorCode.INVITE_UNAVAILABLE

    asyncio.run(scenario())


def test_restored_from_a_copy(relay: Relay, tmp_path: Path) -> None:
    """CL-21: a device that is behind its own chain pulls, fast-forwards over what it verified, and goes on."""

    async def scenario() -> None:
        async with await SyncSession.new(None, [relay.relay], dir=tmp_path / "device") as device:
            device.create_group()
            await (await device.push("one")).acknowledged()
        shutil.copytree(tmp_path / "device", tmp_path / "copy")
        async with await SyncSession.new(None, [], dir=tmp_path / "device") as device:
            await (await device.push("two")).acknowledged()
        async with await SyncSession.new(None, [], dir=tmp_path / "copy") as copy:
            assert (await (await copy.push("three")).acknowledged()).cursor == 4  # the announcement is the first
            assert [m.text for m in await copy.pull(0)] == ["one", "two", "three"]
        async with await SyncSession.new(None, [], dir=tmp_path / "device") as device:
            forks: list[Fork] = []
            device.on_event = lambda event: forks.append(event) if isinstance(event, Fork) else None
            await (await device.push("four")).acknowledged()
            assert not forks

    asyncio.run(scenario())


def test_survives_a_killed_relay(mortal_relay: Relay, tmp_path: Path) -> None:
    """CL-20, CL-23, CL-36: what was pushed while the relay was dead is delivered once after it is back."""

    async def scenario() -> None:
        clock = Clock()
        laptop, phone = await two_devices(mortal_relay.relay, tmp_path, "hybrid", clock)
        async with laptop, phone:
            received: list[Message] = []
            done = asyncio.Event()

            def take(message: Message) -> None:
                received.append(message)
                if message.text == "after":
                    done.set()

            phone.on_message = take
            await phone.subscribe()
            await laptop.subscribe()
            await (await laptop.push("before")).acknowledged()
            await asyncio.to_thread(mortal_relay.stop, True)
            pending = await laptop.push("while it was dead")
            await asyncio.to_thread(mortal_relay.start)
            clock.advance(2 * RECONNECT_MS_MAX)  # instead of waiting until they dial again
            async with asyncio.timeout(60):
                await (await laptop.push("after")).acknowledged()
                assert (await pending.acknowledged()).durable
                await done.wait()
            assert [m.text for m in received] == ["before", "while it was dead", "after"]

    asyncio.run(scenario())
