"""A device with many groups, and what an app is promised of it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from zerok_sync import (
    ArgumentError,
    Closed,
    Device,
    Draft,
    ErrorCode,
    Group,
    Message,
    Page,
    ProtocolError,
    RelayUnreachable,
    Retention,
    SqliteTarget,
    StoreError,
    SyncError,
    open_device,
)
from zerok_sync.background import LINK_LINGER_MS
from zerok_sync.limits import CONTENT_BYTES_MAX, RECONNECT_MS_MAX
from zerok_sync.wire.messages import Bye, Error, Push, PushAck, PushResult, PushStatus, Subscribe

from .fake_relay import FakeRelay, Session
from .world import run


def texts(pages: list[Page]) -> list[str | bytes]:
    return [message.content for page in pages for message in page]


async def everything(group: Group, **options: Any) -> list[Page]:
    return [page async for page in group.log.read(**options)]


def test_local_log_without_a_relay(tmp_path: Path) -> None:
    """EN-36: own messages are in the log when push returns, by position and topic, also after a restart."""

    async def scenario() -> None:
        async with open_device(tmp_path / "a", name="laptop") as device:
            group = await device.create_group()
            first = await group.push("one", topic="todos")
            more = await group.push_all([Draft(b"\1"), Draft("two", topic="todos", metadata="{}")])
            assert [first.position, *(r.position for r in more)] == [1, 2, 3] == [1, 2, group.log.head]
            assert not first.stored and group.state.queued == 4  # the announcement too
        async with open_device(tmp_path / "a") as device:
            (group,) = device.groups
            assert texts(await everything(group)) == ["one", b"\1", "two"]
            assert texts(await everything(group, topic="todos", after=1)) == ["two"]
            assert texts(await everything(group, limit=2)) == ["one", b"\1"]
            ((message, *_),) = await everything(group, topic="todos")
            assert message.own and message.sender == group.device_key and message.sender_name == "laptop"
            assert (message.topic, message.id, message.cursor) == ("todos", first.id, None)

    run(scenario)


def test_many_groups_in_one_directory(tmp_path: Path) -> None:
    """Each has its own log, keys and queue; forgetting one leaves the others."""

    async def scenario() -> None:
        async with open_device(tmp_path) as device:
            before = device.groups
            one, two = await device.create_group(), await device.create_group()
            assert device.groups == (one, two) and device.groups is device.groups is not before
            assert one.device_key != two.device_key and device.group(one.id) is one
            await one.push("of one", id=bytes(16))
            await two.push("of two", id=bytes(16))
            assert texts(await everything(one)) == ["of one"] and two.log.head == 1
            await one.log.process("index", lambda page, tx: None, live=False)
            await device.forget_group(one.id)
            assert device.groups == (two,) and device.group(one.id) is None
            assert await device.tables.all("SELECT * FROM zerok_sync_cursor") == []
            with pytest.raises(Closed):
                await one.push("late")
        async with open_device(tmp_path) as device:
            (two,) = device.groups
            assert texts(await everything(two)) == ["of two"]

    run(scenario)


def test_in_memory_and_twice_closed() -> None:
    async def scenario() -> None:
        device = await open_device(None)
        group = await device.create_group()
        await group.push("kept nowhere")
        assert texts(await everything(group)) == ["kept nowhere"]
        await device.close()
        await device.close()
        with pytest.raises(Closed):
            await device.create_group()

    run(scenario)


def test_state_changes_identity_only_when_it_changes(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with open_device(tmp_path) as device:
            group, seen = await device.create_group(), []
            state = group.state
            assert group.state is state and not state.connected
            unsubscribe = group.subscribe(lambda: seen.append(group.state))
            await group.push("one")
            await asyncio.sleep(0)
            assert [s.head for s in seen] == [1] and group.state is seen[0] is not state
            unsubscribe()
            await group.push("two")
            await asyncio.sleep(0)
            assert len(seen) == 1

    run(scenario)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        pytest.param(lambda d, g: g.push(None), TypeError, id="no content"),
        pytest.param(lambda d, g: g.push("a\ud800b"), ArgumentError, id="a lone surrogate"),
        pytest.param(lambda d, g: g.push("x" * (CONTENT_BYTES_MAX + 1)), ArgumentError, id="too much content"),
        pytest.param(lambda d, g: g.push("x", metadata={"a": 1}), TypeError, id="metadata that is no text"),
        pytest.param(lambda d, g: g.push("x", metadata="\udfff"), ArgumentError, id="metadata with a lone surrogate"),
        pytest.param(lambda d, g: g.push("x", id=b"short"), ArgumentError, id="a short id"),
        pytest.param(lambda d, g: g.push("x", id="text"), TypeError, id="an id that is text"),
        pytest.param(lambda d, g: g.push("x", topic="t" * 65), ArgumentError, id="a long topic"),
        pytest.param(lambda d, g: g.push("x", topic=None), TypeError, id="no topic"),
        pytest.param(lambda d, g: g.push("x", collapse_key=1), TypeError, id="a key that is no text"),
        pytest.param(lambda d, g: g.push_all(["x"]), TypeError, id="an item that is no Draft"),
        pytest.param(lambda d, g: everything(g, after=-1), ArgumentError, id="a negative position"),
        pytest.param(lambda d, g: everything(g, after=True), TypeError, id="a position that is a bool"),
        pytest.param(lambda d, g: everything(g, topic=b""), TypeError, id="a topic that is bytes"),
        pytest.param(lambda d, g: g.log.process("", print), ArgumentError, id="a cursor without a name"),
        pytest.param(lambda d, g: g.log.process("a", None), TypeError, id="no handler"),
        pytest.param(lambda d, g: g.log.move_cursor("a", 99), ArgumentError, id="beyond the head"),
        pytest.param(lambda d, g: g.log.prune(-1), ArgumentError, id="a negative prune"),
        pytest.param(lambda d, g: g.add_relay("not a relay"), ArgumentError, id="no relay"),
        pytest.param(lambda d, g: g.trust_relay("host:1"), ArgumentError, id="no keys"),
        pytest.param(lambda d, g: d.create_group("host"), TypeError, id="relays that are a text"),
        pytest.param(lambda d, g: d.create_group(["a:1", "b:2"]), ArgumentError, id="two relays"),
        pytest.param(lambda d, g: d.create_group([], access_token="t" * 999), ArgumentError, id="a long token"),
        pytest.param(lambda d, g: d.join(7), TypeError, id="an invite that is a number"),
        pytest.param(lambda d, g: d.join("0ksync:nonsense"), ProtocolError, id="a broken invite"),
        pytest.param(lambda d, g: d.forget_group(bytes(32)), ArgumentError, id="an unknown group"),
    ],
)
def test_wrong_arguments_change_nothing(
    make: Callable[[Device, Group], Awaitable[Any]], error: type[Exception]
) -> None:
    """EN-15, EN-16, EN-36: each is refused with its name, and no group, message or cursor is left behind."""

    async def scenario() -> None:
        async with open_device(None) as device:
            group = await device.create_group()
            with pytest.raises(error):
                await make(device, group)
            assert device.groups == (group,) and group.log.head == 0 and group.log.cursors() == ()
            assert device._store.slots() == [1]

    run(scenario)


def test_wrong_options() -> None:
    for options in ({"mode": "quantum"}, {"tofu_mode": "lax"}, {"name": "n" * 65}):
        with pytest.raises(ArgumentError):
            open_device(None, **options)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        open_device(7)  # type: ignore[arg-type]


def test_a_used_id(tmp_path: Path) -> None:
    """CL-20, EN-16: the same content is a retry, other content an error; a batch with it leaves nothing."""

    async def scenario() -> None:
        async with open_device(tmp_path) as device:
            group = await device.create_group()
            first = await group.push("one", id=b"1" * 16)
            again = await group.push("one", id=b"1" * 16)
            assert again.position == first.position and group.log.head == 1
            with pytest.raises(ArgumentError, match="other content"):
                await group.push_all([Draft("two"), Draft("other", id=b"1" * 16)])
            with pytest.raises(ArgumentError):
                await group.push("one", id=b"1" * 16, topic="another")
            good, bad = await asyncio.gather(group.push("three"), group.push("x", id=b"1" * 16), return_exceptions=True)
            assert isinstance(bad, ArgumentError) and not isinstance(good, BaseException)
            assert texts(await everything(group)) == ["one", "three"]

    run(scenario)


def test_pushes_of_one_turn_share_a_commit(tmp_path: Path) -> None:
    """CL-20: 1,000 unawaited pushes are a handful of transactions, in order; a cancelled one pushes nothing."""

    async def scenario() -> None:
        async with open_device(tmp_path) as device:
            group, commits = await device.create_group(), []
            device._store.db.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
            await asyncio.gather(*(group.push(str(i)) for i in range(1000)))
            assert len(commits) == 4
            cancelled = asyncio.create_task(group.push("never"))
            await asyncio.sleep(0)
            cancelled.cancel()
            await group.push("last")
            assert texts(await everything(group)) == [*map(str, range(1000)), "last"]

    run(scenario)


def test_collapsed_messages(tmp_path: Path) -> None:
    """A queued message with the same key is replaced; its receipt follows the newer one, and its position is empty."""

    async def scenario() -> None:
        async with relayed(tmp_path) as (relay, device, group):
            device.set_online(False)
            first = await group.push("draft 1", collapse_key="cursor")
            other = await group.push("other")
            waiting = asyncio.create_task(first.acknowledged())
            await asyncio.sleep(0)
            second = await group.push("draft 2", collapse_key="cursor")
            third = await group.push("draft 3", collapse_key="cursor")
            assert texts(await everything(group)) == ["other", "draft 3"]
            assert [first.position, other.position, second.position, third.position] == [1, 2, 3, 4]
            device.set_online(True)
            acknowledged = await third.acknowledged()
            assert await waiting == acknowledged == await second.acknowledged()
            assert first.stored and third.stored and group.log.head == 4
            fourth = await group.push("draft 4", collapse_key="cursor")  # the third was sealed
            await fourth.acknowledged()
            assert texts(await everything(group)) == ["other", "draft 3", "draft 4"]

    run(scenario)


# --- processing


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


# --- with a relay


class relayed:
    """A relay in memory, and a device with a group there."""

    def __init__(self, tmp_path: Path) -> None:
        self._path, self.relay = tmp_path, FakeRelay()

    async def __aenter__(self) -> tuple[FakeRelay, Device, Group]:
        await self.relay.start(self._path)
        self.device = await open_device(None, name="laptop")
        return self.relay, self.device, await self.device.create_group([self.relay.relay])

    async def __aexit__(self, *_: object) -> None:
        await self.device.close()
        self.relay.stop()


def test_a_group_gets_a_relay_later(tmp_path: Path) -> None:
    """What was pushed before is sent; until then flush and invite say what is missing. GR-02, SE-12."""

    async def scenario() -> None:
        relay = FakeRelay()
        await relay.start(tmp_path)
        async with open_device(None, name="laptop") as device:
            group = await device.create_group()
            receipt = await group.push("early")
            await group.caught_up()
            for call in (group.flush, group.invite, receipt.acknowledged):
                with pytest.raises(RelayUnreachable) as refused:
                    await call()
                assert "add_relay" in refused.value.hint
            await group.add_relay(relay.relay)
            assert (await receipt.acknowledged()).cursor == 2 and receipt.stored
            await group.flush()
            assert group.state.connected and group.state.queued == 0 and group.state.relays[0].connected
            assert group.state.relays[0].retention == Retention(None, None)  # CL-19
            with pytest.raises(ArgumentError):
                await group.add_relay("other.example:1")
            async with open_device(None, name="phone") as phone:
                joined = await phone.join(await group.invite("four words of a list"), "four words of a list")
                await joined.caught_up()
                assert texts(await everything(joined)) == ["early"]
                ((message,),) = await everything(joined)
                assert message.sender_name == "laptop" and not message.own and message.received_at_ms == 1
                assert [d.name for d in joined.devices()] == ["laptop", "phone"]
                with pytest.raises(SyncError, match="already"):
                    await phone.join(await joined.invite())
                assert phone.groups == (joined,)
        relay.stop()

    run(scenario)


def test_a_push_sends_by_itself_and_after_a_restart(tmp_path: Path) -> None:
    """CL-20, CL-23: nobody calls connect(); what an earlier life queued is sent when the device is opened."""

    async def scenario() -> None:
        relay = FakeRelay()
        await relay.start(tmp_path)
        async with open_device(tmp_path / "device", offline=True) as device:
            group = await device.create_group([relay.relay])
            await group.push("queued")
            assert not relay.requests
        async with open_device(tmp_path / "device") as device:
            (group,) = device.groups
            await group.flush()
            assert len(relay.log) == 2
            receipt = await group.push("now")
            assert (await receipt.acknowledged()).cursor == 3
        relay.stop()

    run(scenario)


def test_live_messages_and_progress(tmp_path: Path) -> None:
    """CL-36, RL-44: process() listens by itself."""

    async def scenario() -> None:
        async with relayed(tmp_path) as (relay, device, group), open_device(None) as phone:
            await group.push_all([Draft(str(i)) for i in range(20)])
            other = await phone.join(await group.invite())
            progress: list[tuple[int, int, int]] = []
            await other.caught_up(lambda p: progress.append((p.done, p.total, p.resumed_from)))
            assert progress[-1][0] == progress[-1][1] == len(relay.log) and progress[-1][2] == 0
            heard: list[Message] = []
            other.on_event(lambda item: heard.append(item) if isinstance(item, Message) else None)
            seen: asyncio.Queue[Message] = asyncio.Queue()

            def handler(page: Page, tx: sqlite3.Connection) -> None:
                for message in page:
                    seen.put_nowait(message)

            subscribed = asyncio.Event()
            relay.on_request = lambda: subscribed.set() if isinstance(relay.requests[-1], Subscribe) else None
            live = asyncio.create_task(other.log.process("live", handler))
            await subscribed.wait()
            await group.push("news")
            await group.flush()
            session = next(s for s in relay.sessions if s.subscription)
            session.deliver()
            for expected in [*map(str, range(20)), "news"]:
                assert (await seen.get()).content == expected
            assert [m.content for m in heard] == ["news"]
            live.cancel()

    run(scenario)


def test_flush_tells_a_refusal(tmp_path: Path) -> None:
    """CL-24, CL-60: the queue names the message, and goes on once it is dropped."""

    async def scenario() -> None:
        async with relayed(tmp_path) as (relay, device, group):
            await group.flush()
            refuse = [True]

            def lie(session: Session, request: Any, answer: Any) -> Any:
                if isinstance(request, Push) and refuse:
                    refuse.clear()
                    relay.log.pop()
                    relay.heads.pop(session.device)
                    error = Error(ErrorCode.ENVELOPE_TOO_LARGE, "", 0, None)
                    return PushAck([PushResult(PushStatus.REFUSED, 0, error)], True)
                return answer

            relay.lie = lie
            receipt = await group.push("refused")
            with pytest.raises(ProtocolError) as refused:
                await group.flush()
            assert "group.queue.drop()" in refused.value.hint and group.state.refused == (receipt.id,)
            ((queued),) = group.queue.list()
            assert (queued.id, queued.position, queued.state) == (receipt.id, 1, "refused")
            with pytest.raises(ArgumentError):
                group.queue.drop(bytes(16))
            group.queue.drop(receipt.id)
            assert (await (await group.push("next")).acknowledged()).durable
            assert texts(await everything(group)) == ["next"] and group.state.refused == ()

    run(scenario)


def test_waits_end_by_cancellation(tmp_path: Path) -> None:
    """Every long call can be bounded; what was pushed stays queued."""

    async def scenario() -> None:
        async with open_device(None) as device:
            group = await device.create_group(["127.0.0.1:9"])
            receipt = await group.push("queued")
            for call in (group.flush, group.caught_up, receipt.acknowledged):
                waiting = asyncio.create_task(call())
                for _ in range(5):
                    await asyncio.sleep(0)
                waiting.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await waiting
            assert group.state.queued == 2 and not receipt.stored
            waiting = asyncio.create_task(group.flush())
            await asyncio.sleep(0)
            await group.close()
            with pytest.raises(Closed):
                await waiting

    run(scenario)


def test_a_rejected_join_leaves_nothing(tmp_path: Path) -> None:
    """PA-20: the same invite works afterwards."""

    async def scenario() -> None:
        async with relayed(tmp_path) as (relay, device, group), open_device(None) as phone:
            invite = await group.invite("four words of a list")
            with pytest.raises(ProtocolError):
                await phone.join(invite, "wrong")
            assert phone.groups == () and phone._store.slots() == []
            assert (await phone.join(invite, "four words of a list")).id == group.id

    run(scenario)


def test_a_second_process_and_a_damaged_directory(tmp_path: Path) -> None:
    """GR-12: each is named, and the directory is given back."""

    async def scenario() -> None:
        async with open_device(tmp_path / "a"):
            with pytest.raises(StoreError, match="another process"):
                await open_device(tmp_path / "a")
        await (await open_device(tmp_path / "a")).close()
        (tmp_path / "b").mkdir()
        (tmp_path / "b/device.sqlite").write_bytes(b"no database at all" * 100)
        for _ in range(2):
            with pytest.raises(StoreError, match="cannot be used"):
                await open_device(tmp_path / "b")

    run(scenario)


def test_a_link_that_nobody_uses_is_closed(tmp_path: Path) -> None:
    """SE-20: with a Bye; the next push opens another, and one that somebody listens on stays."""

    async def scenario() -> None:
        async with relayed(tmp_path) as (relay, device, group):
            clock, closed = device._clock, asyncio.Event()
            relay.on_close = closed.set
            await group.push("one")
            await group.flush()
            clock.advance(LINK_LINGER_MS)
            await closed.wait()
            assert isinstance(relay.requests[-1], Bye) and not group.state.connected
            await group.push("two")
            await group.flush()
            assert len(relay.sessions) == 2
            await group.connect()
            live = asyncio.create_task(group.log.process("live", lambda page, tx: None))
            await group.caught_up()
            clock.advance(LINK_LINGER_MS)
            await group.caught_up()
            assert len(relay.sessions) == 2
            live.cancel()

    run(scenario)


def test_reconnects_in_time(tmp_path: Path) -> None:
    """CL-36: a push while the relay is gone is sent when it is back."""

    async def scenario() -> None:
        async with relayed(tmp_path) as (relay, device, group):
            await group.flush()
            relay.sessions[-1].end()
            device.set_online(False)
            receipt = await group.push("while it was gone")
            waiting = asyncio.create_task(receipt.acknowledged())
            await asyncio.sleep(0)
            device.set_online(True)
            device._clock.advance(RECONNECT_MS_MAX)
            assert (await waiting).durable

    run(scenario)
