"""The data directory: GR-12, GR-13, CL-20, EN-26."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from zerok_sync import StoreError
from zerok_sync.limits import QUARANTINE_BYTES_MAX
from zerok_sync.migrations import STEPS, migrate
from zerok_sync.store import Store


def test_one_process_and_private_files(tmp_path: Path) -> None:
    directory = tmp_path / "device"
    store = Store(directory)
    seed = store.get("device_seed")
    with pytest.raises(StoreError, match="another process"):
        Store(directory)
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in directory.iterdir())
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    store.close()
    again = Store(directory)
    assert again.get("device_seed") == seed
    again.close()


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(RuntimeError), store.transaction():
        store.queue.add(bytes(16), 1, b"content")
        raise RuntimeError
    assert store.queue.count() == 0
    store.close()


def test_quarantine_is_bounded(tmp_path: Path) -> None:
    store = Store(tmp_path)
    big = bytes(QUARANTINE_BYTES_MAX // 2)
    assert all(store.quarantine.add("envelope.auth", name, big) for name in (b"a", b"b", b"c"))
    assert not store.quarantine.add("envelope.auth", b"c", big)
    assert store.quarantine.add("envelope.auth", b"a", big)
    store.close()


def unpack(directory: Path, layout: int) -> None:
    """Writes the device of an earlier layout, which tests/stores keeps as SQL."""
    db = sqlite3.connect(directory / "device.sqlite")
    db.executescript((Path(__file__).parent / f"stores/{layout}.sql").read_text())
    db.close()


def test_the_first_layout_is_brought_to_the_newest(tmp_path: Path) -> None:
    """Nothing of a device is lost that has not counted the steps yet."""
    unpack(tmp_path, 1)
    store = Store(tmp_path)
    assert store._db.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
    assert [store.queue.entry(e.id).state for e in store.queue.unacknowledged()] == ["queued"] * 3
    assert [e.kind for e in store.queue.unacknowledged()] == [2, 1, 1]  # PA-22: a chain begins with an announcement
    assert len(store.members()) == 2 and [row.enrolled for row in store.relays()] == [False]
    assert (store.held.size(), store.quarantine.size(), store.chains.senders()) == (0, 0, [])  # EN-12
    store.close()
    Store(tmp_path).close()  # no step is done twice


def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "device.sqlite", isolation_level=None)
    migrate(db)
    with pytest.raises(sqlite3.Error):
        migrate(db, (*STEPS, "CREATE TABLE half(a); CREATE TABLE half(a);"))
    assert db.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
    assert db.execute("SELECT name FROM sqlite_master WHERE name = 'half'").fetchall() == []
    db.close()


def test_a_newer_layout_is_refused(tmp_path: Path) -> None:
    Store(tmp_path).close()
    db = sqlite3.connect(tmp_path / "device.sqlite", isolation_level=None)
    db.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    db.close()
    with pytest.raises(StoreError, match="update this software"):
        Store(tmp_path)
    with pytest.raises(StoreError, match="update this software"):
        Store(tmp_path)  # the lock was given back
