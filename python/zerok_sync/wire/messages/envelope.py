"""The messages of proto/zerok/sync/v1/envelope.proto; field comments there give the meaning of the bounds here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from ...limits import HEADER_BYTES_MAX, SKIPPED_RANGES_MAX, TOPIC_BYTES_MAX
from ..codec import Message, field


class ContentType(IntEnum):
    UNSPECIFIED = 0
    MESSAGE = 1
    INVITE = 2
    WELCOME = 3


@dataclass(slots=True)
class EnvelopeHeader(Message):
    version: int = field(1, "u32")
    group_id: bytes = field(2, "bytes", lengths=(32,))
    sender_key: bytes = field(3, "bytes", lengths=(32,))
    sequence: int = field(4, "u64")
    previous: bytes = field(5, "bytes", lengths=(32,))
    epoch: int = field(6, "u32")
    content_type: int = field(7, "enum", type=ContentType)


@dataclass(slots=True)
class Envelope(Message):
    header: bytes = field(1, "bytes")
    nonce: bytes = field(2, "bytes", lengths=(24,))
    ciphertext: bytes = field(3, "bytes")
    signature: bytes = field(4, "bytes", lengths=(64,))
    cursor: int = field(5, "u64")
    received_at_ms: int = field(6, "u64")


@dataclass(slots=True)
class Stub(Message):
    """An envelope with the hash of nonce and ciphertext in their place. EN-28."""

    header: bytes = field(1, "bytes", length_max=HEADER_BYTES_MAX)
    body_hash: bytes = field(2, "bytes", lengths=(32,))
    signature: bytes = field(3, "bytes", lengths=(64,))


@dataclass(slots=True)
class SequenceRange(Message):
    """Sequences of one sender, both ends included. EN-29."""

    from_: int = field(1, "u64")
    to: int = field(2, "u64")


@dataclass(slots=True)
class ContentMessage(Message):
    """`Message` of envelope.proto: plaintext of CONTENT_TYPE_MESSAGE."""

    id: bytes = field(1, "bytes", lengths=(16,))
    text: str | None = field(2, "string", presence=True, oneof="content")
    data: bytes | None = field(3, "bytes", presence=True, oneof="content")
    metadata: str | None = field(4, "string", presence=True)
    sent_at_ms: int = field(5, "u64")
    skipped: list[SequenceRange] = field(7, "message", type=SequenceRange, items_max=SKIPPED_RANGES_MAX)
    topic: str = field(8, "string", length_max=TOPIC_BYTES_MAX)
