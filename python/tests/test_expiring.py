"""What a client tells before a relay removes messages by age. CL-29, SE-18."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zerok_sync import Event, Expired, Expiring, SyncSession
from zerok_sync.clock import Clock
from zerok_sync.wire.messages import HelloAck

from .fake_relay import FakeRelay, Session
from .world import run

AGE_S = 400
AGE_MS = AGE_S * 1000
START_MS = 1_700_000_000_000


class Device:
    """A session whose clock stands, and the events of the kind under test."""

    def __init__(self, session: SyncSession) -> None:
        self.session, self.events = session, list[Expiring | Expired]()
        session.on_event = self._note

    def _note(self, event: Event) -> None:
        if isinstance(event, Expiring | Expired):
            self.events.append(event)

    async def passes(self, milliseconds: int) -> list[Expiring | Expired]:
        """What was told while that time passed."""
        self.events.clear()
        self.session.clock.advance(milliseconds)
        await self.session.clock.run_due()
        return list(self.events)


class Stage:
    """A relay that removes messages by age, and a device of a group there."""

    def __init__(self, relay: FakeRelay, directory: Path) -> None:
        self.relay, self._directory = relay, directory
        self.age_s = AGE_S
        self.now_ms = START_MS
        relay.lie = self._lie

    def _lie(self, session: Session, request: Any, answer: Any) -> Any:
        if isinstance(answer, HelloAck):
            return replace(answer, retention_seconds=self.age_s, server_time_ms=self.now_ms)
        return answer

    @asynccontextmanager
    async def device(self, now_ms: int = START_MS) -> AsyncIterator[Device]:
        clock = Clock()
        clock.stop()
        clock.set_now(now_ms)
        session = await SyncSession.new(None, [self.relay.relay], dir=self._directory / "device", clock=clock)
        session.create_group()
        device = Device(session)
        try:
            yield device
        finally:
            await session.close()


@asynccontextmanager
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    relay = FakeRelay()
    await relay.start(tmp_path)
    try:
        yield Stage(relay, tmp_path)
    finally:
        relay.stop()


def unread(relay: FakeRelay, at_ms: int) -> Expiring:
    return Expiring(relay.node_id, "unread", at_ms)


def test_unread_is_told_once_in_an_absence(tmp_path: Path) -> None:
    """CL-29: after three quarters of the age without a session, with the time at which messages go; then not again."""

    async def scenario() -> None:
        async with stage(tmp_path) as s, s.device() as device:
            await device.session.connect()
            assert await device.passes(AGE_MS) == []  # a session is no absence
            for _ in range(2):
                await device.session.group.disconnect()
                assert await device.passes(AGE_MS * 3 // 4 - 1) == []
                now_ms = device.session.clock.now_ms()
                assert await device.passes(1) == [unread(s.relay, now_ms + 1 + AGE_MS // 4)]
                assert await device.passes(AGE_MS) == []
                await device.session.connect()

    run(scenario)


def test_an_absence_that_is_told_late(tmp_path: Path) -> None:
    """CL-29: a device that slept over the time still says when messages go."""

    async def scenario() -> None:
        async with stage(tmp_path) as s, s.device() as device:
            await device.session.connect()
            await device.session.group.disconnect()
            assert await device.passes(AGE_MS * 7 // 8) == [unread(s.relay, START_MS + AGE_MS)]

    run(scenario)


def test_nothing_expires_by_age(tmp_path: Path) -> None:
    """CL-29: a relay that says so is watched no longer. SE-18."""

    async def scenario() -> None:
        async with stage(tmp_path) as s, s.device() as device:
            await device.session.connect()
            s.age_s = 0
            await device.session.reconnect()
            await device.session.group.disconnect()
            assert await device.passes(10 * AGE_MS) == []

    run(scenario)


@pytest.mark.parametrize("absent_ms", [0, AGE_MS // 2, AGE_MS * 3 // 4, 2 * AGE_MS])
def test_an_absence_goes_on_over_a_restart(tmp_path: Path, absent_ms: int) -> None:
    """CL-29: what passed before the process ended counts; what was told is not told again."""

    async def scenario() -> None:
        async with stage(tmp_path) as s:
            async with s.device() as device:
                await device.session.connect()
            now_ms = START_MS + absent_ms
            left_ms = max(0, AGE_MS * 3 // 4 - absent_ms)
            async with s.device(now_ms) as device:
                if left_ms:
                    assert await device.passes(left_ms - 1) == []
                    assert await device.passes(1) == [unread(s.relay, START_MS + AGE_MS)]
                else:
                    assert await device.passes(0) == [unread(s.relay, START_MS + AGE_MS)]
            async with s.device(now_ms + left_ms) as device:
                assert await device.passes(AGE_MS) == []

    run(scenario)


def test_a_crash_in_a_long_session_is_no_long_absence(tmp_path: Path) -> None:
    """CL-29: a session is noted while it goes on."""

    async def scenario() -> None:
        async with stage(tmp_path) as s, s.device() as device:
            await device.session.connect()
            for _ in range(32):
                await device.passes(AGE_MS // 16)
                await device.session.pull()  # the link is alive
            (visit,) = device.session.store.visits.all().values()
            assert visit.seen_ms == START_MS + 2 * AGE_MS and not visit.told

    run(scenario)


def test_a_wall_clock_that_jumps_makes_no_absence(tmp_path: Path) -> None:
    """CL-29, OV-07: an absence goes by the monotonic clock in a process, and is 0 where the wall clock was set back."""

    async def scenario() -> None:
        async with stage(tmp_path) as s:
            async with s.device() as device:
                await device.session.connect()
                await device.session.group.disconnect()
                device.session.clock.set_now(START_MS + 9 * AGE_MS)
                assert await device.passes(0) == []
            async with s.device(START_MS - AGE_MS) as device:
                assert await device.passes(AGE_MS * 3 // 4 - 1) == []
                assert len(await device.passes(1)) == 1

    run(scenario)


def test_history_is_told_once_in_a_run(tmp_path: Path) -> None:
    """CL-29: when the oldest message that the relay serves, an own one too, has less than a quarter of the age left."""

    async def scenario() -> None:
        async with stage(tmp_path) as s:
            stored_ms = START_MS - AGE_MS // 4
            told = Expiring(s.relay.node_id, "history", stored_ms + AGE_MS)
            async with s.device() as device:
                await (await device.session.push("first")).acknowledged()
                await (await device.session.push("second")).acknowledged()
                s.relay.log = [replace(e, received_at_ms=stored_ms) for e in s.relay.log]
                await device.session.pull()
                assert await device.passes(AGE_MS // 2 - 1) == []
                assert await device.passes(1) == [told]
                assert told not in await device.passes(AGE_MS)
            s.now_ms = START_MS + AGE_MS // 2
            async with s.device(s.now_ms) as device:
                await device.session.connect()
                assert await device.passes(0) == [told]

    run(scenario)


def test_history_that_is_pruned_is_not_told(tmp_path: Path) -> None:
    """CL-29: this device has pruned it."""

    async def scenario() -> None:
        async with stage(tmp_path) as s, s.device() as device:
            await (await device.session.push("old")).acknowledged()
            s.relay.log = [replace(e, received_at_ms=START_MS) for e in s.relay.log]
            await device.session.pull()
            await device.session.group.log.prune(device.session.group.log.head)
            assert "history" not in [event.what for event in await device.passes(AGE_MS) if isinstance(event, Expiring)]

    run(scenario)
