"""A device with many groups, and what an app is promised of its pushes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from zerok_sync import (
    ArgumentError,
    Closed,
    Device,
    Draft,
    Group,
    ProtocolError,
    open_device,
)
from zerok_sync.limits import CONTENT_BYTES_MAX

from .groups import everything, relayed, texts
from .world import run


def test_local_log_without_a_relay(tmp_path: Path) -> None:
    """EN-36: own messages are in the log when push returns, by position and topic, also after a restart."""

    async def scenario() -> None:
        async with open_device(tmp_path / "a", name="laptop") as device:
            group = await device.create_group()
            first = await group.push("one", topic="todos")
            more = await group.push_all([Draft(b"\1"), Draft("two", topic="todos", metadata="{}")])
            assert [first.position, *(r.position for r in more)] == [1, 2, 3] == [1, 2, group.log.head]
            assert not first.stored and group.state.queued == 4  # the announcement too
        async with open_device(tmp_path / "a") as device:
            (group,) = device.groups
            assert texts(await everything(group)) == ["one", b"\1", "two"]
            assert texts(await everything(group, topic="todos", after=1)) == ["two"]
            assert texts(await everything(group, limit=2)) == ["one", b"\1"]
            ((message, *_),) = await everything(group, topic="todos")
            assert message.own and message.sender == group.device_key and message.sender_name == "laptop"
            assert (message.topic, message.id, message.cursor) == ("todos", first.id, None)

    run(scenario)


def test_many_groups_in_one_directory(tmp_path: Path) -> None:
    """Each has its own log, keys and queue; forgetting one leaves the others."""

    async def scenario() -> None:
        async with open_device(tmp_path) as device:
            before = device.groups
            one, two = await device.create_group(), await device.create_group()
            assert device.groups == (one, two) and device.groups is device.groups is not before
            assert one.device_key != two.device_key and device.group(one.id) is one
            await one.push("of one", id=bytes(16))
            await two.push("of two", id=bytes(16))
            assert texts(await everything(one)) == ["of one"] and two.log.head == 1
            await one.log.process("index", lambda page, tx: None, live=False)
            await device.forget_group(one.id)
            assert device.groups == (two,) and device.group(one.id) is None
            assert await device.tables.all("SELECT * FROM zerok_sync_cursor") == []
            with pytest.raises(Closed):
                await one.push("late")
        async with open_device(tmp_path) as device:
            (two,) = device.groups
            assert texts(await everything(two)) == ["of two"]

    run(scenario)


def test_in_memory_and_twice_closed() -> None:
    async def scenario() -> None:
        device = await open_device(None)
        group = await device.create_group()
        await group.push("kept nowhere")
        assert texts(await everything(group)) == ["kept nowhere"]
        await device.close()
        await device.close()
        with pytest.raises(Closed):
            await device.create_group()

    run(scenario)


def test_state_changes_identity_only_when_it_changes(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with open_device(tmp_path) as device:
            group, seen = await device.create_group(), []
            state = group.state
            assert group.state is state and not state.connected
            unsubscribe = group.subscribe(lambda: seen.append(group.state))
            await group.push("one")
            await asyncio.sleep(0)
            assert [s.head for s in seen] == [1] and group.state is seen[0] is not state
            unsubscribe()
            await group.push("two")
            await asyncio.sleep(0)
            assert len(seen) == 1

    run(scenario)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        pytest.param(lambda d, g: g.push(None), TypeError, id="no content"),
        pytest.param(lambda d, g: g.push("a\ud800b"), ArgumentError, id="a lone surrogate"),
        pytest.param(lambda d, g: g.push("x" * (CONTENT_BYTES_MAX + 1)), ArgumentError, id="too much content"),
        pytest.param(lambda d, g: g.push("x", metadata={"a": 1}), TypeError, id="metadata that is no text"),
        pytest.param(lambda d, g: g.push("x", metadata="\udfff"), ArgumentError, id="metadata with a lone surrogate"),
        pytest.param(lambda d, g: g.push("x", id=b"short"), ArgumentError, id="a short id"),
        pytest.param(lambda d, g: g.push("x", id="text"), TypeError, id="an id that is text"),
        pytest.param(lambda d, g: g.push("x", topic="t" * 65), ArgumentError, id="a long topic"),
        pytest.param(lambda d, g: g.push("x", topic=None), TypeError, id="no topic"),
        pytest.param(lambda d, g: g.push("x", collapse_key=1), TypeError, id="a key that is no text"),
        pytest.param(lambda d, g: g.push_all(["x"]), TypeError, id="an item that is no Draft"),
        pytest.param(lambda d, g: everything(g, after=-1), ArgumentError, id="a negative position"),
        pytest.param(lambda d, g: everything(g, after=True), TypeError, id="a position that is a bool"),
        pytest.param(lambda d, g: everything(g, topic=b""), TypeError, id="a topic that is bytes"),
        pytest.param(lambda d, g: g.log.process("", print), ArgumentError, id="a cursor without a name"),
        pytest.param(lambda d, g: g.log.process("a", None), TypeError, id="no handler"),
        pytest.param(lambda d, g: g.log.move_cursor("a", 99), ArgumentError, id="beyond the head"),
        pytest.param(lambda d, g: g.log.prune(-1), ArgumentError, id="a negative prune"),
        pytest.param(lambda d, g: g.add_relay("not a relay"), ArgumentError, id="no relay"),
        pytest.param(lambda d, g: g.trust_relay("host:1"), ArgumentError, id="no keys"),
        pytest.param(lambda d, g: d.create_group("host"), TypeError, id="relays that are a text"),
        pytest.param(lambda d, g: d.create_group(["a:1", "b:2"]), ArgumentError, id="two relays"),
        pytest.param(lambda d, g: d.create_group([], access_token="t" * 999), ArgumentError, id="a long token"),
        pytest.param(lambda d, g: d.join(7), TypeError, id="an invite that is a number"),
        pytest.param(lambda d, g: d.join("0ksync:nonsense"), ProtocolError, id="a broken invite"),
        pytest.param(lambda d, g: d.forget_group(bytes(32)), ArgumentError, id="an unknown group"),
    ],
)
def test_wrong_arguments_change_nothing(
    make: Callable[[Device, Group], Awaitable[Any]], error: type[Exception]
) -> None:
    """EN-15, EN-16, EN-36: each is refused with its name, and no group, message or cursor is left behind."""

    async def scenario() -> None:
        async with open_device(None) as device:
            group = await device.create_group()
            with pytest.raises(error):
                await make(device, group)
            assert device.groups == (group,) and group.log.head == 0 and group.log.cursors() == ()
            assert device._store.slots() == [1]

    run(scenario)


def test_wrong_options() -> None:
    for options in ({"mode": "quantum"}, {"tofu_mode": "lax"}, {"name": "n" * 65}):
        with pytest.raises(ArgumentError):
            open_device(None, **options)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        open_device(7)  # type: ignore[arg-type]


def test_a_used_id(tmp_path: Path) -> None:
    """CL-20, EN-16: the same content is a retry, other content an error; a batch with it leaves nothing."""

    async def scenario() -> None:
        async with open_device(tmp_path) as device:
            group = await device.create_group()
            first = await group.push("one", id=b"1" * 16)
            again = await group.push("one", id=b"1" * 16)
            assert again.position == first.position and group.log.head == 1
            with pytest.raises(ArgumentError, match="other content"):
                await group.push_all([Draft("two"), Draft("other", id=b"1" * 16)])
            with pytest.raises(ArgumentError):
                await group.push("one", id=b"1" * 16, topic="another")
            good, bad = await asyncio.gather(group.push("three"), group.push("x", id=b"1" * 16), return_exceptions=True)
            assert isinstance(bad, ArgumentError) and not isinstance(good, BaseException)
            assert texts(await everything(group)) == ["one", "three"]

    run(scenario)


def test_pushes_of_one_turn_share_a_commit(tmp_path: Path) -> None:
    """CL-20: 1,000 unawaited pushes are a handful of transactions, in order; a cancelled one pushes nothing."""

    async def scenario() -> None:
        async with open_device(tmp_path) as device:
            group, commits = await device.create_group(), []
            device._store.db.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
            await asyncio.gather(*(group.push(str(i)) for i in range(1000)))
            assert len(commits) == 4
            cancelled = asyncio.create_task(group.push("never"))
            await asyncio.sleep(0)
            cancelled.cancel()
            await group.push("last")
            assert texts(await everything(group)) == [*map(str, range(1000)), "last"]

    run(scenario)


def test_collapsed_messages(tmp_path: Path) -> None:
    """A queued message with the same key is replaced; its receipt follows the newer one, and its position is empty."""

    async def scenario() -> None:
        async with relayed(tmp_path) as (relay, device, group):
            device.set_online(False)
            first = await group.push("draft 1", collapse_key="cursor")
            other = await group.push("other")
            waiting = asyncio.create_task(first.acknowledged())
            await asyncio.sleep(0)
            second = await group.push("draft 2", collapse_key="cursor")
            third = await group.push("draft 3", collapse_key="cursor")
            assert texts(await everything(group)) == ["other", "draft 3"]
            assert [first.position, other.position, second.position, third.position] == [1, 2, 3, 4]
            device.set_online(True)
            acknowledged = await third.acknowledged()
            assert await waiting == acknowledged == await second.acknowledged()
            assert first.stored and third.stored and group.log.head == 4
            fourth = await group.push("draft 4", collapse_key="cursor")  # the third was sealed
            await fourth.acknowledged()
            assert texts(await everything(group)) == ["other", "draft 3", "draft 4"]

    run(scenario)
