"""What a client does with the envelopes in a log: EN-16, EN-20 to EN-26, PA-12, PA-22."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from zerok_sync import (
    Event,
    Fork,
    Gap,
    MemberJoined,
    Rejected,
    SyncSession,
)
from zerok_sync.envelope import Head, envelope_hash, parse_header
from zerok_sync.group import DeviceKeys
from zerok_sync.limits import CONTENT_BYTES_MAX, GAP_BYTES_MAX, GAP_WAIT_MS
from zerok_sync.wire.messages import ContentType, MemberAnnouncement, Page

from .world import page_lie, run, world


def test_gap_is_held_then_given_up(tmp_path: Path) -> None:
    """EN-24: held until the missing one comes, or GAP_WAIT_MS is over; then the missing sequences are named."""

    def more_to_come(page: Page) -> None:
        assert page.segment is not None
        page.segment.head += 1

    async def scenario() -> None:
        async with world(tmp_path) as w:
            first, second, third = (w.forger.seal(t) for t in ("one", "two", "three"))
            w.relay.append(first)
            w.relay.append(third)
            w.relay.lie = page_lie(more_to_come)
            await w.reader.pull()
            assert w.texts == ["one"]
            w.relay.append(second)
            await w.reader.pull()
            assert w.texts == ["one", "two", "three"] and not w.seen(Gap)
            w.forger.seal("never sent")
            w.relay.append(w.forger.seal("five"))
            await w.reader.pull()
            assert w.texts == ["one", "two", "three"]
            w.clock.advance(GAP_WAIT_MS)
            await w.until(lambda: w.texts[-1] == "five")
            assert w.seen(Gap) == [Gap(w.forger.keys.device_key, 5, 5)]

    run(scenario)


def test_every_held_envelope_waits_for_its_own_time(tmp_path: Path) -> None:
    """EN-24: two gaps that came together are given up together; what is behind both is delivered in order."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            sealed = [w.forger.seal(text) for text in ("2", "3", "4", "5")]
            w.relay.append(sealed[1])
            w.relay.append(sealed[3])
            await w.reader.pull()
            w.clock.advance(GAP_WAIT_MS)
            await w.until(lambda: len(w.texts) == 2)
            sender = w.forger.keys.device_key
            assert w.texts == ["3", "5"] and w.seen(Gap) == [Gap(sender, 2, 2), Gap(sender, 4, 4)]

    run(scenario)


def test_late_envelope_fills_its_place(tmp_path: Path) -> None:
    """EN-24: after its place was given up, when it fits what was accepted around it; another one is rejected."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            before = w.forger.head
            late, later = w.forger.seal("late"), w.forger.seal("later")
            w.relay.append(later)
            await w.reader.pull()
            w.clock.advance(GAP_WAIT_MS)
            await w.until(lambda: w.texts == ["later"])
            w.relay.append(w.forger.seal("not what the later one names", before))
            w.relay.append(w.forger.seal("names nobody", Head(before.sequence, b"\1" * 32)))
            w.relay.append(late)
            w.relay.append(w.forger.seal("last"))
            await w.reader.pull()
            assert w.texts == ["later", "late", "last"] and not w.seen(Fork)
            rejected = [e.reject_class for e in w.events if isinstance(e, Rejected)]
            assert rejected == ["envelope.chain", "envelope.chain"]

    run(scenario)


def test_unknown_epochs_wait_within_bounds(tmp_path: Path) -> None:
    """EN-09, EN-25: beyond GAP_BYTES_MAX the oldest waits no longer, and blocks nobody."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            for i in range(25):
                text = f"{i:2}".ljust(CONTENT_BYTES_MAX)
                w.relay.append(w.forger.seal(text, epoch=1))
                await w.reader.pull()
            w.relay.append(w.forger.seal("known"))
            await w.reader.pull()
            w.clock.advance(GAP_WAIT_MS)
            await w.until(lambda: w.texts == ["known"])
            assert w.reader.store.held.size() <= GAP_BYTES_MAX
            assert {e.reject_class for e in w.events if isinstance(e, Rejected)} == {"session.epoch"}

    run(scenario)


def test_heads_of_a_welcome_are_witnesses(tmp_path: Path) -> None:
    """PA-12: an envelope in such a place with another H is a fork, also for who never saw the first."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            before = w.forger.head
            w.relay.append(w.forger.seal("as the inviter has it"))
            await w.reader.pull()
            invite = await w.reader.pair()
            w.relay.log.pop()
            w.relay.append(w.forger.seal("another for the new one", before))
            async with await SyncSession.new(None, [], dir=tmp_path / "third") as third:
                events: list[Event] = []
                third.on_event = events.append
                await third.pair_join(invite)
                assert await third.pull(0) == []
                assert Fork(w.forger.keys.device_key, before.sequence + 1) in events

    run(scenario)


def test_announcements(tmp_path: Path) -> None:
    """PA-22: the creator announces itself first too; the name is the sender's, whatever record comes with it."""

    async def scenario() -> None:
        async with world(tmp_path, device_name="creator") as w:
            first = parse_header(w.relay.log[0].header)
            assert (first.sender_key, first.content_type) == (w.reader.group.device_key, ContentType.INVITE)
            stranger = DeviceKeys.derive(bytes(32), w.forger.keys.group_id)
            record = stranger.member_record(bytes(32), 0)
            w.relay.append(w.forger.seal_content(MemberAnnouncement("renamed", record)))
            await w.reader.pull()
            assert w.seen(MemberJoined)[-1] == MemberJoined(w.forger.keys.device_key, "renamed")
            assert stranger.device_key not in w.reader.store.members()

    run(scenario)


def test_rejected_duplicates_and_forks(tmp_path: Path) -> None:
    """EN-16, EN-22, EN-23, EN-26."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            start = w.forger.head
            one = w.forger.seal("one")
            w.relay.append(one)
            w.relay.append(one)  # a duplicate
            w.relay.append(w.forger.seal("another one", start))  # a fork
            w.relay.append(replace(w.forger.seal("bad", w.forger.head), signature=bytes(64)))
            w.relay.append(w.forger.seal("same id", message_id=b"one".ljust(16, b"\0")))
            w.relay.append(w.forger.seal("last"))
            await w.reader.pull()
            assert w.texts == ["one", "last"]
            assert w.seen(Fork) == [Fork(w.forger.keys.device_key, start.sequence + 1)]
            assert [(e.reject_class, e.cursor) for e in w.events if isinstance(e, Rejected)] == [("envelope.auth", 6)]

    run(scenario)


def test_envelope_name() -> None:
    """EN-12: H depends on where the header ends."""
    assert envelope_hash(b"ab", b"c", b"d") != envelope_hash(b"a", b"bc", b"d")
