"""`eval` ops over handshakes, records and frames."""

from __future__ import annotations

from typing import Any

from zerok_sync.crypto.symmetric import chacha20poly1305_seal
from zerok_sync.errors import ErrorCode, ProtocolError
from zerok_sync.noise import SUITES, Handshake, NamedDraws, Suite
from zerok_sync.pins import Pin
from zerok_sync.wire.frames import FrameReader, encode_frame, open_record, parse_preface, seal_record
from zerok_sync.wire.messages import Frame

from .primitives import Op
from .values import BadRequest, Members, Unsupported, from_json, to_json


def _named(name: str) -> Suite:
    for suite in SUITES.values():
        if suite.protocol_name == name:
            return suite
    raise Unsupported(name)


def _versioned(version: int) -> Suite:
    if version not in SUITES:
        raise BadRequest(f"there is no version {version}")
    return SUITES[version]


def _party(suite: Suite, initiator: bool, keys: Members, prologue: bytes) -> Handshake:
    draws = {name: keys.seed(name) for name in ("e_x25519", "ekem_m", "skem_m") if name in keys}
    s_mlkem = keys.seed("s_mlkem", 64) if suite.hybrid else None
    if suite.hybrid:
        e_mlkem = keys.seed("e_mlkem", 64)
        draws |= {"e_mlkem_d": e_mlkem[:32], "e_mlkem_z": e_mlkem[32:]}
    return Handshake(suite, initiator, keys.seed("s_x25519"), s_mlkem, NamedDraws(draws), prologue)


def transcript(i: Members, _: Members) -> dict[str, Any]:
    suite, prologue = _named(i.text("suite")), i.hex_bytes("prologue")
    initiator = _party(suite, True, i.members("initiator"), prologue)
    responder = _party(suite, False, i.members("responder"), prologue)
    payloads = i.hex_list("payloads")
    if len(payloads) != len(suite.rows):
        raise BadRequest("there is one payload for each message")
    messages = []
    for row, payload in zip(suite.rows, payloads, strict=True):
        writer, reader = (initiator, responder) if row.from_initiator else (responder, initiator)
        messages.append(writer.write_message(payload))
        reader.read_message(messages[-1], len(payload))
    keys = initiator.split()
    sealed = [chacha20poly1305_seal(keys[n % 2], n // 2, b"", p) for n, p in enumerate(i.hex_list("transport"))]
    return {
        "messages": [m.hex() for m in messages],
        "handshake_hash": initiator.handshake_hash.hex(),
        "k_initiator_to_responder": keys[0].hex(),
        "k_responder_to_initiator": keys[1].hex(),
        "transport": [c.hex() for c in sealed],
    }


def _static(i: Members, suite: Suite) -> tuple[bytes, bytes | None]:
    return i.seed("s_x25519"), i.seed("s_mlkem", 64) if suite.hybrid else None


def _draws(draws: Members) -> NamedDraws:
    return NamedDraws({name: draws.seed(name) for name in draws.value})


def _converse(handshake: Handshake, receive: list[bytes], pin: Pin | None) -> list[bytes]:
    """The messages written; HS-08 for too few or too many received ones."""
    send, pending = [], list(receive)
    while not handshake.complete:
        if handshake.writes_next:
            send.append(handshake.write_message())
        elif pending:
            handshake.read_message(pending.pop(0))
            if pin is not None and len(pending) == len(receive) - 1:
                pin.check_handshake(handshake)  # HS-12: after message 2, before message 3
        else:
            raise ProtocolError(ErrorCode.HANDSHAKE_ORDER, "a message is missing")
    if pending:
        raise ProtocolError(ErrorCode.HANDSHAKE_ORDER, "a message came after completion")
    return send


def initiator(i: Members, draws: Members) -> dict[str, Any]:
    suite = _versioned(i.number("version"))
    given = i.members("pin") if "pin" in i else Members({})
    pin = Pin(given.optional_hex_bytes("node_id") or b"", given.optional_hex_bytes("kem_hash") or b"")
    pin.check_suite(suite)
    handshake = Handshake(suite, True, *_static(i, suite), _draws(draws))
    send = _converse(handshake, i.hex_list("receive"), pin)
    k_send, k_receive, _ = handshake.split()
    result: dict[str, Any] = {
        "send": [m.hex() for m in send],
        "handshake_hash": handshake.handshake_hash.hex(),
        "k_send": k_send.hex(),
        "k_receive": k_receive.hex(),
        "node_id": handshake.remote_x25519.hex(),
    }
    return result | ({"kem_hash": handshake.kem_hash.hex()} if suite.hybrid else {})


def responder(i: Members, draws: Members) -> dict[str, Any]:
    suite = _versioned(i.number("version"))
    handshake = Handshake(suite, False, *_static(i, suite), _draws(draws))
    send = _converse(handshake, i.hex_list("receive"), None)
    k_receive, k_send, _ = handshake.split()
    return {
        "send": [m.hex() for m in send],
        "handshake_hash": handshake.handshake_hash.hex(),
        "k_send": k_send.hex(),
        "k_receive": k_receive.hex(),
    }


def frame_encode(i: Members, _: Members) -> dict[str, Any]:
    return {"bytes": encode_frame(from_json(Frame, i.value.get("frame"))).hex()}


def frame_decode(i: Members, _: Members) -> dict[str, Any]:
    sender = i.text("from")
    if sender not in ("client", "relay"):
        raise BadRequest("from is client or relay")
    reader = FrameReader(from_client=sender == "client")
    reader.feed(i.hex_bytes("bytes"))
    frames = []
    while (frame := reader.next()) is not None:
        frames.append(to_json(frame))
    reader.end()
    return {"frames": frames}


def record_seal(i: Members, _: Members) -> dict[str, Any]:
    return {"record": seal_record(i.seed("key"), i.u64("n"), i.hex_bytes("plaintext")).hex()}


def record_open(i: Members, _: Members) -> dict[str, Any]:
    key, record = i.seed("key"), i.hex_bytes("record")
    length = int.from_bytes(record[:2], "big")
    if len(record) < 2 or len(record) - 2 < length:
        raise ProtocolError(ErrorCode.STREAM_TRUNCATED)
    if len(record) - 2 > length:
        raise ProtocolError(ErrorCode.RECORD_INVALID, "bytes after the record")
    return {"plaintext": open_record(key, i.u64("n"), record[2:]).hex()}


def preface_parse(i: Members, _: Members) -> dict[str, Any]:
    version, kind = parse_preface(i.seed("bytes", 4))
    return {"version": version, "kind": kind}


OPS: dict[str, Op] = {
    "hs.transcript": transcript,
    "hs.initiator": initiator,
    "hs.responder": responder,
    "frame.encode": frame_encode,
    "frame.decode": frame_decode,
    "record.seal": record_seal,
    "record.open": record_open,
    "preface.parse": preface_parse,
}
