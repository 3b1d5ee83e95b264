"""A device that is killed at every step applies each message exactly once. Steps are counted, no time is measured."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from zerok_sync import Device, Draft, Group, Page, SqliteTarget, open_device

from .conftest import Relay

MESSAGES = 6
IDS = [bytes([number]) * 16 for number in range(MESSAGES)]


def count(page: Page, tx: sqlite3.Connection) -> None:
    query = "INSERT INTO seen(id, times) VALUES (?, 1) ON CONFLICT DO UPDATE SET times = times + 1"
    for message in page:
        tx.execute(query, (message.id,))


async def live(directory: Path, own_database: bool, watch: Callable[[sqlite3.Connection], None]) -> None:
    """What the app does in every life: it makes its group once, pushes, and applies what is in the log."""
    async with open_device(directory / "device") as device:
        watch(device._store.db)
        target = app_database(device, directory, own_database)
        watch(target.connection)
        group = device.groups[0] if device.groups else await device.create_group()
        await group.push("alone", id=IDS[0])
        await group.push_all([Draft("together", id=IDS[1]), Draft("together", id=IDS[2])])
        await apply(group, target)
        await asyncio.gather(*(group.push("in one turn", id=message_id) for message_id in IDS[3:]))
        await apply(group, target)


async def apply(group: Group, target: SqliteTarget) -> None:
    await group.log.process("index", count, into=target, live=False)


def app_database(device: Device, directory: Path, own: bool) -> SqliteTarget:
    target = SqliteTarget(sqlite3.connect(directory / "app.db")) if own else device.tables.target
    target.connection.execute("CREATE TABLE IF NOT EXISTS seen(id BLOB PRIMARY KEY, times INTEGER NOT NULL)")
    return target


async def live_with_a_relay(directory: Path, own_database: bool, watch: Callable[[sqlite3.Connection], None]) -> None:
    """As live(), in the group that is there, until a relay has stored everything."""
    async with open_device(directory / "device") as device:
        watch(device._store.db)
        target = app_database(device, directory, own_database)
        (group,) = device.groups
        await group.push_all([Draft("to a relay", id=message_id) for message_id in IDS])
        await group.flush()
        await apply(group, target)


Life = Callable[[Path, bool, Callable[[sqlite3.Connection], None]], Coroutine[Any, Any, None]]


def one_life(life: Life, directory: Path, own_database: bool, steps: int) -> None:
    """Kills itself before the statement with that number, unless it comes to its end before."""
    left = steps

    def step(statement: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(life(directory, own_database, lambda db: db.set_trace_callback(step)))


def exit_code(*arguments: Any) -> int | None:
    """Of one life, in a process of its own."""
    process = multiprocessing.get_context("fork").Process(target=one_life, args=arguments)
    process.start()
    process.join()
    return process.exitcode


def rounds(life: Life, directory: Path, own_database: bool, stride: int) -> int:
    """Lives that are killed some steps later each, in one directory, until one comes to its end; their number."""
    for number in range(1, 1000):
        code = exit_code(life, directory, own_database, 1 + (number - 1) * stride)
        if code == 0:
            return number
        assert code == -signal.SIGKILL
    raise AssertionError("no life comes to its end")


def check(directory: Path, own_database: bool) -> None:
    async def look() -> None:
        async with open_device(directory / "device", offline=True) as device:
            (group,) = device.groups
            target = app_database(device, directory, own_database)
            await apply(group, target)
            assert dict(target.connection.execute("SELECT id, times FROM seen")) == dict.fromkeys(IDS, 1)
            ids = [message.id async for page in group.log.read() for message in page]
            assert sorted(ids) == IDS
            assert len(group.queue.list()) == MESSAGES

    asyncio.run(look())


def test_killed_between_steps_with_the_librarys_tables(tmp_path: Path) -> None:
    """CL-20: a life that is killed later each time; a group is made once, each message is pushed and applied once."""
    assert rounds(live, tmp_path, own_database=False, stride=2) >= 24
    check(tmp_path, own_database=False)


def test_killed_between_steps_with_the_apps_database(tmp_path: Path) -> None:
    """CL-20: as above, the cursor being in the app's own database."""
    assert rounds(live, tmp_path, own_database=True, stride=2) >= 24
    check(tmp_path, own_database=True)


def test_killed_anywhere_from_a_fresh_directory(tmp_path: Path) -> None:
    """GR-12: a first life is killed, also while the store is made; the next life does the rest."""
    for number in range(1, 200, 9):
        directory = tmp_path / str(number)
        directory.mkdir()
        exit_code(live, directory, False, number)
        assert exit_code(live, directory, False, 0) == 0
        check(directory, own_database=False)


def test_killed_while_a_relay_stores(relay: Relay, tmp_path: Path) -> None:
    """CL-22, CL-23: the other device applies each message once, and misses none."""

    async def make() -> None:
        async with (
            open_device(tmp_path / "device") as device,
            open_device(tmp_path / "other") as other,
        ):
            group = await device.create_group([relay.relay])
            await other.join(await group.invite())

    async def look() -> None:
        async with open_device(tmp_path / "other") as other:
            (joined,) = other.groups
            await joined.caught_up()
            messages = [message async for page in joined.log.read() for message in page]
            assert [message.id for message in messages] == IDS
            assert joined.completeness().sequences == {}

    asyncio.run(make())
    assert rounds(live_with_a_relay, tmp_path, own_database=False, stride=6) >= 12
    asyncio.run(look())
