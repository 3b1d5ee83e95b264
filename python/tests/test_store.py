"""The data directory: GR-12, GR-13, CL-20, EN-26."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from zerok_sync import StoreError
from zerok_sync.device_store import DeviceStore
from zerok_sync.limits import QUARANTINE_BYTES_MAX
from zerok_sync.migration_slots import digest_of
from zerok_sync.migrations import STEPS, migrate
from zerok_sync.store import Store


def open_store(directory: Path) -> Store:
    """The first slot of a data directory, which gets one if it has none."""
    device = DeviceStore(directory)
    with device.transaction():
        return Store(device, (device.slots() or [device.add_slot()])[0])


def test_one_process_and_private_files(tmp_path: Path) -> None:
    directory = tmp_path / "device"
    store = DeviceStore(directory)
    seed = store.seed
    with pytest.raises(StoreError, match="another process") as refused:
        DeviceStore(directory)
    assert "data directory of its own" in refused.value.hint
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in directory.iterdir())
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    store.close()
    again = DeviceStore(directory)
    assert again.seed == seed
    again.close()


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with pytest.raises(RuntimeError), store.transaction():
        store.queue.add(bytes(16), 1, b"content")
        raise RuntimeError
    assert store.queue.count() == 0
    store._device.close()


def test_quarantine_is_bounded(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    big = bytes(QUARANTINE_BYTES_MAX // 2)
    assert all(store.quarantine.add("envelope.auth", name, big) for name in (b"a", b"b", b"c"))
    assert not store.quarantine.add("envelope.auth", b"c", big)
    assert store.quarantine.add("envelope.auth", b"a", big)
    store._device.close()


def unpack(directory: Path, layout: int) -> None:
    """Writes the device of an earlier layout, which tests/stores keeps as SQL."""
    db = sqlite3.connect(directory / "device.sqlite")
    db.executescript((Path(__file__).parent / f"stores/{layout}.sql").read_text())
    db.close()


def test_the_first_layout_is_brought_to_the_newest(tmp_path: Path) -> None:
    """Nothing of a device is lost that has not counted the steps yet."""
    unpack(tmp_path, 1)
    store = open_store(tmp_path)
    assert store._db.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
    assert [store.queue.entry(e.id).state for e in store.queue.unacknowledged()] == ["queued"] * 3
    assert [e.kind for e in store.queue.unacknowledged()] == [2, 1, 1]  # PA-22: a chain begins with an announcement
    assert len(store.members()) == 2 and [row.enrolled for row in store.relays()] == [False]
    assert (store.held.size(), store.quarantine.size(), store.chains.senders()) == (0, 0, [])  # EN-12
    store._device.close()
    DeviceStore(tmp_path).close()  # no step is done twice


def test_a_device_of_one_group_becomes_a_slot_with_a_local_log(tmp_path: Path) -> None:
    """Layout 4: every message has a position, a queued one too; what was read stays read."""
    unpack(tmp_path, 4)
    store = open_store(tmp_path)
    rows = [(row.position, row.text or row.data, bool(row.pushed_here)) for row in store.messages.above(0, None, 99)]
    own = [(1, "acknowledged", True), (5, "sealed", True), (6, b"queued", True)]
    assert rows == sorted([*own, (2, "one", False), (3, "two", False), (4, "three", False)])
    assert (store.messages.head(), store.messages.place("")) == (6, 2)
    assert [(e.state, e.place) for e in store.queue.unacknowledged()] == [("sealed", 5), ("queued", 6)]
    known = store.queue.entry(b"acknowledged----")
    assert known is not None and known.place == 1 and known.digest == digest_of("acknowledged", None, "{}", "")
    assert [row.enrolled for row in store.relays()] == [True] and len(store.members()) == 2
    assert len(store.own.sent_after(0)) == 2 and store.get("group_id") is not None
    store._device.close()


def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "device.sqlite", isolation_level=None)
    migrate(db)
    with pytest.raises(sqlite3.Error):
        migrate(db, (*STEPS, "CREATE TABLE half(a); CREATE TABLE half(a);"))
    assert db.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
    assert db.execute("SELECT name FROM sqlite_master WHERE name = 'half'").fetchall() == []
    db.close()


def test_a_newer_layout_is_refused(tmp_path: Path) -> None:
    DeviceStore(tmp_path).close()
    db = sqlite3.connect(tmp_path / "device.sqlite", isolation_level=None)
    db.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    db.close()
    with pytest.raises(StoreError, match="update this software"):
        DeviceStore(tmp_path)
    with pytest.raises(StoreError, match="update this software"):
        DeviceStore(tmp_path)  # the lock was given back
