"""What a client does when its relay lies: HS-12, HS-13, EN-20 to EN-26, CL-02 to CL-37, SE-08."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zerok_sync import (
    ErrorCode,
    Event,
    Expired,
    Fork,
    Gap,
    Message,
    ProtocolError,
    Refused,
    Rejected,
    RelayKeyChanged,
    RolledBack,
    SyncSession,
)
from zerok_sync.clock import Clock
from zerok_sync.envelope import Head, envelope_hash, seal_envelope
from zerok_sync.group import DeviceKeys
from zerok_sync.limits import GAP_WAIT_MS
from zerok_sync.wire.messages import (
    ContentMessage,
    Deliver,
    Envelope,
    Error,
    Hello,
    Page,
    Pong,
    Pull,
    Push,
    PushAck,
    PushResult,
    PushStatus,
)

from .fake_relay import FakeRelay, Session


class Forger:
    """The second device's keys in a test's hands: seals what a real device never would."""

    def __init__(self, session: SyncSession) -> None:
        seed, group_id = session.store.get("device_seed"), session.group_id
        assert seed is not None and group_id is not None
        self.keys = DeviceKeys.derive(seed, group_id)
        self.secret = session.store.epochs()[0]
        self.head = session.store.head(self.keys.device_key)

    def seal(self, text: str, head: Head | None = None, message_id: bytes | None = None) -> Envelope:
        before = self.head if head is None else head
        content = ContentMessage(message_id or text.encode()[:16].ljust(16, b"\0"), text, None, None, 1)
        keys = self.keys
        envelope, name = seal_envelope(
            keys.group_id, keys.device_key, keys.signing_seed, 0, self.secret, before, content
        )
        if head is None:
            self.head = Head(before.sequence + 1, name)
        return envelope


class World:
    def __init__(self, relay: FakeRelay, reader: SyncSession, forger: Forger, clock: Clock) -> None:
        self.relay, self.reader, self.forger, self.clock = relay, reader, forger, clock
        self.events: list[Event] = []
        self.messages: list[Message] = []
        self.changed = asyncio.Event()
        reader.on_event = lambda event: self._note(self.events, event)
        reader.on_message = lambda message: self._note(self.messages, message)

    def _note(self, notes: list[Any], item: Any) -> None:
        notes.append(item)
        self.changed.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                self.changed.clear()
                await self.changed.wait()

    def seen(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def texts(self) -> list[str | None]:
        return [message.text for message in self.messages]


@asynccontextmanager
async def world(tmp_path: Path, pinned: bool = True, **options: Any) -> AsyncIterator[World]:
    relay, clock = FakeRelay(), Clock()
    await relay.start(tmp_path)
    reader = await SyncSession.new(
        None, [relay.relay if pinned else relay.address], dir=tmp_path / "reader", clock=clock, **options
    )
    writer = await SyncSession.new(None, [], dir=tmp_path / "writer")
    await writer.pair_join(await reader.pair())
    forger = Forger(writer)
    await writer.close()
    await reader.pull()
    try:
        yield World(relay, reader, forger, clock)
    finally:
        await reader.close()
        relay.stop()


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 60))  # type: ignore[arg-type]


def page_lie(change: Callable[[Page], None]) -> Callable[[Session, Any, Any], Any]:
    def lie(session: Session, request: Any, answer: Any) -> Any:
        if isinstance(answer, Page):
            change(answer)
        return answer

    return lie


def _set(name: str, value: int) -> Callable[[Page], None]:
    return lambda page: setattr(page.segment, name, value)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_set("after", 0), id="after is not what was asked"),
        pytest.param(_set("removed_through", 0), id="removed_through below after"),
        pytest.param(_set("next", 9), id="next beyond the envelopes"),
        pytest.param(_set("head", 1), id="head below next"),
        pytest.param(lambda page: page.segment.envelopes.pop(0), id="an envelope withheld"),  # type: ignore[union-attr]
        pytest.param(lambda page: page.segment.envelopes.reverse(), id="misordered"),  # type: ignore[union-attr]
    ],
)
def test_cursor_gap(tmp_path: Path, change: Callable[[Page], None]) -> None:
    """CL-02, CL-03: nothing of such a segment is used, and the connection closes."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.relay.append(w.forger.seal("one"))
            w.relay.append(w.forger.seal("two"))
            before = w.reader.cursor()
            w.relay.lie = page_lie(change)
            with pytest.raises(ProtocolError) as failure:
                await w.reader.pull()
            assert failure.value.reject_class == "cursor.gap"
            assert w.reader.cursor() == before and w.texts == [] and not w.reader.connected

    run(scenario)


