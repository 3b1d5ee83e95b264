"""The local log: processed exactly once, counted and pruned."""

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
    Page,
    SqliteTarget,
    SyncError,
    open_device,
)

from .groups import everything, relayed, texts
from .world import run


def count_table(db: sqlite3.Connection) -> None:
    db.execute("CREATE TABLE IF NOT EXISTS seen(content TEXT PRIMARY KEY, times INTEGER NOT NULL DEFAULT 0)")


def apply(page: Page, tx: sqlite3.Connection) -> None:
    query = "INSERT INTO seen(content, times) VALUES (?, 1) ON CONFLICT DO UPDATE SET times = times + 1"
    for message in page:
        tx.execute(query, (message.text,))


def own_database(path: Path) -> SqliteTarget:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    count_table(connection)
    return SqliteTarget(connection)


@pytest.mark.parametrize("own", [False, True])
def test_process_exactly_once(tmp_path: Path, own: bool) -> None:
    """A handler that raises, is cancelled, or ends the transaction: nothing is applied twice, nothing is skipped."""

    async def scenario() -> None:
        async with open_device(tmp_path / "device") as device:
            group = await device.create_group()
            await device.tables.run("CREATE TABLE seen(content TEXT PRIMARY KEY, times INTEGER NOT NULL DEFAULT 0)")
            target = own_database(tmp_path / "app.db") if own else device.tables.target
            into: dict[str, Any] = {"into": target} if own else {}

            def rows() -> dict[str, int]:
                found = target.connection.execute("SELECT content, times FROM seen ORDER BY content")
                return {row[0]: row[1] for row in found}

            async def process(handler: Any) -> None:
                await group.log.process("index", handler, live=False, **into)

            def broken(page: Page, tx: sqlite3.Connection) -> None:
                apply(page, tx)
                raise RuntimeError("the app's own")

            inside = asyncio.Event()

            async def forever(page: Page, tx: sqlite3.Connection) -> None:
                apply(page, tx)
                inside.set()
                await asyncio.sleep(1000)

            def commits_and_throws(page: Page, tx: sqlite3.Connection) -> None:
                apply(page, tx)
                tx.commit()
                raise RuntimeError("the app's own")

            await group.push_all([Draft("one"), Draft("two")])
            with pytest.raises(RuntimeError):
                await process(broken)
            stuck = asyncio.create_task(process(forever))
            await inside.wait()
            await group.push("three")  # sync and push go on
            stuck.cancel()
            with pytest.raises(asyncio.CancelledError):
                await stuck
            assert rows() == {}
            await process(apply)
            assert rows() == {"one": 1, "three": 1, "two": 1}
            await process(broken)  # there is no page
            await group.push("four")
            with pytest.raises(RuntimeError):
                await process(commits_and_throws)
            await group.push("five")
            with pytest.raises(SyncError, match="ended the transaction"):
                await process(lambda page, tx: tx.commit())
            await group.push("six")
            await process(apply)
            assert rows() == {"four": 1, "one": 1, "six": 1, "three": 1, "two": 1}
            assert [(c.name, c.position) for c in group.log.cursors()] == [("index", 6)]
            await group.log.move_cursor("index", 4, **into)
            await process(apply)
            assert rows()["five"] == 1 and rows()["six"] == 2

    run(scenario)


def test_process_goes_on_live_and_by_topic(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with open_device(tmp_path) as device:
            group = await device.create_group()
            await group.push("early", topic="todos")
            seen: list[Any] = []
            changed = asyncio.Event()

            async def handler(page: Page, tx: sqlite3.Connection) -> None:
                seen.extend(message.text for message in page)
                changed.set()

            async with asyncio.TaskGroup() as tasks:
                live = tasks.create_task(group.log.process("todos", handler, topic="todos"))
                await changed.wait()
                changed.clear()
                with pytest.raises(ArgumentError, match="already"):
                    await group.log.process("todos", handler)
                await group.push("elsewhere", topic="chat")
                await group.push("late", topic="todos")
                await changed.wait()
                live.cancel()
            assert seen == ["early", "late"]

            ended = asyncio.create_task(group.log.process("todos", handler, topic="todos"))
            await asyncio.sleep(0)
            await group.close()
            with pytest.raises(Closed):
                await ended

    run(scenario)


def test_handlers_and_the_tables_take_turns() -> None:
    """A handler that uses the tables instead of its transaction is told so; two handlers do not mix."""

    async def scenario() -> None:
        async with open_device(None) as device:
            group = await device.create_group()
            await group.push("one")

            async def wrong(page: Page, tx: sqlite3.Connection) -> None:
                await device.tables.all("SELECT 1")

            with pytest.raises(SyncError) as refused:
                await group.log.process("a", wrong, live=False)
            assert "`tx`" in refused.value.hint and refused.value.__notes__ == [f"hint: {refused.value.hint}"]
            await device.tables.run("CREATE TABLE t(x)")
            with pytest.raises(RuntimeError):
                async with device.tables.transaction() as tx:
                    tx.execute("INSERT INTO t VALUES (1)")
                    raise RuntimeError
            assert await device.tables.get("SELECT COUNT(*) FROM t") == (0,)

    run(scenario)


def test_a_database_that_belongs_to_another_directory(tmp_path: Path) -> None:
    async def scenario() -> None:
        target = own_database(tmp_path / "app.db")
        async with open_device(None) as device:
            group = await device.create_group()
            await target.position("")
            target.connection.execute("INSERT INTO zerok_sync_cursor VALUES (?, 5)", (f"{group.id.hex()}/a",))
            target.connection.commit()
            with pytest.raises(SyncError, match="beyond"):
                await group.log.process("a", apply, into=target, live=False)
            target.connection.execute("INSERT INTO seen VALUES ('open', 1)")
            with pytest.raises(SyncError, match="inside a transaction"):
                await group.log.process("b", apply, into=target, live=False)

    run(scenario)


def test_unread_cursors_and_prune(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with relayed(tmp_path) as (relay, device, group), open_device(None, name="phone") as phone:
            other = await phone.join(await group.invite())
            unread = other.log.unread("ui")
            counts: list[int] = []
            unsubscribe = unread.subscribe(lambda: counts.append(unread.current))
            await group.push_all([Draft("one"), Draft("two", topic="t"), Draft("three")])
            await other.push("own")
            await group.flush()
            await other.caught_up()
            await asyncio.sleep(0)
            assert unread.current == 3 == counts[-1] and other.log.unread("ui", topic="t").current == 1
            await other.log.process("ui", lambda page, tx: None, live=False)
            assert unread.current == 0
            unsubscribe()
            await other.log.move_cursor("slow", 2)
            assert await other.log.prune() == 2 and await other.log.prune(99) == 0
            assert texts(await everything(other)) == ["two", "three"] and other.log.head == 4
            await other.log.remove_cursor("slow")
            assert [c.name for c in other.log.cursors()] == ["ui"]
            assert await other.log.prune() == 2
            await group.push("after")
            await group.flush()
            await other.caught_up()
            assert texts(await everything(other)) == ["after"] and other.completeness().sequences == {}

    run(scenario)
