"""`eval` ops over primitives, keys and text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zerok_sync import padding
from zerok_sync.crypto import asymmetric, fips203, symmetric
from zerok_sync.errors import ErrorCode, ProtocolError
from zerok_sync.group import (
    DeviceKeys,
    RelayKeys,
    auth_seed,
    group_id_of,
    message_key,
    verify_hello,
    verify_member_record,
)
from zerok_sync.keytext import RelayAddress, parse_key
from zerok_sync.pairing import check_argon2id, claim_token
from zerok_sync.wire.messages import MemberRecord

from .values import BadRequest, Members

Op = Callable[[Members, Members], dict[str, Any]]


def blake3(i: Members, _: Members) -> dict[str, Any]:
    return {"hash": symmetric.blake3(i.hex_bytes("data")).hex()}


def hkdf(i: Members, _: Members) -> dict[str, Any]:
    return {
        "okm": symmetric.hkdf_sha256(
            i.hex_bytes("ikm"), i.hex_bytes("salt"), i.hex_bytes("info"), i.number("len")
        ).hex()
    }


def argon2id(i: Members, _: Members) -> dict[str, Any]:
    parameters = i.number("m_kib"), i.number("t"), i.number("p")
    check_argon2id(*parameters)
    return {"key": symmetric.argon2id(i.hex_bytes("password"), i.hex_bytes("salt"), *parameters, i.number("len")).hex()}


def aead_seal(i: Members, _: Members) -> dict[str, Any]:
    ciphertext = symmetric.xchacha20poly1305_seal(
        i.seed("key"), i.seed("nonce", 24), i.hex_bytes("ad"), i.hex_bytes("plaintext")
    )
    return {"ciphertext": ciphertext.hex()}


def aead_open(i: Members, _: Members) -> dict[str, Any]:
    try:
        plaintext = symmetric.xchacha20poly1305_open(
            i.seed("key"), i.seed("nonce", 24), i.hex_bytes("ad"), i.hex_bytes("ciphertext")
        )
    except symmetric.AuthenticationFailed:
        raise ProtocolError(ErrorCode.ENVELOPE_UNAUTHENTIC) from None
    return {"plaintext": plaintext.hex()}


def mlkem_keygen(i: Members, _: Members) -> dict[str, Any]:
    return {"ek": asymmetric.mlkem768_public(i.seed("dz", 64)).hex()}


def mlkem_encaps(i: Members, _: Members) -> dict[str, Any]:
    try:
        ciphertext, shared = fips203.encapsulate(i.hex_bytes("ek"), i.seed("m"))
    except asymmetric.InvalidKey as failure:
        raise ProtocolError(ErrorCode.HANDSHAKE_KEM_INVALID, str(failure)) from None
    return {"ct": ciphertext.hex(), "ss": shared.hex()}


def mlkem_decaps(i: Members, _: Members) -> dict[str, Any]:
    try:
        return {"ss": asymmetric.mlkem768_decapsulate(i.seed("dz", 64), i.hex_bytes("ct")).hex()}
    except asymmetric.InvalidKey as failure:
        raise ProtocolError(ErrorCode.HANDSHAKE_KEM_INVALID, str(failure)) from None


def xwing_keygen(i: Members, _: Members) -> dict[str, Any]:
    return {"pk": asymmetric.xwing_public(i.seed("seed")).hex()}


def ed25519_verify(i: Members, _: Members) -> dict[str, Any]:
    if not asymmetric.ed25519_verify(i.hex_bytes("pk"), i.hex_bytes("msg"), i.hex_bytes("sig")):
        raise ProtocolError(ErrorCode.ENVELOPE_UNAUTHENTIC)
    return {}


def dh(i: Members, _: Members) -> dict[str, Any]:
    try:
        return {"shared": asymmetric.x25519(i.seed("sk"), i.seed("pk")).hex()}
    except asymmetric.InvalidKey:
        raise ProtocolError(ErrorCode.HANDSHAKE_FAILED) from None


def nodeid_parse(i: Members, _: Members) -> dict[str, Any]:
    return {"nodeid": parse_key(i.text("text")).hex()}


def relay_parse(i: Members, _: Members) -> dict[str, Any]:
    relay = RelayAddress.parse(i.text("text"))
    result: dict[str, Any] = {"host": relay.host, "port": relay.port}
    if relay.node_id:
        result["nodeid"] = relay.node_id.hex()
    if relay.kem_hash:
        result["kem_hash"] = relay.kem_hash.hex()
    return result


def padme(i: Members, _: Members) -> dict[str, Any]:
    return {"len": padding.padme(i.number("len"))}


def group_keys(i: Members, _: Members) -> dict[str, Any]:
    secret, epoch = i.seed("secret"), i.number("epoch")
    if epoch and "group_id" not in i:
        raise BadRequest("an epoch above 0 needs group_id")
    given = i.seed("group_id") if "group_id" in i else b""
    public = asymmetric.ed25519_public(auth_seed(secret, epoch, given))
    group_id = given or group_id_of(public)
    return {
        "group_id": group_id.hex(),
        "auth_pub": public.hex(),
        "message_key": message_key(secret, epoch, group_id).hex(),
    }


def claim(i: Members, _: Members) -> dict[str, Any]:
    return {"claim_token": claim_token(i.seed("seed"), i.seed("mailbox_id", 16)).hex()}


def device_keys(i: Members, _: Members) -> dict[str, Any]:
    keys = DeviceKeys.derive(i.seed("seed"), i.seed("group_id"))
    return {"device_key": keys.device_key.hex(), "xwing_key": keys.xwing_key.hex()}


def relay_keys(i: Members, _: Members) -> dict[str, Any]:
    keys = RelayKeys.derive(i.seed("seed"))
    return {
        "node_id": keys.node_id.hex(),
        "mlkem_key": keys.mlkem_key.hex(),
        "kem_hash": keys.kem_hash.hex(),
        "signing_key": keys.signing_key.hex(),
    }


def member_make(i: Members, _: Members) -> dict[str, Any]:
    keys = DeviceKeys.derive(i.seed("device_seed"), i.seed("group_id"))
    return {"record": keys.member_record(i.seed("epoch_secret"), i.number("epoch")).encode().hex()}


def member_verify(i: Members, _: Members) -> dict[str, Any]:
    group_id, auth_key = i.seed("group_id"), i.seed("auth_key")
    body = verify_member_record(MemberRecord.decode(i.hex_bytes("record")), group_id, auth_key)
    return {"device_key": body.device_key.hex(), "xwing_key": body.xwing_key.hex(), "epoch": body.epoch}


def hello_make(i: Members, _: Members) -> dict[str, Any]:
    keys = DeviceKeys.derive(i.seed("device_seed"), i.seed("group_id"))
    signature = keys.hello_signature(i.seed("handshake_hash"))
    return {"device_key": keys.device_key.hex(), "signature": signature.hex()}


def hello_verify(i: Members, _: Members) -> dict[str, Any]:
    verify_hello(i.hex_bytes("device_key"), i.seed("group_id"), i.seed("handshake_hash"), i.hex_bytes("signature"))
    return {}


OPS: dict[str, Op] = {
    "hash.blake3": blake3,
    "kdf.hkdf-sha256": hkdf,
    "kdf.argon2id": argon2id,
    "aead.xchacha20poly1305.seal": aead_seal,
    "aead.xchacha20poly1305.open": aead_open,
    "kem.mlkem768.keygen": mlkem_keygen,
    "kem.mlkem768.encaps": mlkem_encaps,
    "kem.mlkem768.decaps": mlkem_decaps,
    "kem.xwing.keygen": xwing_keygen,
    "sig.ed25519.verify": ed25519_verify,
    "dh.x25519": dh,
    "nodeid.parse": nodeid_parse,
    "relay.parse": relay_parse,
    "padme.pad": padme,
    "kdf.group": group_keys,
    "kdf.claim": claim,
    "kdf.device": device_keys,
    "kdf.relay": relay_keys,
    "member.make": member_make,
    "member.verify": member_verify,
    "hello.make": hello_make,
    "hello.verify": hello_verify,
}
