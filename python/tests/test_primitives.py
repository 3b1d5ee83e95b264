"""Known answers of spec/vectors/crypto (SC-21), and the codecs' edges."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from zerok_sync.crypto import asymmetric, fips203, symmetric
from zerok_sync.errors import ProtocolError
from zerok_sync.keytext import RelayAddress, decode_zbase32, encode_zbase32, parse_key
from zerok_sync.padding import pad, padme, unpad
from zerok_sync.wire.frames import FrameReader

from .conftest import ROOT


def load(name: str) -> Any:
    return json.loads((ROOT / f"spec/vectors/crypto/{name}.json").read_text())


def unhex(vector: dict[str, Any], *names: str) -> list[bytes]:
    return [bytes.fromhex(vector[name]) for name in names]


@pytest.mark.parametrize("vector", load("ed25519-strict")["vectors"], ids=lambda v: v["name"])
def test_ed25519_strict(vector: dict[str, Any]) -> None:
    """SC-20."""
    assert asymmetric.ed25519_verify(*unhex(vector, "public", "message", "signature")) is vector["valid"]


@pytest.mark.parametrize("vector", load("ed25519")["vectors"])
def test_ed25519(vector: dict[str, Any]) -> None:
    seed, public, message, signature = unhex(vector, "seed", "public", "message", "signature")
    assert asymmetric.ed25519_public(seed) == public
    assert asymmetric.ed25519_sign(seed, message) == signature


def test_mlkem768_accumulated() -> None:
    """HS-07, FIPS 203: keys, encapsulation with given m, decapsulation, implicit rejection."""
    vector = load("ml-kem-768")
    rounds = vector["rounds"]
    stream, output = hashlib.shake_128(b"").digest(rounds * (64 + 32 + 1088)), hashlib.shake_128()
    for i in range(rounds):
        part = stream[i * 1184 : (i + 1) * 1184]
        dz, m, random_ciphertext = part[:64], part[64:96], part[96:]
        ek = asymmetric.mlkem768_public(dz)
        ciphertext, shared = fips203.encapsulate(ek, m)
        assert asymmetric.mlkem768_decapsulate(dz, ciphertext) == shared
        output.update(ek + ciphertext + shared + asymmetric.mlkem768_decapsulate(dz, random_ciphertext))
    assert output.hexdigest(32) == vector["digest"]


def test_mlkem768_refuses_what_is_not_reduced() -> None:
    """HS-06."""
    ek = asymmetric.mlkem768_public(bytes(64))
    for bad in (b"\x01\x0d\x00" + ek[3:], ek[:-1], ek + b"\0"):
        with pytest.raises(asymmetric.InvalidKey):
            asymmetric.mlkem768_encapsulate(bad)


def test_xwing() -> None:
    """GR-10."""
    vector = load("x-wing")
    public = asymmetric.xwing_public(bytes.fromhex(vector["seed"]))
    assert hashlib.sha256(public).hexdigest() == vector["public_sha256"]


@pytest.mark.parametrize("vector", load("argon2id")["vectors"])
def test_argon2id(vector: dict[str, Any]) -> None:
    password, salt, tag = unhex(vector, "password", "salt", "tag")
    cost = vector["memory_kib"], vector["iterations"], vector["parallelism"]
    assert symmetric.argon2id(password, salt, *cost, len(tag)) == tag


@pytest.mark.parametrize("vector", load("hkdf-sha256")["vectors"])
def test_hkdf(vector: dict[str, Any]) -> None:
    ikm, salt, info, okm = unhex(vector, "ikm", "salt", "info", "okm")
    assert symmetric.hkdf_sha256(ikm, salt, info, len(okm)) == okm


def test_x25519() -> None:
    """HS-05."""
    vectors = load("x25519")
    for vector in vectors["shared"]:
        secret, public, shared = unhex(vector, "secret", "public", "shared")
        assert asymmetric.x25519(secret, public) == shared
    with pytest.raises(asymmetric.InvalidKey):
        asymmetric.x25519(bytes(31) + b"\x40", bytes(32))


def test_key_text() -> None:
    """OV-03, PA-01."""
    key = bytes(range(32))
    assert parse_key(encode_zbase32(key)) == parse_key(key.hex()) == key
    for bad in (encode_zbase32(key)[:-1] + "b", encode_zbase32(key)[:-1], key.hex()[:-1], "l" * 52):
        with pytest.raises(ProtocolError):
            parse_key(bad)
    for length in range(40):
        data = bytes(range(length))
        assert decode_zbase32(encode_zbase32(data)) == data


def test_relay_address() -> None:
    """CL-34."""
    key = encode_zbase32(bytes(32))
    parsed = RelayAddress.parse(f"{key}.{'00' * 32}@[::1]:5")
    assert (parsed.host, parsed.port, parsed.node_id, parsed.kem_hash) == ("::1", 5, bytes(32), bytes(32))
    assert RelayAddress.parse("relay.example").address == "relay.example:4433"
    for bad in (
        "",
        ":1",
        "a:0",
        "a:65536",
        "a:b",
        "::1",
        "[::1",
        "[x]:1",
        "a b",
        "@a:1",
        f"{key}.@a",
        "x@a:1",
        "a:1:2",
    ):
        with pytest.raises(ProtocolError):
            RelayAddress.parse(bad)


def test_padding() -> None:
    """EN-14."""
    assert [padme(n) for n in (2, 9, 255, 257, 1000)] == [2, 10, 256, 272, 1024]
    for length in (0, 1, 252, 253, 1000):
        padded = pad(bytes(length))
        assert len(padded) >= 256 and unpad(padded) == bytes(length)
        for bad in (padded + b"\0", padded[:-1], (2**32 - 1).to_bytes(4, "big") + padded[4:]):
            with pytest.raises(ValueError):
                unpad(bad)
    with pytest.raises(ValueError):
        unpad(pad(b"a")[:-1] + b"\x01")


@pytest.mark.parametrize(
    ("frame", "reject_class"),
    [
        ("00", "frame.length"),  # an empty frame
        ("8000", "frame.length"),  # not minimal
        ("818040", "frame.length"),  # 2^20 + 1 bytes
        ("ffffffffff01", "frame.length"),
        ("05", "frame.length"),  # cut short
        ("020801", "frame.type"),  # no body
        ("03c20100", "frame.type"),  # an unknown body
        ("020300", "frame.parse"),  # field 0
        ("040b6a000c", "frame.parse"),  # a group
        ("040d6a0000", "frame.parse"),  # request_id with wire type 5, cut
        ("0608016a006a00", "frame.parse"),  # a member of the oneof twice
        ("0608016a007200", "frame.parse"),  # two members of the oneof
        ("06080108026a00", "frame.parse"),  # request_id twice
        ("050881006a00", "frame.parse"),  # a varint that is not minimal
        ("080880808080106a00", "frame.parse"),  # 2^32
        ("036a0500", "frame.parse"),  # a length beyond the message
        ("03aa0100", "frame.parse"),  # MailboxAck without its ids
    ],
)
def test_strict_wire_walk(frame: str, reject_class: str) -> None:
    """WI-10 to WI-20: whole, and byte by byte."""
    data = bytes.fromhex(frame)
    for size in (len(data), 1):
        reader = FrameReader(from_client=True)
        with pytest.raises(ProtocolError) as refused:
            for start in range(0, len(data), size):
                reader.feed(data[start : start + size])
                reader.next()
            reader.end()
        assert refused.value.reject_class == reject_class
