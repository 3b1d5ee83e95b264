"""Envelopes and stubs: names, sealing, and the checks of EN-20 that need no chain."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
from .wire.messages import (
    ContentMessage,
    ContentType,
    Envelope,
    EnvelopeHeader,
    MemberAnnouncement,
    SequenceRange,
    Stub,
)

Content = ContentMessage | MemberAnnouncement
ZERO_HASH = bytes(32)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a sender's chain; sequence 0 comes before the first envelope. EN-08."""

    sequence: int = 0
    hash: bytes = ZERO_HASH


@dataclass(frozen=True, slots=True)
class CheckedEnvelope:
    """An envelope of this group whose form holds; whether it is authentic is another question (EN-30)."""

    envelope: Envelope
    header: EnvelopeHeader
    body_hash: bytes
    """B, 32 bytes. EN-12."""
    hash: bytes
    """H, 32 bytes. EN-12."""

    @property
    def stub(self) -> Stub:
        return Stub(self.envelope.header, self.body_hash, self.envelope.signature)

    def signature_holds(self) -> bool:
        """EN-12."""
        return ed25519_verify(self.header.sender_key, self.hash, self.envelope.signature)


@dataclass(frozen=True, slots=True)
class CheckedStub:
    """A stub that verifies: its sender's own word for an envelope in that place. EN-28."""

    stub: Stub
    header: EnvelopeHeader
    hash: bytes = field(repr=False)


def hash_of_body(nonce: bytes, ciphertext: bytes) -> bytes:
    """B. EN-12."""
    return blake3(labels.BODY, nonce, ciphertext)


def hash_of_stub(header: bytes, body_hash: bytes) -> bytes:
    """H of a header and B. EN-12."""
    return blake3(labels.ENVELOPE, len(header).to_bytes(4, "big"), header, body_hash)


def envelope_hash(header: bytes, nonce: bytes, ciphertext: bytes) -> bytes:
    """H. EN-12."""
    return hash_of_stub(header, hash_of_body(nonce, ciphertext))


def check_content(content: Content, sequence: int) -> None:
    """EN-15, EN-16, EN-29. Raises ProtocolError of class envelope.parse."""
    _check_skipped(content.skipped, sequence)
    if isinstance(content, ContentMessage):
        size = len(content.text.encode()) if content.text is not None else len(content.data or b"")
        metadata = len(content.metadata.encode()) if content.metadata is not None else 0
        if content.text is None and content.data is None:
            raise _malformed("a message has no content")
        if len(content.id) != 16 or size > CONTENT_BYTES_MAX or metadata > METADATA_BYTES_MAX:
            raise _malformed("the content is larger than allowed")


def _check_skipped(skipped: Sequence[SequenceRange], sequence: int) -> None:
    """EN-29: the ranges ascend, do not touch, and lie below the envelope's own sequence."""
    above = 0
    for one in skipped:
        if not above < one.from_ <= one.to < sequence:
            raise _malformed("a plaintext names skipped sequences that cannot be")
        above = one.to + 1


def seal_envelope(
    group_id: bytes,
    sender_key: bytes,
    signing_seed: bytes,
    epoch: int,
    epoch_secret: bytes,
    head: Head,
    content: Content,
    nonce: bytes | None = None,
) -> CheckedEnvelope:
    """The envelope that follows `head`. EN-08 to EN-15."""
    check_content(content, head.sequence + 1)
    plaintext = content.encode()
    try:
        type(content).decode(plaintext)  # what no reader would take is not written
    except ProtocolError as failure:
        raise _malformed(str(failure)) from None
    kind = ContentType.MESSAGE if isinstance(content, ContentMessage) else ContentType.INVITE
    header = EnvelopeHeader(1, group_id, sender_key, head.sequence + 1, head.hash, epoch, kind)
    encoded = header.encode()
    nonce = secrets.token_bytes(24) if nonce is None else nonce
    key = message_key(epoch_secret, epoch, group_id)
    ciphertext = xchacha20poly1305_seal(key, nonce, encoded, pad(plaintext))
    body_hash = hash_of_body(nonce, ciphertext)
    name = hash_of_stub(encoded, body_hash)
    envelope = Envelope(encoded, nonce, ciphertext, ed25519_sign(signing_seed, name))
    return CheckedEnvelope(envelope, header, body_hash, name)


def _malformed(detail: str) -> ProtocolError:
    return ProtocolError(ErrorCode.ENVELOPE_MALFORMED, detail)


def parse_header(encoded: bytes) -> EnvelopeHeader:
    """The canonical header, 1 to HEADER_BYTES_MAX bytes. EN-03, EN-04, OV-02."""
    if not 1 <= len(encoded) <= HEADER_BYTES_MAX:
        raise _malformed("the header has another length")
    try:
        header = EnvelopeHeader.decode(encoded)
    except ProtocolError as failure:
        raise _malformed(str(failure)) from None
    if header.encode() != encoded:
        raise _malformed("the header is not canonical")
    return header


def _check_header(header: EnvelopeHeader, group_id: bytes) -> None:
    if header.version != 1:
        raise ProtocolError(ErrorCode.ENVELOPE_VERSION)  # EN-05
    if header.group_id != group_id:
        raise ProtocolError(ErrorCode.ENVELOPE_BINDING)  # EN-07
    if header.content_type not in (ContentType.MESSAGE, ContentType.INVITE):
        raise _malformed("content of this type is not accepted")  # EN-06
    if header.sequence == 0:
        raise _malformed("sequences start at 1")  # EN-08


def check_form(envelope: Envelope, group_id: bytes) -> CheckedEnvelope:
    """The first step of EN-20: everything that needs neither signature nor member nor chain."""
    if len(envelope.ciphertext) > CIPHERTEXT_BYTES_MAX:
        raise ProtocolError(ErrorCode.ENVELOPE_TOO_LARGE)
    if len(envelope.ciphertext) < CIPHERTEXT_BYTES_MIN:
        raise _malformed("the ciphertext is too short")
    if len(envelope.nonce) != 24 or len(envelope.signature) != 64:
        raise _malformed("nonce or signature has another length")
    header = parse_header(envelope.header)
    _check_header(header, group_id)
    return reread(envelope, header)


def reread(envelope: Envelope, header: EnvelopeHeader | None = None) -> CheckedEnvelope:
    """An envelope that was checked before it was stored."""
    body_hash = hash_of_body(envelope.nonce, envelope.ciphertext)
    name = hash_of_stub(envelope.header, body_hash)
    return CheckedEnvelope(envelope, header or EnvelopeHeader.decode(envelope.header), body_hash, name)


def check_stub(stub: Stub, group_id: bytes) -> CheckedStub:
    """EN-28. Raises ProtocolError."""
    header = parse_header(stub.header)
    _check_header(header, group_id)
    name = hash_of_stub(stub.header, stub.body_hash)
    if not ed25519_verify(header.sender_key, name, stub.signature):
        raise ProtocolError(ErrorCode.ENVELOPE_UNAUTHENTIC, "a stub does not verify")
    return CheckedStub(stub, header, name)


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
    check_content(content, header.sequence)
    return content
