"""Calls that are cancelled while a relay owes an answer: nothing is left half made. PA-20, CL-23."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from zerok_sync import Group, Progress, open_device
from zerok_sync.wire.messages import Hello, MailboxAck, MailboxClaim, Pull, Push, Subscribe

from .fake_relay import FakeRelay, Session
from .groups import everything, relayed, texts
from .world import run


class Withheld:
    """Answers no request of one kind until it is lifted."""

    def __init__(self, relay: FakeRelay, kind: type) -> None:
        self._relay, self._kind = relay, kind
        self._asked = asyncio.Event()
        self._closed = asyncio.Event()
        relay.lie, relay.on_close = self._lie, self._closed.set

    def _lie(self, session: Session, request: Any, answer: Any) -> Any:
        if not isinstance(request, self._kind):
            return answer
        self._asked.set()
        return None

    async def cancel(self, call: Awaitable[Any]) -> None:
        """Cancels a call that waits for that answer."""
        task = asyncio.ensure_future(call)
        await self._asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        self._relay.lie = lambda session, request, answer: answer

    async def closed(self) -> None:
        """Once the relay has seen a connection end."""
        await self._closed.wait()


@pytest.mark.parametrize("kind", [MailboxClaim, MailboxAck, Hello, Push])
def test_a_cancelled_join(tmp_path: Path, kind: type) -> None:
    """PA-20: before the group has arrived it leaves nothing, and the invite still works; after that, a whole member."""

    async def scenario() -> None:
        async with relayed(tmp_path) as (relay, _, group), open_device(tmp_path / "phone", name="phone") as phone:
            await group.push("early")
            await group.flush()
            invite = await group.invite()
            withheld = Withheld(relay, kind)
            await withheld.cancel(phone.join(invite))
            if kind is MailboxClaim:
                await withheld.closed()
                assert phone.groups == () and phone._store.slots() == []
                await phone.join(invite)
            (joined,) = phone.groups
            await joined.push("late")
            await joined.flush()
            await joined.caught_up()
            assert sorted(texts(await everything(joined))) == ["early", "late"]

    run(scenario)


CALLS: list[tuple[type, Callable[[Group], Awaitable[Any]]]] = [
    (Hello, lambda group: group.connect()),
    (Hello, lambda group: group.invite()),
    (Hello, lambda group: group.flush()),
    (Push, lambda group: group.flush()),
    (Pull, lambda group: group.caught_up()),
    (Subscribe, lambda group: group.connect()),
]


@pytest.mark.parametrize(("kind", "call"), CALLS)
def test_a_cancelled_call(tmp_path: Path, kind: type, call: Callable[[Group], Awaitable[Any]]) -> None:
    """The next call works, and what was pushed is stored once."""

    async def scenario() -> None:
        async with relayed(tmp_path) as (relay, _, group):
            await group.push("once")
            withheld = Withheld(relay, kind)
            await withheld.cancel(call(group))
            await group.reconnect()
            await group.flush()
            await group.caught_up()
            assert texts(await everything(group)) == ["once"] and len(relay.log) == 2

    run(scenario)


def test_a_cancelled_connect_leaves_no_connection(tmp_path: Path) -> None:
    """The relay sees it end at once."""

    async def scenario() -> None:
        async with relayed(tmp_path) as (relay, device, group):
            withheld = Withheld(relay, Hello)
            await withheld.cancel(group._member.links.reach(group._member.keys))
            await withheld.closed()
            assert not group.state.connected
            await group.connect()

    run(scenario)


def test_progress(tmp_path: Path) -> None:
    """A join tells of its steps, and caught_up() of the relay's cursors: both end with `done` at `total`."""

    async def scenario() -> None:
        async with relayed(tmp_path) as (_, _, group), open_device(None, name="phone") as phone:
            await group.push_all([])
            for text in ("a", "b"):
                await group.push(text)
            await group.flush()
            steps: list[Progress] = []
            joined = await phone.join(await group.invite(), on_progress=steps.append)
            assert steps == [Progress(done, 4, 0) for done in (1, 2, 3, 4)]
            read: list[Progress] = []
            await joined.caught_up(on_progress=read.append)
            assert read[-1] == Progress(4, 4, 0)

    run(scenario)