def test_has_more_without_progress(tmp_path: Path) -> None:
    """CL-04."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.relay.lie = page_lie(lambda page: setattr(page, "has_more", True))
            with pytest.raises(ProtocolError, match="moves nothing"):
                await w.reader.pull()

    run(scenario)


def test_gap_is_held_then_given_up(tmp_path: Path) -> None:
    """EN-24: held until the missing one comes, or GAP_WAIT_MS is over; then the missing sequences are named."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            first, second, third = (w.forger.seal(t) for t in ("one", "two", "three"))
            w.relay.append(first)
            w.relay.append(third)
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
            assert [(e.reject_class, e.cursor) for e in w.events if isinstance(e, Rejected)] == [("envelope.auth", 5)]

    run(scenario)


def test_unknown_sender_is_asked_for_once(tmp_path: Path) -> None:
    """CL-09: a stranger's envelope is rejected after one ListDevices."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.relay.records.clear()
            stranger = DeviceKeys.derive(bytes(32), w.forger.keys.group_id)
            content = ContentMessage(bytes(16), "hi", None, None, 1)
            envelope, _ = seal_envelope(
                stranger.group_id, stranger.device_key, stranger.signing_seed, 0, w.forger.secret, Head(), content
            )
            w.relay.append(envelope)
            await w.reader.pull()
            assert w.texts == [] and w.seen(Rejected) == [Rejected("envelope.auth", len(w.relay.log))]

    run(scenario)


def test_rollback(tmp_path: Path) -> None:
    """CL-06: reported, read again without delivering twice, and own envelopes pushed again."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await (await w.reader.push("mine")).acknowledged()
            w.relay.append(w.forger.seal("one"))
            await w.reader.pull()
            await w.reader.disconnect()
            w.relay.log[:] = [w.relay.log[-1]]
            w.relay.log[0].cursor = 1
            w.relay.heads.clear()

            def lie(session: Session, request: Any, answer: Any) -> Any:
                if isinstance(request, Pull) and request.after > len(w.relay.log):
                    return Error(ErrorCode.ROLLED_BACK)
                return answer

            w.relay.lie = lie
            messages = await w.reader.pull(0)
            assert w.texts == ["one"] and len(w.seen(RolledBack)) == 1
            assert len(w.relay.log) == 2 and w.reader.device_key in w.relay.heads
            assert [m.text for m in messages] == ["one"]
            assert [m.text for m in await w.reader.pull(0)] == ["one", "mine"]

    run(scenario)


