"""The messages of proto/zerok/sync/v1/group.proto; field comments there give the meaning of the bounds here."""

from __future__ import annotations

from dataclasses import dataclass

from ...limits import (
    DEVICE_NAME_BYTES_MAX,
    DEVICES_MAX,
    EPOCHS_MAX,
    RELAY_ADDRESS_BYTES_MAX,
    RELAYS_MAX,
    SKIPPED_RANGES_MAX,
)
from ..codec import Message, field
from .envelope import SequenceRange, Stub


@dataclass(slots=True)
class MemberRecordBody(Message):
    group_id: bytes = field(1, "bytes", lengths=(32,))
    device_key: bytes = field(2, "bytes", lengths=(32,))
    xwing_key: bytes = field(3, "bytes", lengths=(1216,))
    epoch: int = field(4, "u32")


@dataclass(slots=True)
class MemberRecord(Message):
    body: bytes = field(1, "bytes")
    device_signature: bytes = field(2, "bytes", lengths=(64,))
    auth_signature: bytes = field(3, "bytes", lengths=(64,))


@dataclass(slots=True)
class MemberAnnouncement(Message):
    name: str = field(1, "string", length_max=DEVICE_NAME_BYTES_MAX)
    record: MemberRecord | None = field(2, "message", type=MemberRecord, required=True)
    skipped: list[SequenceRange] = field(3, "message", type=SequenceRange, items_max=SKIPPED_RANGES_MAX)


@dataclass(slots=True)
class RelayPin(Message):
    address: str = field(1, "string", length_max=RELAY_ADDRESS_BYTES_MAX)
    node_id: bytes = field(2, "bytes", lengths=(32,))
    kem_hash: bytes = field(3, "bytes", lengths=(0, 32))
    signing_key: bytes = field(4, "bytes", lengths=(0, 32))


@dataclass(slots=True)
class EpochSecret(Message):
    epoch: int = field(1, "u32")
    secret: bytes = field(2, "bytes", lengths=(32,))


@dataclass(slots=True)
class MemberName(Message):
    device_key: bytes = field(1, "bytes", lengths=(32,))
    name: str = field(2, "string", length_max=DEVICE_NAME_BYTES_MAX)


@dataclass(slots=True)
class Welcome(Message):
    version: int = field(1, "u32")
    group_id: bytes = field(2, "bytes", lengths=(32,))
    relays: list[RelayPin] = field(3, "message", type=RelayPin, items_max=RELAYS_MAX)
    members: list[MemberRecord] = field(4, "message", type=MemberRecord, items_max=DEVICES_MAX)
    epoch_secrets: list[EpochSecret] = field(5, "message", type=EpochSecret, items_max=EPOCHS_MAX)
    heads: list[Stub] = field(6, "message", type=Stub, items_max=DEVICES_MAX)
    names: list[MemberName] = field(7, "message", type=MemberName, items_max=DEVICES_MAX)
