"""The bound of the queue, and what a full or failing store does to a push: CL-20."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from zerok_sync import Draft, Page, StoreError, open_device, outbox_table

from .groups import everything, texts
from .world import run


def test_a_full_queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CL-20: an error, never a silent drop; what was dropped makes room."""
    monkeypatch.setattr(outbox_table, "OUTBOX_ITEMS_MAX", 4)

    async def scenario() -> None:
        async with open_device(tmp_path) as device:
            group, other = await device.create_group(), await device.create_group()
            receipts = await group.push_all([Draft("one"), Draft("two"), Draft("three")])  # and the announcement
            with pytest.raises(StoreError) as full:
                await group.push("four")
            assert "group.flush()" in full.value.hint
            await other.push("of another group")
            group.queue.drop(receipts[0].id)
            await group.push("four")
            assert texts(await everything(group)) == ["two", "three", "four"]

    run(scenario)


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    """CL-20, CL-68: named, nothing is lost, and the next try works; a handler's page is given again."""

    async def scenario() -> None:
        async with open_device(tmp_path) as device:
            group, seen = await device.create_group(), []
            await group.push("one")
            (pages,) = device._store.db.execute("PRAGMA page_count").fetchone()
            device._store.db.execute(f"PRAGMA max_page_count = {pages}")
            with pytest.raises(StoreError, match="full"):
                await group.push("x" * 100_000)
            device._store.db.execute("PRAGMA max_page_count = 100000")
            await group.push("two")
            assert texts(await everything(group)) == ["one", "two"] and group.log.head == 2

            def handler(page: Page, tx: sqlite3.Connection) -> None:
                tx.execute("CREATE TABLE t(x)")
                tx.execute("INSERT INTO t VALUES (zeroblob(1000000))")
                seen.append(texts([page]))

            tables = device.tables.target.connection
            tables.execute("PRAGMA max_page_count = 10")
            with pytest.raises(sqlite3.OperationalError, match="full"):
                await group.log.process("a", handler, live=False)
            tables.execute("PRAGMA max_page_count = 100000")
            await group.log.process("a", handler, live=False)
            assert seen == [["one", "two"]]

    run(scenario)


def test_a_device_that_is_closed_under_a_handler(tmp_path: Path) -> None:
    """The page is undone, and given again by the next life."""

    async def scenario() -> None:
        device = await open_device(tmp_path)
        group, inside = await device.create_group(), asyncio.Event()
        await group.push("one")

        async def handler(page: Page, tx: sqlite3.Connection) -> None:
            tx.execute("CREATE TABLE t(x)")
            inside.set()
            await asyncio.Event().wait()

        stuck = asyncio.create_task(group.log.process("a", handler))
        await inside.wait()
        await device.close()
        stuck.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stuck
        async with open_device(tmp_path) as again:
            (group,) = again.groups
            await group.log.process("a", lambda page, tx: None, live=False)
            assert await again.tables.all("SELECT name FROM sqlite_master WHERE name = 't'") == []
            assert [cursor.position for cursor in group.log.cursors()] == [1]

    run(scenario)
