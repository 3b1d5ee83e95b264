"""The data directory: GR-12, GR-13, CL-20, EN-26."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from zerok_sync import StoreError
from zerok_sync.limits import QUARANTINE_BYTES_MAX
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
    assert all(store.quarantine("envelope.auth", name, big) for name in (b"a", b"b", b"c"))
    assert not store.quarantine("envelope.auth", b"c", big)
    assert store.quarantine("envelope.auth", b"a", big)
    store.close()
