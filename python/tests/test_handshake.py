"""Handshakes against the generated transcripts and published vectors: HS-01 to HS-11."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from zerok_sync.crypto.symmetric import chacha20poly1305_seal
from zerok_sync.noise import CLASSICAL, HYBRID, Handshake, NamedDraws, Suite
from zerok_sync.noise.symmetric import SymmetricState

ROOT = Path(__file__).resolve().parents[2]
NOISE = ROOT / "spec/vectors/noise"


def unhex(value: str) -> bytes:
    return bytes.fromhex(value)


def side(suite: Suite, initiator: bool, draws: dict[str, bytes], prologue: bytes, trace: list[Any]) -> Handshake:
    def on_token(token: str, state: SymmetricState) -> None:
        key = state.k.hex() if state.k else None
        trace.append({"token": token, "h": state.h.hex(), "ck": state.ck.hex(), "k": key, "n": state.n})

    kem = draws["s_mlkem_d"] + draws["s_mlkem_z"] if suite.hybrid else None
    return Handshake(suite, initiator, draws["s_x25519"], kem, NamedDraws(draws), prologue, on_token)


@pytest.mark.parametrize("suite", [CLASSICAL, HYBRID], ids=["classical", "hybrid"])
def test_transcript_every_token(suite: Suite) -> None:
    """HS-02: h, ck, k, n after each token at both ends, the split keys and the transport."""
    transcript = json.loads(
        (ROOT / f"generated/transcripts/{'hybrid' if suite.hybrid else 'classical'}.json").read_text()
    )
    assert unhex(transcript["prologue"]) == suite.prologue  # HS-01
    draws = {p: {k: unhex(v) for k, v in d.items()} for p, d in transcript["draws"].items()}
    traces: dict[str, list[Any]] = {"initiator": [], "responder": []}
    ends = {p: side(suite, p == "initiator", draws[p], suite.prologue, traces[p]) for p in traces}
    for message in transcript["messages"]:
        writer = message["from"]
        reader = "responder" if writer == "initiator" else "initiator"
        traces["initiator"].clear()
        traces["responder"].clear()
        written = ends[writer].write_message(unhex(message["payload"]))
        assert written.hex() == message["message"]
        assert ends[reader].read_message(written).hex() == message["payload"]
        assert traces["initiator"] == message["initiator"]
        assert traces["responder"] == message["responder"]
    for end in ends.values():
        assert end.handshake_hash.hex() == transcript["handshake_hash"]
        forward, backward, exporter = end.split()
        assert forward.hex() == transcript["k_initiator_to_responder"]
        assert backward.hex() == transcript["k_responder_to_initiator"]
        assert exporter.hex() == transcript["exporter"]
    for item in transcript["transport"]:
        key = forward if item["from"] == "initiator" else backward
        assert chacha20poly1305_seal(key, item["n"], b"", unhex(item["payload"])).hex() == item["ciphertext"]


@pytest.mark.parametrize("vector", json.loads((NOISE / "XX_25519_ChaChaPoly_BLAKE2s.json").read_text())["vectors"])
def test_published_classical(vector: dict[str, Any]) -> None:
    draws = [
        {"s_x25519": unhex(vector[f"{p}_static"]), "e_x25519": unhex(vector[f"{p}_ephemeral"])}
        for p in ("init", "resp")
    ]
    ends = [side(CLASSICAL, i == 0, draws[i], unhex(vector["init_prologue"]), []) for i in (0, 1)]
    for turn, message in enumerate(vector["messages"][:3]):
        payload = unhex(message["payload"])
        written = ends[turn % 2].write_message(payload)
        assert written.hex() == message["ciphertext"]
        assert ends[1 - turn % 2].read_message(written, len(payload)) == payload
    if "handshake_hash" in vector:
        assert ends[0].handshake_hash.hex() == vector["handshake_hash"]
    keys = ends[0].split()
    for turn, message in enumerate(vector["messages"][3:], start=3):
        sealed = chacha20poly1305_seal(keys[turn % 2], (turn - 3) // 2, b"", unhex(message["payload"]))
        assert sealed.hex() == message["ciphertext"]


def test_published_hybrid() -> None:
    vector = json.loads((NOISE / "hybridXX_25519+MLKEM768_ChaChaPoly_BLAKE2s.json").read_text())
    ends = []
    for party in ("init", "resp"):
        keys = vector[party]
        dz = unhex(keys["s_kem_seed_dz"])
        draws = {"s_x25519": unhex(keys["s_dh_secret"]), "s_mlkem_d": dz[:32], "s_mlkem_z": dz[32:]}
        draws |= {
            "e_x25519": unhex(keys["e_dh"]),
            "e_mlkem_d": unhex(keys["e_kem_d"]),
            "e_mlkem_z": unhex(keys["e_kem_z"]),
        }
        draws |= {name: unhex(keys[name]) for name in ("ekem_m", "skem_m") if name in keys}
        ends.append(side(HYBRID, party == "init", draws, unhex(vector["prologue"]), []))
    for turn, message in enumerate(vector["messages"]):
        payload = unhex(message["payload"])
        written = ends[turn % 2].write_message(payload)
        assert written.hex() == message["ciphertext"]
        ends[1 - turn % 2].read_message(written, len(payload))
    assert ends[1].handshake_hash.hex() == vector["handshake_hash"]
    forward, backward, _ = ends[0].split()
    assert (forward.hex(), backward.hex()) == (vector["k_initiator_to_responder"], vector["k_responder_to_initiator"])
