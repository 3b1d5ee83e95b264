"""The line protocol: requests in, answers out, in flight together."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from zerok_sync.errors import ProtocolError, RelayUnreachable, SyncError

from . import channel, data, primitives
from .client_role import CLIENT_ACTIONS, ClientRole
from .values import BadRequest, Members, Unsupported

MAX_IN_FLIGHT = 4
MAX_LINE = 8 * 1024 * 1024
OPS: dict[str, primitives.Op] = primitives.OPS | channel.OPS | data.OPS
ISSUE = "a relay is not part of this implementation"


def _hello(request: Members) -> dict[str, Any]:
    capabilities: dict[str, Any] = {name: True for name in (*OPS, "client", *CLIENT_ACTIONS, "expiring")}
    return {
        "protocol": 1,
        "impl": {
            "name": "zerok-sync",
            "version": "0.1.0",
            "language": "python",
            "url": "python",
        },
        "profiles": ["vectors", "core-client", "hybrid", "pairing"],
        "capabilities": capabilities | {"relay": {"unsupported": ISSUE, "issue": ISSUE}},
        "limits": {"max_in_flight": MAX_IN_FLIGHT, "max_line": MAX_LINE},
    }


def _eval(request: Members) -> dict[str, Any]:
    op = OPS.get(request.text("op"))
    if op is None:
        raise Unsupported(request.text("op"))
    inputs = dict(request.members("in").value)
    if "now_ms" in request:
        inputs.setdefault("now_ms", request.value["now_ms"])
    return op(Members(inputs), request.members("draws") if "draws" in request else Members({}))


class Adapter:
    def __init__(self) -> None:
        self._clients = ClientRole()
        commands: dict[str, Callable[[Members], Awaitable[dict[str, Any]]]] = {
            "open": self._clients.open,
            "do": self._clients.do,
            "observe": self._clients.observe,
            "env": self._clients.env,
            "close": self._clients.close,
        }
        self._commands = commands

    async def answer(self, request: Members) -> dict[str, Any]:
        """The one member beside `id`."""
        try:
            return {"ok": await self._run(request)}
        except ProtocolError as failure:
            reject: dict[str, Any] = {"class": failure.reject_class, "detail": str(failure)}
            if failure.wire_code is not None:
                reject["code"] = failure.wire_code
            return {"reject": reject}
        except RelayUnreachable as failure:
            return {"reject": {"class": "resource.limit", "detail": str(failure)}}
        except Unsupported as failure:
            return {"unsupported": {"what": str(failure)}}
        except (BadRequest, SyncError, TimeoutError, KeyError) as failure:
            return {"error": {"detail": f"{type(failure).__name__}: {failure}"}}
        except Exception as failure:  # a broken invariant is the adapter's failure, never its end
            return {"error": {"detail": f"{type(failure).__name__}: {failure}"}}

    async def _run(self, request: Members) -> dict[str, Any]:
        command = request.text("cmd")
        if command == "hello":
            return _hello(request)
        if command == "eval":
            return await asyncio.to_thread(_eval, request)
        if command == "ping":
            return {"nonce": request.value.get("nonce")}
        if command == "bye":
            return {}
        if command in self._commands:
            return await self._commands[command](request)
        raise Unsupported(command)

    async def shut_down(self) -> None:
        await self._clients.close_all()


async def _reader() -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=MAX_LINE + 1)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


def _write(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer, separators=(",", ":")) + "\n")
    sys.stdout.flush()


async def serve() -> None:
    """Until `bye` or the end of stdin."""
    adapter, reader = Adapter(), await _reader()
    tasks: set[asyncio.Task[None]] = set()

    async def handle(request: Members) -> None:
        _write({"id": request.value.get("id"), **await adapter.answer(request)})

    while line := await reader.readline():
        try:
            request = Members(json.loads(line))
        except (ValueError, BadRequest) as failure:
            print(f"not a request: {failure}", file=sys.stderr)
            continue
        if request.value.get("cmd") == "bye":
            await asyncio.gather(*tasks)
            await handle(request)
            break
        task = asyncio.create_task(handle(request))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)
    await adapter.shut_down()
