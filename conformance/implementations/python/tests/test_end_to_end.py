"""Python devices against the TypeScript relay over real QUIC."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zerok_sync import ErrorCode, MemberJoined, Message, ProtocolError, SyncSession
from zerok_sync.session import Mode

from .conftest import Relay


async def two_devices(relay: str, tmp_path: Path, mode: Mode) -> tuple[SyncSession, SyncSession]:
    laptop = await SyncSession.new(None, [relay], dir=tmp_path / "laptop", mode=mode, device_name="laptop")
    phone = await SyncSession.new(None, [], dir=tmp_path / "phone", mode=mode, device_name="phone")
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
            assert (await second.acknowledged()).cursor == 3  # after the announcement and the first
            async with asyncio.timeout(10):
                await two.wait()
            assert [(m.text, m.data) for m in live] == [("hello", None), (None, b"\x00" * 1000)]
            await (await phone.push("hi")).acknowledged()
            messages = await laptop.pull(0)
            assert [(m.sender == laptop.device_key, m.text) for m in messages] == [
                (True, "hello"),
                (True, None),
                (False, "hi"),
            ]
            assert [(j.device, j.name) for j in joined] == [(phone.device_key, "phone")]
            assert laptop.cursor() == 4

    asyncio.run(scenario())
