"""Envelopes: sealing, and the checks of EN-20 in their order."""

from __future__ import annotations

import secrets
from collections.abc import Container, Mapping
from dataclasses import dataclass

from . import labels
from .crypto.asymmetric import ed25519_sign, ed25519_verify
from .crypto.symmetric import AuthenticationFailed, blake3, xchacha20poly1305_open, xchacha20poly1305_seal
from .errors import ErrorCode, ProtocolError
from .group import message_key
from .limits import (
    CIPHERTEXT_BYTES_MAX,
    CIPHERTEXT_BYTES_MIN,
    CONTENT_BYTES_MAX,
    HEADER_BYTES_MAX,
    METADATA_BYTES_MAX,
)
from .padding import pad, unpad
from .wire.messages import ContentMessage, ContentType, Envelope, EnvelopeHeader, MemberAnnouncement

Content = ContentMessage | MemberAnnouncement
ZERO_HASH = bytes(32)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a sender's chain; sequence 0 comes before the first envelope. EN-08."""

    sequence: int = 0
    hash: bytes = ZERO_HASH


@dataclass(frozen=True, slots=True)
class CheckedEnvelope:
    """An envelope of this group whose form and signature hold; its content is still sealed."""

    envelope: Envelope
    header: EnvelopeHeader
    hash: bytes


def envelope_hash(header: bytes, nonce: bytes, ciphertext: bytes) -> bytes:
    """H. EN-12."""
    return blake3(labels.ENVELOPE, len(header).to_bytes(4, "big"), header, nonce, ciphertext)


def check_content(content: Content) -> None:
    """EN-15, EN-16. Raises ProtocolError of class envelope.parse."""
    if isinstance(content, ContentMessage):
        size = len(content.text.encode()) if content.text is not None else len(content.data or b"")
        metadata = len(content.metadata.encode()) if content.metadata is not None else 0
        if content.text is None and content.data is None:
            raise ProtocolError(ErrorCode.ENVELOPE_MALFORMED, "a message has no content")
        if len(content.id) != 16 or size > CONTENT_BYTES_MAX or metadata > METADATA_BYTES_MAX:
            raise ProtocolError(ErrorCode.ENVELOPE_MALFORMED, "the content is larger than allowed")


def seal_envelope(
    group_id: bytes,
    sender_key: bytes,
    signing_seed: bytes,
    epoch: int,
    epoch_secret: bytes,
    head: Head,
    content: Content,
    nonce: bytes | None = None,
) -> tuple[Envelope, bytes]:
    """(envelope, H) that follows `head`. EN-08 to EN-15."""
    check_content(content)
    plaintext = content.encode()
    try:
        type(content).decode(plaintext)  # what no reader would take is not written
    except ProtocolError as failure:
        raise ProtocolError(ErrorCode.ENVELOPE_MALFORMED, str(failure)) from None
    kind = ContentType.MESSAGE if isinstance(content, ContentMessage) else ContentType.INVITE
    header = EnvelopeHeader(1, group_id, sender_key, head.sequence + 1, head.hash, epoch, kind).encode()
    nonce = secrets.token_bytes(24) if nonce is None else nonce
    key = message_key(epoch_secret, epoch, group_id)
    ciphertext = xchacha20poly1305_seal(key, nonce, header, pad(plaintext))
    name = envelope_hash(header, nonce, ciphertext)
    return Envelope(header, nonce, ciphertext, ed25519_sign(signing_seed, name)), name


def _malformed(detail: str) -> ProtocolError:
    return ProtocolError(ErrorCode.ENVELOPE_MALFORMED, detail)


def parse_header(envelope: Envelope) -> EnvelopeHeader:
    """Sizes and the canonical header. EN-03, EN-04, OV-02."""
    if len(envelope.ciphertext) > CIPHERTEXT_BYTES_MAX:
        raise ProtocolError(ErrorCode.ENVELOPE_TOO_LARGE)
    if not 1 <= len(envelope.header) <= HEADER_BYTES_MAX or len(envelope.ciphertext) < CIPHERTEXT_BYTES_MIN:
        raise _malformed("header or ciphertext has another length")
    if len(envelope.nonce) != 24 or len(envelope.signature) != 64:
        raise _malformed("nonce or signature has another length")
    try:
        header = EnvelopeHeader.decode(envelope.header)
    except ProtocolError as failure:
        raise _malformed(str(failure)) from None
    if header.encode() != envelope.header:
        raise _malformed("the header is not canonical")
    return header


def check_envelope(envelope: Envelope, group_id: bytes, members: Container[bytes]) -> CheckedEnvelope:
    """Everything of EN-20 that needs no chain and no key."""
    header = parse_header(envelope)
    if header.version != 1:
        raise ProtocolError(ErrorCode.ENVELOPE_VERSION)  # EN-05
    if header.group_id != group_id:
        raise ProtocolError(ErrorCode.ENVELOPE_BINDING)  # EN-07
    if header.content_type not in (ContentType.MESSAGE, ContentType.INVITE):
        raise _malformed("content of this type is not accepted")  # EN-06
    if header.sequence == 0:
        raise _malformed("sequences start at 1")  # EN-08
    name = envelope_hash(envelope.header, envelope.nonce, envelope.ciphertext)
    if not ed25519_verify(header.sender_key, name, envelope.signature):
        raise ProtocolError(ErrorCode.ENVELOPE_UNAUTHENTIC)  # EN-12
    if header.sender_key not in members:
        raise ProtocolError(ErrorCode.ENVELOPE_UNAUTHENTIC, "the sender is no verified member")  # EN-07, CL-09
    return CheckedEnvelope(envelope, header, name)


def open_content(checked: CheckedEnvelope, epoch_secrets: Mapping[int, bytes]) -> Content:
    """The epoch's key, the AEAD, padding and plaintext. EN-09, EN-11, EN-14, EN-15."""
    header, envelope = checked.header, checked.envelope
    if header.epoch not in epoch_secrets:
        raise ProtocolError(ErrorCode.EPOCH_UNKNOWN)
    key = message_key(epoch_secrets[header.epoch], header.epoch, header.group_id)
    try:
        padded = xchacha20poly1305_open(key, envelope.nonce, envelope.header, envelope.ciphertext)
    except AuthenticationFailed:
        raise ProtocolError(ErrorCode.ENVELOPE_UNAUTHENTIC) from None
    kind: type[Content] = ContentMessage if header.content_type == ContentType.MESSAGE else MemberAnnouncement
    try:
        content = kind.decode(unpad(padded))
    except (ProtocolError, ValueError) as failure:
        raise _malformed(str(failure)) from None
    check_content(content)
    return content