def test_expired(tmp_path: Path) -> None:
    """CL-08."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            start = w.reader.cursor()
            w.relay.append(w.forger.seal("one"))
            w.relay.append(w.forger.seal("two"))

            def change(page: Page) -> None:
                assert page.segment is not None
                page.segment.envelopes.clear()
                page.segment.removed_through = page.segment.next

            w.relay.lie = page_lie(change)
            await w.reader.pull()
            assert w.seen(Expired) == [Expired(start + 1, start + 2)] and w.reader.cursor() == start + 2

    run(scenario)


def test_changed_relay_key(tmp_path: Path) -> None:
    """HS-12, CL-31, CL-32: strict refuses, permissive reports and takes the new ones, a fixed pin is never replaced."""

    async def scenario() -> None:
        async with world(tmp_path, pinned=False) as w:
            await w.reader.disconnect()
            w.relay.seed = bytes(32)
            w.reader.tofu_mode = "strict"
            with pytest.raises(ProtocolError) as refused:
                await w.reader.pull()
            assert refused.value.code is ErrorCode.RELAY_IDENTITY_CHANGED and not w.seen(RelayKeyChanged)
            w.reader.tofu_mode = "permissive"
            await w.reader.pull()
            assert len(w.seen(RelayKeyChanged)) == 1
            await w.reader.disconnect()
            await w.reader.pull()
            assert len(w.seen(RelayKeyChanged)) == 1

    run(scenario)


def test_fixed_pin(tmp_path: Path) -> None:
    """CL-32; HS-13: the classical mode is refused where a KEM key is pinned."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.reader.disconnect()
            w.reader._dialer.mode = "classical"
            with pytest.raises(ProtocolError) as downgrade:
                await w.reader.pull()
            assert downgrade.value.reject_class == "handshake.downgrade"
            w.reader._dialer.mode = "hybrid"
            w.relay.seed = bytes(32)
            with pytest.raises(ProtocolError) as refused:
                await w.reader.pull()
            assert refused.value.reject_class == "handshake.identity"

    run(scenario)


def test_lost_push_ack(tmp_path: Path) -> None:
    """CL-22, CL-23: the same bytes are pushed again, and stored once."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            lost: list[Push] = []

            def lie(session: Session, request: Any, answer: Any) -> Any:
                if isinstance(request, Push) and not lost:
                    lost.append(request)
                    session.end()
                    return None
                return answer

            w.relay.lie = lie
            acknowledged = await (await w.reader.push("once")).acknowledged()
            pushes = [r for r in w.relay.requests if isinstance(r, Push)]
            assert pushes[-1].encode() == lost[0].encode()
            assert acknowledged.cursor == len(w.relay.log)

    run(scenario)


def refuse_first(code: ErrorCode, retry_after_ms: int = 0, conflict: Envelope | None = None) -> Any:
    done: list[bool] = []

    def lie(session: Session, request: Any, answer: Any) -> Any:
        if isinstance(request, Push) and not done:
            done.append(True)
            session.relay.log.pop()
            session.relay.heads.pop(session.device)
            return PushAck([PushResult(PushStatus.REFUSED, 0, Error(code, "", retry_after_ms, conflict))], True)
        return answer

    return lie


def test_refused_for_now_and_for_good(tmp_path: Path) -> None:
    """CL-24, CL-43 to CL-47."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.relay.lie = refuse_first(ErrorCode.RATE_LIMITED, 50)
            assert (await (await w.reader.push("later")).acknowledged()).durable
            w.relay.lie = refuse_first(ErrorCode.ENVELOPE_MALFORMED)
            with pytest.raises(ProtocolError) as refused:
                await (await w.reader.push("never")).acknowledged()
            assert refused.value.wire_code == ErrorCode.ENVELOPE_MALFORMED
            assert w.seen(Refused) == [Refused(ErrorCode.ENVELOPE_MALFORMED)]
            await w.reader.sync()
            assert w.reader.store.unsynced() == 1  # it waits for the app

    run(scenario)


