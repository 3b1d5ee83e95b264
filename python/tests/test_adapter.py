"""The adapter as a process: ZKCP/1."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from zerok_sync_conformance.adapter import OPS

from .conftest import ROOT, Relay


class Adapter:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [str(ROOT / "conformance/implementations/python/adapter")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._id = 0

    def ask(self, cmd: str, **members: Any) -> dict[str, Any]:
        self._id += 1
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps({"id": self._id, "cmd": cmd, **members}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert answer.pop("id") == self._id and len(answer) == 1
        return answer

    def do(self, handle: str, action: str, **args: Any) -> dict[str, Any]:
        return self.ask("do", handle=handle, action=action, args=args, deadline_ms=30000)

    def close(self) -> int:
        assert self._process.stdin is not None
        self._process.stdin.close()
        return self._process.wait(20)


@pytest.fixture
def adapter() -> Iterator[Adapter]:
    started = Adapter()
    yield started
    assert started.close() == 0


def test_hello_and_unknown_things(adapter: Adapter) -> None:
    hello = adapter.ask("hello", protocol=1)["ok"]
    assert all(hello["capabilities"][name] is True for name in (*OPS, "client", "pair_join"))
    assert adapter.ask("eval", op="no.such", **{"in": {}}) == {"unsupported": {"what": "no.such"}}
    assert adapter.ask("frobnicate") == {"unsupported": {"what": "frobnicate"}}
    assert "error" in adapter.ask("eval", op="padme.pad", **{"in": {"len": "2"}})
    assert adapter.ask("ping", nonce="ab") == {"ok": {"nonce": "ab"}}


WRONG_LENGTHS: list[tuple[str, dict[str, Any]]] = [
    ("aead.xchacha20poly1305.open", {"key": "00" * 31, "nonce": "00" * 24, "ad": "", "ciphertext": "00" * 16}),
    ("aead.xchacha20poly1305.open", {"key": "00" * 32, "nonce": "00" * 23, "ad": "", "ciphertext": "00" * 16}),
    ("kem.mlkem768.decaps", {"dz": "00" * 63, "ct": "00" * 1088}),
    ("record.open", {"key": "00" * 31, "n": "0", "record": "00" * 19}),
    ("preface.parse", {"bytes": "304b01"}),
    ("member.verify", {"record": "", "group_id": "00" * 31, "auth_key": "00" * 32}),
    ("envelope.open", {"envelope": "", "group_id": "00" * 31, "epochs": [], "members": []}),
]


def test_a_member_of_another_length_is_an_error_and_no_refusal(adapter: Adapter) -> None:
    for op, given in WRONG_LENGTHS:
        assert "error" in adapter.ask("eval", op=op, **{"in": given}, draws={}), op


def test_garbage_is_rejected_never_a_crash(adapter: Adapter) -> None:
    """SC-22: seeded noise and mutations in every op that parses."""
    rng = random.Random(7)
    for _ in range(300):
        data = rng.randbytes(rng.randrange(200)).hex()
        keys = {"key": "00" * 32, "n": "0"}
        for op, given in (
            ("frame.decode", {"bytes": data, "from": "client"}),
            ("record.open", {"record": data, **keys}),
            ("envelope.open", {"envelope": data, "group_id": "00" * 32, "epochs": [], "members": []}),
            ("member.verify", {"record": data, "group_id": "00" * 32, "auth_key": "00" * 32}),
            ("invite.parse", {"link": "0ksync:" + data, "now_ms": 0}),
            ("welcome.open", {"payload": data, "mailbox_id": "00" * 16, "invite_key": "00" * 32}),
            ("relay.parse", {"text": data + "l@x:1"}),
            ("hs.responder", {"version": 1, "s_x25519": "11" * 32, "receive": [data]}),
        ):
            answer = adapter.ask("eval", op=op, draws={"e_x25519": "22" * 32}, **{"in": given})
            assert "reject" in answer or (op == "frame.decode" and data == ""), (op, data, answer)


def test_two_clients(adapter: Adapter, relay: Relay, tmp_path: Path) -> None:
    def opened(name: str, **config: Any) -> str:
        config = {"mode": "hybrid", "tofu": "strict", "device_name": name} | config
        handle: str = adapter.ask("open", role="client", dir=str(tmp_path / name), config=config)["ok"]["handle"]
        return handle

    laptop, phone = opened("laptop", relay=relay.relay), opened("phone")
    invite = adapter.do(laptop, "pair_create")["ok"]["invite"]
    assert "group_id" in adapter.do(phone, "pair_join", invite=invite)["ok"]
    assert adapter.do(phone, "connect")["ok"]["version"] == 2
    assert adapter.do(phone, "subscribe") == {"ok": {}}
    pushed = adapter.do(laptop, "push", text="hello", wait=True)["ok"]
    assert pushed["cursor"] == "3" and pushed["durable"] is True
    seen = adapter.ask(
        "observe", handle=phone, what=["messages", "cursor", "status"], until={"messages": 1}, deadline_ms=20000
    )["ok"]
    assert [(m["text"], m["cursor"]) for m in seen["messages"]] == [("hello", "3")]
    assert seen["status"] == {"connected": True, "unsynced": 0, "retention": {}}
    assert adapter.do(phone, "disconnect") == {"ok": {}}
    adapter.ask("env", handle=laptop, net="offline")
    assert adapter.do(laptop, "push", data="00ff", wait=True)["reject"]["class"] == "resource.limit"
    adapter.ask("env", handle=laptop, net="online")
    assert adapter.do(laptop, "sync")["ok"] == {"cursor": "4", "unsynced": 0}
    pulled = adapter.do(laptop, "pull", after_cursor="0")["ok"]
    assert [m.get("text") or m["data"] for m in pulled["messages"]] == ["hello", "00ff"]
    assert adapter.ask("close", handle=phone) == {"ok": {}}
    again = opened("phone")
    assert [m["cursor"] for m in adapter.do(again, "pull", after_cursor="3")["ok"]["messages"]] == ["4"]
    used = adapter.do(opened("third"), "pair_join", invite=invite)
    assert used["reject"]["class"] == "invite.used" and used["reject"]["code"] == 1052


def test_published_vectors(adapter: Adapter) -> None:
    """The hybrid vector in the shape of `hs.transcript`."""
    vector = json.loads((ROOT / "spec/vectors/noise/hybridXX_25519+MLKEM768_ChaChaPoly_BLAKE2s.json").read_text())

    def party(keys: dict[str, str]) -> dict[str, str]:
        names = {"s_dh_secret": "s_x25519", "s_kem_seed_dz": "s_mlkem", "e_dh": "e_x25519"}
        given = {new: keys[old] for old, new in names.items()} | {"e_mlkem": keys["e_kem_d"] + keys["e_kem_z"]}
        return given | {name: keys[name] for name in ("ekem_m", "skem_m") if name in keys}

    given = {
        "suite": vector["protocol_name"],
        "prologue": vector["prologue"],
        "initiator": party(vector["init"]),
        "responder": party(vector["resp"]),
        "payloads": [m["payload"] for m in vector["messages"]],
        "transport": [t["payload"] for t in vector["transport"]],
    }
    answer = adapter.ask("eval", op="hs.transcript", **{"in": given})["ok"]
    assert answer["messages"] == [m["ciphertext"] for m in vector["messages"]]
    assert answer["handshake_hash"] == vector["handshake_hash"]
    assert answer["transport"] == [t["ciphertext"] for t in vector["transport"]]
