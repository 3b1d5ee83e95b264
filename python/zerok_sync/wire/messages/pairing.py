"""The messages of proto/zerok/sync/v1/pairing.proto; field comments there give the meaning of the bounds here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from ...limits import MAILBOX_PAYLOAD_BYTES_MAX
from ..codec import Message, field
from .group import RelayPin


class MailboxState(IntEnum):
    UNSPECIFIED = 0
    OPEN = 1
    CLAIMED = 2
    CLOSED = 3


@dataclass(slots=True)
class PassphraseParameters(Message):
    salt: bytes = field(1, "bytes", lengths=(16,))
    memory_kib: int = field(2, "u32")
    iterations: int = field(3, "u32")
    parallelism: int = field(4, "u32")


@dataclass(slots=True)
class Invite(Message):
    version: int = field(1, "u32")
    relay: RelayPin | None = field(2, "message", type=RelayPin, required=True)
    mailbox_id: bytes = field(3, "bytes", lengths=(16,))
    invite_key: bytes = field(4, "bytes", lengths=(32,))
    expires_at_ms: int = field(5, "u64")
    passphrase: PassphraseParameters | None = field(6, "message", type=PassphraseParameters)


@dataclass(slots=True)
class MailboxPut(Message):
    mailbox_id: bytes = field(1, "bytes", lengths=(16,))
    payload: bytes = field(2, "bytes", length_max=MAILBOX_PAYLOAD_BYTES_MAX)
    expires_in_ms: int = field(3, "u64")


@dataclass(slots=True)
class MailboxClaim(Message):
    mailbox_id: bytes = field(1, "bytes", lengths=(16,))
    claim_token: bytes = field(2, "bytes", lengths=(16,))


@dataclass(slots=True)
class MailboxAck(Message):
    mailbox_id: bytes = field(1, "bytes", lengths=(16,))
    claim_token: bytes = field(2, "bytes", lengths=(16,))


@dataclass(slots=True)
class MailboxCancel(Message):
    mailbox_id: bytes = field(1, "bytes", lengths=(16,))


@dataclass(slots=True)
class MailboxItem(Message):
    state: int = field(1, "enum", type=MailboxState)
    payload: bytes = field(2, "bytes", length_max=MAILBOX_PAYLOAD_BYTES_MAX)
    expires_at_ms: int = field(3, "u64")
