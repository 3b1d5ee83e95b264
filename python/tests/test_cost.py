"""C5: bad input costs linear work. Steps of SQLite's virtual machine are counted, no time is measured. SC-22."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from zerok_sync.clock import Clock
from zerok_sync.device_store import DeviceStore
from zerok_sync.envelope import Head, seal_envelope
from zerok_sync.group import DeviceKeys, group_id_of_secret
from zerok_sync.limits import GAP_WAIT_MS
from zerok_sync.receiver import Receiver
from zerok_sync.store import Store
from zerok_sync.wire.messages import ContentMessage, Envelope, LogSegment

SECRET = bytes(range(32))
GROUP_ID = group_id_of_secret(SECRET)
SENDER = DeviceKeys.derive(b"\1" * 32, GROUP_ID)


def seal(sequence: int, secret: bytes = SECRET, epoch: int = 0) -> Envelope:
    """Names a previous one that nobody has."""
    content = ContentMessage(sequence.to_bytes(16, "big"), "text", None, None, 1)
    head = Head(sequence - 1, sequence.to_bytes(32, "little"))
    return seal_envelope(GROUP_ID, SENDER.device_key, SENDER.signing_seed, epoch, secret, head, content).envelope


async def work(directory: Path, envelopes: list[Envelope]) -> tuple[int, int]:
    """Receives them in pages and gives up their gaps; (units of work, news)."""
    device, clock = DeviceStore(directory), Clock()
    store = Store(device, device.add_slot())
    clock.stop()
    keys = DeviceKeys.derive(b"\2" * 32, GROUP_ID)
    store.add_epoch(0, SECRET)
    store.add_member(SENDER.device_key, SENDER.member_record(SECRET, 0).encode())
    news: list[object] = []
    receiver = Receiver(store, keys, clock, news.append)
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    store._db.set_progress_handler(count, 10)
    for start in range(0, len(envelopes), 50):
        page = [replace(e, cursor=start + i + 1) for i, e in enumerate(envelopes[start : start + 50])]
        receiver.apply(b"relay", start, LogSegment(start, start, page, start + len(page), len(envelopes)), False)
    clock.advance(GAP_WAIT_MS)
    await clock.run_due()
    receiver.close()
    device.close()
    return steps[0], len(news)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda i: seal(2 * i + 2), id="behind a gap each"),
        pytest.param(lambda i: seal(2, bytes(32)) if i else seal(3), id="for one place"),
        pytest.param(lambda i: seal(i + 2, epoch=1), id="of an unknown epoch"),
        pytest.param(lambda i: replace(seal(1), signature=bytes(64)), id="unsigned"),
        pytest.param(lambda i: seal(1, bytes(32)), id="undecryptable"),
    ],
)
def test_work_grows_with_the_number_of_envelopes(tmp_path: Path, make: Callable[[int], Envelope]) -> None:
    """C5, SC-22, EN-24 to EN-26: twice as many cost about twice as much."""
    few, _ = asyncio.run(work(tmp_path / "few", [make(i) for i in range(300)]))
    many, _ = asyncio.run(work(tmp_path / "many", [make(i) for i in range(600)]))
    assert many < 2.5 * few
