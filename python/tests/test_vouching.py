"""The chain vouches, senders without a record are held, and what is missing is told: EN-29 to EN-34, CL-09 to CL-15."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zerok_sync import Completeness, Event, Gap, MemberJoined, Rejected, SyncSession, Withheld
from zerok_sync.authentic import authenticate
from zerok_sync.envelope import CheckedEnvelope, Head, check_form, reread, seal_envelope
from zerok_sync.group import DeviceKeys
from zerok_sync.wire.messages import (
    ContentMessage,
    DeviceList,
    Envelope,
    MemberAnnouncement,
    Page,
    SequenceRange,
)

from .fake_relay import Session
from .world import World, page_lie, run, world


def unsigned(envelope: Envelope) -> Envelope:
    return replace(envelope, signature=bytes(64))


def rejected(w: World) -> list[str]:
    return [event.reject_class for event in w.events if isinstance(event, Rejected)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_run_needs_its_last_signature(tmp_path: Path, order: Sequence[int]) -> None:
    """EN-30 to EN-32, EN-34: whatever the order and the pages, the verdict is the same."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            run_of_three = [unsigned(w.forger.seal("1")), unsigned(w.forger.seal("2")), w.forger.seal("3")]
            for index in order:
                w.relay.append(run_of_three[index])
                w.relay.lie = page_lie(more_to_come)
                await w.reader.pull()
            assert w.texts == ["1", "2", "3"]

    run(scenario)


def more_to_come(page: Page) -> None:
    """Gaps stay open."""
    assert page.segment is not None
    page.segment.head += 1


def test_a_run_whose_last_signature_is_bad_ends_at_its_last_good_one(tmp_path: Path) -> None:
    """EN-32."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            first, second, third = w.forger.seal("1"), w.forger.seal("2"), w.forger.seal("3")
            for envelope in (unsigned(first), second, unsigned(third)):
                w.relay.append(envelope)
            await w.reader.pull()
            assert w.texts == ["1", "2"] and rejected(w) == ["envelope.auth"]
            w.relay.append(w.forger.seal("4"))  # it vouches for the one in the quarantine
            await w.reader.pull()
            assert w.texts == ["1", "2", "3", "4"] and len(rejected(w)) == 1

    run(scenario)


def test_signatures_of_a_run_are_checked_once() -> None:
    """EN-32: one check for a run, one more for each that nothing vouches for; copies are judged one by one (EN-33)."""
    keys, head = DeviceKeys.derive(bytes(32), b"\1" * 32), Head()
    envelopes: list[CheckedEnvelope] = []
    for number in range(1, 6):
        content = ContentMessage(number.to_bytes(16, "big"), "x", None, None, 1)
        sealed = seal_envelope(keys.group_id, keys.device_key, keys.signing_seed, 0, bytes(32), head, content)
        head = Head(number, sealed.hash)
        envelopes.append(check_form(unsigned(sealed.envelope) if number < 5 else sealed.envelope, keys.group_id))
    assert authenticate(envelopes, lambda *_: False) == [True] * 5
    assert authenticate(envelopes[:4], lambda *_: False) == [False] * 4
    last = envelopes[4]
    copy = check_form(unsigned(last.envelope), keys.group_id)
    assert authenticate([copy, last, copy], lambda *_: False) == [False, True, False]


def test_a_sender_that_introduces_itself(tmp_path: Path) -> None:
    """CL-09, CL-12: an empty DeviceList loses nothing; its INVITE makes it a member, and what was held follows."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            stranger = DeviceKeys.derive(b"\7" * 32, w.forger.keys.group_id)
            record = stranger.member_record(w.forger.secret, 0)

            def seal(content: Any, head: Head) -> tuple[Envelope, Head]:
                sealed = seal_envelope(
                    stranger.group_id, stranger.device_key, stranger.signing_seed, 0, w.forger.secret, head, content
                )
                return sealed.envelope, Head(head.sequence + 1, sealed.hash)

            invite, head = seal(MemberAnnouncement("stranger", record), Head())
            message, _ = seal(ContentMessage(bytes(16), "hi", None, None, 1), head)
            w.relay.lie = lambda session, request, answer: DeviceList() if isinstance(answer, DeviceList) else answer
            w.relay.append(message)
            await w.reader.pull()
            assert w.texts == [] and w.events == []
            w.relay.append(invite)
            await w.reader.pull()
            assert w.texts == ["hi"] and w.events == [MemberJoined(stranger.device_key, "stranger")]

    run(scenario)


def test_skipped_sequences_make_no_gap(tmp_path: Path) -> None:
    """EN-24, EN-29, CL-14."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            first = w.forger.head.sequence + 1
            for text in ("1", "2", "3"):
                w.forger.seal(text)
            content = ContentMessage(bytes(16), "4", None, None, 1, [SequenceRange(first, first)])
            w.relay.append(w.forger.seal_content(content))
            await w.reader.pull()
            sender = w.forger.keys.device_key
            assert w.texts == ["4"] and w.seen(Gap) == [Gap(sender, first + 1, first + 2)]
            assert w.reader.group.completeness() == Completeness({sender: [(first + 1, first + 2)]}, {})

    run(scenario)


def test_what_the_inviter_saw_is_withheld(tmp_path: Path) -> None:
    """CL-11, PA-12: once for each relay and head."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.relay.append(w.forger.seal("seen by the inviter"))
            await w.reader.pull()
            invite = await w.reader.pair()
            lost = w.relay.log.pop()
            async with await SyncSession.new(None, [], dir=tmp_path / "third") as third:
                events: list[Event] = []
                third.on_event = events.append
                await third.pair_join(invite)
                await third.pull(0)
                await third.pull()
                sender, sequence = w.forger.keys.device_key, w.forger.head.sequence
                assert [e for e in events if isinstance(e, Withheld)] == [
                    Withheld(w.relay.node_id, sender, sequence, sequence)
                ]
                assert third.group.completeness().sequences == {sender: [(sequence, sequence)]}
                w.relay.append(reread(lost).envelope)
                await third.pull()
                assert third.group.completeness().sequences == {}

    run(scenario)


def test_own_envelopes_of_another_life_are_delivered(tmp_path: Path) -> None:
    """CL-15, CL-21: what this store did not seal comes like a message of another."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            own = type(w.forger)(w.reader)
            w.relay.append(own.seal("from a later life"))
            await w.reader.pull()
            assert w.texts == ["from a later life"] and w.messages[0].sender == w.reader.group.device_key

    run(scenario)


def test_an_envelope_at_a_second_cursor_takes_no_space(tmp_path: Path) -> None:
    """C6, CL-17."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            again = w.forger.seal("again")
            for _ in range(50):
                w.relay.append(again)
            await w.reader.pull()
            rows = w.reader.store._db.execute("SELECT COUNT(*) FROM log").fetchone()
            assert w.texts == ["again"] and rows == (3,)

    run(scenario)


def test_a_relay_that_always_has_more(tmp_path: Path) -> None:
    """C6, CL-04: a pull ends at the head that its first page named."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.relay.append(w.forger.seal("first"))

            def lie(session: Session, request: Any, answer: Any) -> Any:
                if isinstance(answer, Page):
                    w.relay.append(w.forger.seal("one more"))
                    answer.has_more = True
                return answer

            w.relay.lie = lie
            await w.reader.pull()
            assert w.texts[0] == "first" and len(w.texts) <= 2

    run(scenario)
