"""Role `client`: `open`, `do`, `observe`, `env`, `close`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from zerok_sync import (
    ArgumentError,
    ErrorCode,
    Message,
    ProtocolError,
    RelayUnreachable,
    SyncSession,
)
from zerok_sync.clock import Clock
from zerok_sync.events import Event
from zerok_sync.link import Link

from .client_json import event_json, message_json, retention_json, stretches_json
from .values import BadRequest, Members, Unsupported

IDLE_MS = 5_000
"""How long a moved clock waits for an idle client unless the request says."""


class Client:
    """One handle: a session and what it told since `open`."""

    def __init__(self, session: SyncSession) -> None:
        self.session = session
        self.messages: list[Message] = []
        self.events: list[dict[str, Any]] = []
        self.changed = asyncio.Condition()
        self._notices: set[asyncio.Task[None]] = set()
        session.on_message = self._on_message
        session.on_event = self._on_event

    def _on_message(self, message: Message) -> None:
        self.messages.append(message)
        self._notify()

    def _on_event(self, event: Event) -> None:
        self.events.append(event_json(event))
        self._notify()

    def _notify(self) -> None:
        async def notify() -> None:
            async with self.changed:
                self.changed.notify_all()

        task = asyncio.create_task(notify())
        self._notices.add(task)
        task.add_done_callback(self._notices.discard)

    # --- actions

    async def connect(self, args: Members) -> dict[str, Any]:
        self.session.create_group()  # a Hello names a group
        return self._connected(await self.session.connect())

    def _connected(self, link: Link) -> dict[str, Any]:
        return {
            "node_id": link.pin.node_id.hex(),
            "version": link.version,
            "handshake_hash": link.connection.handshake_hash.hex(),
        }

    async def pair_create(self, args: Members) -> dict[str, Any]:
        invite = await self.session.pair(args.text("passphrase") if "passphrase" in args else None)
        assert self.session.group_id is not None
        return {"invite": invite, "group_id": self.session.group_id.hex()}

    async def pair_join(self, args: Members) -> dict[str, Any]:
        passphrase = args.text("passphrase") if "passphrase" in args else None
        return {"group_id": (await self.session.pair_join(args.text("invite"), passphrase)).hex()}

    async def pair_cancel(self, args: Members) -> dict[str, Any]:
        await self.session.group.cancel_invite(args.text("invite"))
        return {}

    async def push(self, args: Members) -> dict[str, Any]:
        content = args.text("text") if "text" in args else args.hex_bytes("data")
        try:
            pushed = await self.session.push(content, id=args.optional_hex_bytes("id"))
        except ArgumentError as refused:
            raise ProtocolError(ErrorCode.ENVELOPE_MALFORMED, str(refused)) from None  # EN-15, EN-16
        result: dict[str, Any] = {"id": pushed.id.hex()}
        if "wait" in args and args.flag("wait"):
            acknowledged = await pushed.acknowledged()
            result |= {"cursor": str(acknowledged.cursor), "durable": acknowledged.durable}
        return result

    async def pull(self, args: Members) -> dict[str, Any]:
        messages = await self.session.pull(args.u64("after_cursor") if "after_cursor" in args else None)
        return {"messages": [message_json(m) for m in messages], "cursor": str(self.session.cursor())}

    async def sync(self, args: Members) -> dict[str, Any]:
        cursor = await self.session.sync()
        return {"cursor": str(cursor), "unsynced": self.session.store.queue.count()}

    async def subscribe(self, args: Members) -> dict[str, Any]:
        await self.session.subscribe()
        return {}

    async def reconnect(self, args: Members) -> dict[str, Any]:
        return self._connected(await self.session.reconnect())

    async def queue_drop(self, args: Members) -> dict[str, Any]:
        message_id = args.seed("id", 16)
        if message_id not in dict(self.session.store.queue.refused()):
            raise BadRequest("the message was not refused")
        dropped = self.session.group.queue.drop(message_id)
        if dropped is None:
            return {}
        content = dropped.content
        return {"text": content} if isinstance(content, str) else {"data": content.hex()}

    async def queue_retry(self, args: Members) -> dict[str, Any]:
        self.session.group.queue.retry(args.seed("id", 16))
        return {}

    async def disconnect(self, args: Members) -> dict[str, Any]:
        if self.session.group_id is not None:
            await self.session.group.disconnect()
        return {}

    # --- observations

    def _status(self) -> dict[str, Any]:
        if self.session.group_id is None:
            return {"connected": False, "unsynced": 0}
        queue, state = self.session.store.queue, self.session.group.state
        refused = [{"id": message_id.hex(), "code": code} for message_id, code in queue.refused()]
        status = {"connected": state.connected, "unsynced": state.queued} | ({"refused": refused} if refused else {})
        return status | retention_json(next((r.retention for r in state.relays if r.retention), None))

    def _completeness(self) -> dict[str, Any]:
        complete = self.session.group.completeness()
        return {
            "missing": stretches_json("sender", complete.sequences),
            "expired": stretches_json("relay", complete.cursors),
        }

    def refusal(self) -> Exception | None:
        """Why an action that ran out of time is not done."""
        if self.session.group_id is None:
            return RelayUnreachable("this device is in no group")
        member = self.session.require_member()
        refusal = member.outgoing.last_refusal
        if isinstance(refusal, ProtocolError) and refusal.wire_code is not None:
            return refusal
        return None if member.connected else RelayUnreachable("no relay answered in time")

    def _holds(self, until: Members) -> bool:
        if "messages" in until and len(self.messages) < until.number("messages"):
            return False
        return "event" not in until or any(e["type"] == until.text("event") for e in self.events)

    async def observe(self, what: list[str], until: Members, deadline_ms: int) -> dict[str, Any]:
        try:
            async with asyncio.timeout(deadline_ms / 1000), self.changed:
                await self.changed.wait_for(lambda: self._holds(until))
        except TimeoutError:
            pass  # the answer is what there is
        values: dict[str, Callable[[], Any]] = {
            "messages": lambda: [message_json(m) for m in self.messages],
            "events": lambda: list(self.events),
            "cursor": lambda: str(self.session.cursor()),
            "status": self._status,
            "completeness": self._completeness,
        }
        for name in what:
            if name not in values:
                raise Unsupported(f"observe {name}")
        return {name: values[name]() for name in what}


ACTIONS: dict[str, Callable[[Client, Members], Awaitable[dict[str, Any]]]] = {
    "connect": Client.connect,
    "pair_create": Client.pair_create,
    "pair_join": Client.pair_join,
    "pair_cancel": Client.pair_cancel,
    "push": Client.push,
    "pull": Client.pull,
    "sync": Client.sync,
    "subscribe": Client.subscribe,
    "disconnect": Client.disconnect,
    "reconnect": Client.reconnect,
    "queue_drop": Client.queue_drop,
    "queue_retry": Client.queue_retry,
}
CLIENT_ACTIONS = tuple(ACTIONS)


class ClientRole:
    def __init__(self) -> None:
        self._clients: dict[str, Client] = {}
        self._opened = 0

    async def open(self, request: Members) -> dict[str, Any]:
        if request.text("role") != "client":
            raise Unsupported(request.text("role"))
        config, clock = request.members("config"), Clock()
        if "now_ms" in request:
            clock.set_now(request.milliseconds("now_ms"))
        session = await SyncSession.new(
            None,
            [config.text("relay")] if "relay" in config else [],
            dir=Path(request.text("dir")),
            mode="classical" if config.value.get("mode") == "classical" else "hybrid",
            tofu_mode="strict" if config.value.get("tofu") == "strict" else "permissive",
            device_name=config.text("device_name") if "device_name" in config else "",
            access_token=config.text("access_token") if "access_token" in config else "",
            clock=clock,
        )
        self._opened += 1
        handle = f"client-{self._opened}"
        self._clients[handle] = Client(session)
        return {"handle": handle}

    def _client(self, request: Members) -> Client:
        client = self._clients.get(request.text("handle"))
        if client is None:
            raise BadRequest("there is no such handle")
        return client

    async def do(self, request: Members) -> dict[str, Any]:
        client, action = self._client(request), ACTIONS.get(request.text("action"))
        if action is None:
            raise Unsupported(request.text("action"))
        args = request.members("args") if "args" in request else Members({})
        try:
            async with asyncio.timeout(request.milliseconds("deadline_ms") / 1000):
                return await action(client, args)
        except TimeoutError:
            refusal = client.refusal()
            if refusal is None:
                raise
            raise refusal from None

    async def observe(self, request: Members) -> dict[str, Any]:
        until = request.members("until") if "until" in request else Members({})
        deadline_ms = request.milliseconds("deadline_ms") if "deadline_ms" in request else 0
        return await self._client(request).observe(request.items("what"), until, deadline_ms if until.value else 1000)

    async def env(self, request: Members) -> dict[str, Any]:
        session = self._client(request).session
        if "net" in request:
            session.set_online(request.text("net") != "offline")
        if "set_now_ms" not in request and "advance_ms" not in request:
            return {}
        session.clock.stop()
        if "set_now_ms" in request:
            session.clock.set_now(request.milliseconds("set_now_ms"))
        if "advance_ms" in request:
            session.clock.advance(request.milliseconds("advance_ms"))
        deadline_ms = request.milliseconds("deadline_ms") if "deadline_ms" in request else IDLE_MS
        try:
            async with asyncio.timeout(deadline_ms / 1000):
                await session.idle()
        except TimeoutError:
            return {"idle": False}
        return {"idle": True}

    async def close(self, request: Members) -> dict[str, Any]:
        client = self._client(request)
        del self._clients[request.text("handle")]
        await client.session.close()
        return {}

    async def close_all(self) -> None:
        for client in self._clients.values():
            await client.session.close()
        self._clients.clear()
