"""Invites and Welcomes: spec/pairing.md."""

from __future__ import annotations

import hmac
import secrets
from typing import NoReturn

from . import labels
from .crypto.asymmetric import ed25519_public
from .crypto.symmetric import (
    AuthenticationFailed,
    argon2id,
    blake3,
    derive,
    xchacha20poly1305_open,
    xchacha20poly1305_seal,
)
from .envelope import check_stub
from .errors import ErrorCode, ProtocolError
from .group import auth_seed, group_id_of_secret, member_record_body, verify_member_record
from .keytext import RelayAddress, decode_zbase32, encode_zbase32
from .limits import CLOCK_SKEW_MS_MAX, INVITE_CHARACTERS_MAX
from .padding import pad, unpad
from .passphrase import normalised
from .wire.messages import Invite, MemberRecordBody, PassphraseParameters, Welcome

SCHEME = "0ksync:"
CHECKSUM_BYTES = 4

_ADDED_RANGES = (
    # white space
    (0x09, 0x0D), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
    (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
    # invisible
    (0xAD, 0xAD), (0x034F, 0x034F), (0x061C, 0x061C), (0x180E, 0x180E), (0x200B, 0x200F), (0x202A, 0x202E),
    (0x2060, 0x206F), (0xFEFF, 0xFEFF),
    # quotes
    (0xAB, 0xAB), (0xBB, 0xBB), (0x2018, 0x201F), (0x2039, 0x203A), (0x300C, 0x300F),
    # dots
    (0x2026, 0x2026), (0x3002, 0x3002),
)  # fmt: skip
ADDED_BY_COPYING = frozenset("\"'`()<>[]{}.,;") | {chr(c) for a, b in _ADDED_RANGES for c in range(a, b + 1)}
"""Characters that reading an invite removes wherever they stand. PA-01."""


def _refuse(detail: str) -> NoReturn:
    raise ProtocolError(ErrorCode.INVITE_MALFORMED, detail)


def _checksum(invite: bytes) -> bytes:
    return blake3(labels.INVITE_CHECKSUM, invite)[:CHECKSUM_BYTES]  # PA-04


def check_argon2id(memory_kib: int, iterations: int, parallelism: int) -> None:
    """PA-08."""
    if not (19 * 1024 <= memory_kib <= 1024 * 1024 and 1 <= iterations <= 16 and 1 <= parallelism <= 16):
        _refuse("the passphrase parameters are out of bounds")
    if memory_kib * iterations < 38 * 1024:
        _refuse("the passphrase parameters are too weak")


def _check_invite(invite: Invite) -> None:
    """PA-03, PA-08."""
    if invite.version != 1 or invite.relay is None or not invite.relay.address:
        _refuse("the invite is of another version or names no relay")
    if RelayAddress.parse(invite.relay.address).address != invite.relay.address:
        _refuse("the relay's address is not host and port")
    if invite.passphrase is not None:
        check_argon2id(invite.passphrase.memory_kib, invite.passphrase.iterations, invite.passphrase.parallelism)


def make_link(invite: Invite) -> str:
    """Raises INVITE_MALFORMED where no reader would take it. PA-01 to PA-04."""
    encoded = invite.encode()
    _decode_invite(encoded)
    link = SCHEME + encode_zbase32(encoded + _checksum(encoded))
    if len(link) > INVITE_CHARACTERS_MAX:
        _refuse("the invite is too long")
    return link


def _decode_invite(encoded: bytes) -> Invite:
    try:
        invite = Invite.decode_canonical(encoded)
    except ProtocolError as failure:
        _refuse(str(failure))
    _check_invite(invite)
    return invite


def _without_additions(link: str) -> str:
    """Without what copying, mail and chat programs add, and in lower case. PA-01."""
    return "".join(c.lower() if c.isascii() else c for c in link if c not in ADDED_BY_COPYING)


def read_link(link: str) -> Invite:
    """The invite of any age. PA-01 to PA-04, PA-08."""
    text = _without_additions(link)
    if len(text) > INVITE_CHARACTERS_MAX or not text.startswith(SCHEME):
        _refuse("this is no 0k-sync invite")
    data = decode_zbase32(text.removeprefix(SCHEME))
    encoded, checksum = data[:-CHECKSUM_BYTES], data[-CHECKSUM_BYTES:]
    if not hmac.compare_digest(_checksum(encoded), checksum):
        _refuse("the checksum does not match: a character is mistyped")
    return _decode_invite(encoded)


def parse_link(link: str, now_ms: int) -> Invite:
    """The invite, which is not too old. PA-05."""
    invite = read_link(link)
    late_ms = now_ms - invite.expires_at_ms
    if late_ms > CLOCK_SKEW_MS_MAX:
        raise ProtocolError(
            ErrorCode.INVITE_EXPIRED,
            f"the invite ended {_span(late_ms)} ago by this device's clock; if it is new, one of two clocks is wrong",
        )
    return invite


def _span(milliseconds: int) -> str:
    minutes = milliseconds // 60_000
    for size, unit in ((24 * 60, "days"), (60, "hours")):
        if minutes >= 2 * size:
            return f"{minutes // size} {unit}"
    return f"{minutes} minutes"


def claim_token(device_seed: bytes, mailbox_id: bytes) -> bytes:
    """16 bytes, the same in every attempt of a device at one mailbox. PA-20."""
    return derive(device_seed, labels.CLAIM_TOKEN + mailbox_id, 16)


def welcome_key(
    invite_key: bytes, mailbox_id: bytes, parameters: PassphraseParameters | None, passphrase: str | None
) -> bytes:
    """PA-09, PA-11."""
    secret = invite_key
    if parameters is not None:
        check_argon2id(parameters.memory_kib, parameters.iterations, parameters.parallelism)
        secret += argon2id(
            normalised(passphrase or "").encode(),
            parameters.salt,
            parameters.memory_kib,
            parameters.iterations,
            parameters.parallelism,
            32,
        )
    return derive(secret, labels.WELCOME + mailbox_id)


def seal_welcome(welcome: bytes, key: bytes, mailbox_id: bytes, nonce: bytes | None = None) -> bytes:
    """The mailbox's payload. PA-10."""
    nonce = secrets.token_bytes(24) if nonce is None else nonce
    return nonce + xchacha20poly1305_seal(key, nonce, mailbox_id, pad(welcome))


def open_welcome(payload: bytes, key: bytes, mailbox_id: bytes) -> tuple[Welcome, list[MemberRecordBody]]:
    """The Welcome and its verified members, in order. PA-10, PA-12."""
    try:
        welcome = Welcome.decode(unpad(xchacha20poly1305_open(key, payload[:24], mailbox_id, payload[24:])))
        return welcome, _verify_welcome(welcome)
    except AuthenticationFailed:
        _refuse("the Welcome does not open; is the passphrase right?")
    except (ProtocolError, ValueError) as failure:
        _refuse(f"the Welcome is not acceptable: {failure}")


def _verify_welcome(welcome: Welcome) -> list[MemberRecordBody]:
    if welcome.version != 1:
        _refuse("another version")
    if not welcome.relays:
        _refuse("no relay")
    epochs = [e.epoch for e in welcome.epoch_secrets]
    if epochs[:1] != [0] or any(a >= b for a, b in zip(epochs, epochs[1:], strict=False)):
        _refuse("epochs do not ascend from 0")
    secrets_by_epoch = {e.epoch: e.secret for e in welcome.epoch_secrets}
    if not hmac.compare_digest(group_id_of_secret(secrets_by_epoch[0]), welcome.group_id):
        _refuse("the epoch secret is another group's")
    members = []
    for record in welcome.members:
        epoch = member_record_body(record).epoch
        if epoch not in secrets_by_epoch:
            _refuse("a member record names an epoch that is not given")
        auth_key = ed25519_public(auth_seed(secrets_by_epoch[epoch], epoch, welcome.group_id))
        members.append(verify_member_record(record, welcome.group_id, auth_key))
    senders = [check_stub(head, welcome.group_id).header.sender_key for head in welcome.heads]
    if len(set(senders)) < len(senders) or not {body.device_key for body in members}.issuperset(senders):
        _refuse("its heads are not one of each member at most")
    return members
