"""The messages of proto/zerok/sync/v1/frame.proto; field comments there give the meaning of the bounds here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from ...errors import ErrorCode
from ...limits import (
    ACCESS_TOKEN_BYTES_MAX,
    CAPABILITIES_MAX,
    DEVICES_MAX,
    PAGE_ITEMS_MAX,
    PUSH_ITEMS_MAX,
)
from ..codec import Message, field
from .envelope import Envelope, Stub
from .error import Error
from .group import MemberRecord
from .pairing import MailboxAck, MailboxCancel, MailboxClaim, MailboxItem, MailboxPut


class PushStatus(IntEnum):
    UNSPECIFIED = 0
    ACCEPTED = 1
    DUPLICATE = 2
    REMOVED = 3
    REFUSED = 4


@dataclass(slots=True)
class Enrolment(Message):
    record: MemberRecord | None = field(1, "message", type=MemberRecord, required=True)
    auth_key: bytes = field(2, "bytes", lengths=(32,))


@dataclass(slots=True)
class Hello(Message):
    group_id: bytes = field(1, "bytes", lengths=(32,))
    device_key: bytes = field(2, "bytes", lengths=(32,))
    signature: bytes = field(3, "bytes", lengths=(64,))
    enrolment: Enrolment | None = field(4, "message", type=Enrolment)
    access_token: str = field(5, "string", length_max=ACCESS_TOKEN_BYTES_MAX)


@dataclass(slots=True)
class Limits(Message):
    frame_bytes_max: int = field(1, "u32")
    ciphertext_bytes_max: int = field(2, "u32")
    requests_in_flight_max: int = field(3, "u32")
    push_items_max: int = field(4, "u32")
    page_bytes_max: int = field(5, "u32")
    credit_bytes_max: int = field(6, "u32")


@dataclass(slots=True)
class HelloAck(Message):
    head: int = field(1, "u64")
    floor: int = field(2, "u64")
    own_head: Stub | None = field(3, "message", type=Stub)
    epoch: int = field(5, "u32")
    limits: Limits | None = field(6, "message", type=Limits, required=True)
    server_time_ms: int = field(7, "u64")
    capabilities: list[str] = field(8, "string", items_max=CAPABILITIES_MAX)
    signing_key: bytes = field(9, "bytes", lengths=(32,))
    retention_seconds: int = field(10, "u32")
    retention_bytes: int = field(11, "u64")


@dataclass(slots=True)
class PushItem(Message):
    envelope: Envelope | None = field(1, "message", type=Envelope, required=True)
    skip: bool = field(2, "bool")


@dataclass(slots=True)
class Push(Message):
    items: list[PushItem] = field(1, "message", type=PushItem, items_max=PUSH_ITEMS_MAX)


@dataclass(slots=True)
class PushResult(Message):
    status: int = field(1, "enum", type=PushStatus)
    cursor: int = field(2, "u64")
    error: Error | None = field(3, "message", type=Error)


@dataclass(slots=True)
class PushAck(Message):
    results: list[PushResult] = field(1, "message", type=PushResult, items_max=PUSH_ITEMS_MAX)
    durable: bool = field(2, "bool")


@dataclass(slots=True)
class Pull(Message):
    after: int = field(1, "u64")
    hash_at_after: bytes = field(2, "bytes", lengths=(0, 32))
    bytes_max: int = field(3, "u32")


@dataclass(slots=True)
class LogSegment(Message):
    after: int = field(1, "u64")
    removed_through: int = field(2, "u64")
    envelopes: list[Envelope] = field(3, "message", type=Envelope, items_max=PAGE_ITEMS_MAX)
    next: int = field(4, "u64")
    head: int = field(5, "u64")


@dataclass(slots=True)
class Page(Message):
    segment: LogSegment | None = field(1, "message", type=LogSegment, required=True)
    has_more: bool = field(2, "bool")


@dataclass(slots=True)
class Subscribe(Message):
    after: int = field(1, "u64")
    hash_at_after: bytes = field(2, "bytes", lengths=(0, 32))
    credit_bytes: int = field(3, "u32")


@dataclass(slots=True)
class Deliver(Message):
    segment: LogSegment | None = field(1, "message", type=LogSegment, required=True)


@dataclass(slots=True)
class Credit(Message):
    bytes: int = field(1, "u32")


@dataclass(slots=True)
class Ack(Message):
    cursor: int = field(1, "u64")


@dataclass(slots=True)
class ListDevices(Message):
    pass


@dataclass(slots=True)
class DeviceList(Message):
    version: int = field(1, "u64")
    records: list[MemberRecord] = field(2, "message", type=MemberRecord, items_max=DEVICES_MAX)


@dataclass(slots=True)
class Ping(Message):
    pass


@dataclass(slots=True)
class Pong(Message):
    server_time_ms: int = field(1, "u64")


@dataclass(slots=True)
class Bye(Message):
    pass


@dataclass(slots=True)
class GoAway(Message):
    code: int = field(1, "enum", type=ErrorCode)
    reconnect_after_ms: int = field(2, "u64")


def _body(number: int, message: type[Message]) -> Message | None:
    body: Message | None = field(number, "message", type=message, oneof="body")
    return body


@dataclass(slots=True)
class Frame(Message):
    request_id: int = field(1, "u32")
    hello: Message | None = _body(2, Hello)
    push: Message | None = _body(3, Push)
    push_ack: Message | None = _body(4, PushAck)
    deliver: Message | None = _body(5, Deliver)
    page: Message | None = _body(6, Page)
    error: Message | None = _body(7, Error)
    pull: Message | None = _body(8, Pull)
    subscribe: Message | None = _body(9, Subscribe)
    credit: Message | None = _body(10, Credit)
    ack: Message | None = _body(11, Ack)
    hello_ack: Message | None = _body(12, HelloAck)
    ping: Message | None = _body(13, Ping)
    pong: Message | None = _body(14, Pong)
    bye: Message | None = _body(15, Bye)
    go_away: Message | None = _body(16, GoAway)
    list_devices: Message | None = _body(17, ListDevices)
    device_list: Message | None = _body(18, DeviceList)
    mailbox_put: Message | None = _body(19, MailboxPut)
    mailbox_claim: Message | None = _body(20, MailboxClaim)
    mailbox_ack: Message | None = _body(21, MailboxAck)
    mailbox_cancel: Message | None = _body(22, MailboxCancel)
    mailbox_item: Message | None = _body(23, MailboxItem)