def test_a_later_refusal_holds_the_queue(tmp_path: Path) -> None:
    """CL-24: nothing is pushed before retry_after_ms is over."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            refuse, asked = refuse_first(ErrorCode.RATE_LIMITED, 15_000), asyncio.Event()

            def lie(session: Session, request: Any, answer: Any) -> Any:
                if isinstance(request, Push):
                    asked.set()
                return refuse(session, request, answer)

            def pushes() -> int:
                return sum(isinstance(request, Push) for request in w.relay.requests)

            w.relay.lie, before = lie, pushes()
            first = asyncio.create_task((await w.reader.push("first")).acknowledged())
            await asked.wait()
            await w.reader.pull()  # answers keep their order: the refusal has come
            second = asyncio.create_task((await w.reader.push("second")).acknowledged())
            await w.reader.pull()
            assert pushes() == before + 1
            w.clock.advance(15_000)
            assert (await first).cursor < (await second).cursor

    run(scenario)


def test_dropped_after_sealing(tmp_path: Path) -> None:
    """CL-25, CL-48: the next item carries `skip`; what was dropped is never sent."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await (await w.reader.push("first")).acknowledged()
            head = w.relay.heads[w.forger.keys.device_key]
            w.relay.lie = refuse_first(ErrorCode.ENVELOPE_MALFORMED)
            refused = await w.reader.push("refused")
            with pytest.raises(ProtocolError):
                await refused.acknowledged()
            await w.reader.drop(refused.id)
            await (await w.reader.push("next")).acknowledged()
            last = [r for r in w.relay.requests if isinstance(r, Push)][-1].items[0]
            assert last.skip and w.reader.store.unsynced() == 0
            assert w.relay.heads[w.forger.keys.device_key] == head

    run(scenario)


def test_own_fork_stops_pushing(tmp_path: Path) -> None:
    """CL-26: only with an envelope that this device really signed."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            own = Forger(w.reader)
            w.relay.lie = refuse_first(ErrorCode.SEQUENCE_CONFLICT, 0, own.seal("by a copy of this device"))
            with pytest.raises(ProtocolError) as refused:
                await (await w.reader.push("mine")).acknowledged()
            assert refused.value.reject_class == "envelope.chain"
            assert w.seen(Fork) == [Fork(own.keys.device_key, own.head.sequence)]
            pushes = sum(isinstance(r, Push) for r in w.relay.requests)
            await w.reader.push("more")
            await w.reader.sync()
            assert sum(isinstance(r, Push) for r in w.relay.requests) == pushes

    run(scenario)


def test_answer_of_another_kind(tmp_path: Path) -> None:
    """SE-08."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            w.relay.lie = lambda session, request, answer: Pong(1) if isinstance(request, Pull) else answer
            with pytest.raises(ProtocolError) as failure:
                await w.reader.pull()
            assert failure.value.reject_class == "frame.state"

    run(scenario)


def test_truncated_stream_and_fatal_error(tmp_path: Path) -> None:
    """WI-12, SE-54, SE-55, ER-02."""

    async def scenario() -> None:
        async with world(tmp_path) as w:

            def cut(session: Session, request: Any, answer: Any) -> Any:
                if isinstance(request, Pull):
                    session.end()
                    return None
                return answer

            w.relay.lie = cut
            with pytest.raises(ProtocolError) as truncated:
                await w.reader.pull()
            assert truncated.value.reject_class == "frame.length" and truncated.value.wire_code is None
            w.relay.lie = lambda s, request, answer: (
                Error(ErrorCode.DEVICE_REVOKED) if isinstance(request, Hello) else answer
            )
            with pytest.raises(ProtocolError) as revoked:
                await w.reader.pull()
            assert (revoked.value.reject_class, revoked.value.wire_code) == ("session.revoked", 1003)

    run(scenario)


def test_live_delivery_with_a_gap_in_cursors(tmp_path: Path) -> None:
    """RL-44, CL-02: a Deliver is a segment like any other."""

    async def scenario() -> None:
        async with world(tmp_path) as w:
            await w.reader.subscribe()
            session = next(s for s in w.relay.sessions if s.subscription)
            w.relay.append(w.forger.seal("live"))
            cursor = len(w.relay.log)
            session.send(session.subscription, Deliver(w.relay.segment(cursor - 1)))
            await w.until(lambda: w.texts == ["live"])
            w.relay.append(w.forger.seal("withheld"))
            w.relay.append(w.forger.seal("shown"))
            session.send(session.subscription, Deliver(w.relay.segment(cursor + 1)))
            await w.until(lambda: not w.reader.connected)
            assert w.texts == ["live"]

    run(scenario)


def test_envelope_name() -> None:
    """EN-12: H depends on where the header ends."""
    assert envelope_hash(b"ab", b"c", b"d") != envelope_hash(b"a", b"bc", b"d")
