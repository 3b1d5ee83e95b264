//! frame.proto as tables.

use super::schema::Kind::{Bool, Bytes, Enum, Message, Text, Uint32, Uint64};
use super::schema::Presence::{Implicit, Member, OptionalMessage, Repeated, Required};
use super::schema::Rule::{Any, Exact, ExactOrEmpty, Items, Max};
use super::schema::{Schema, field};
use super::tables::*;
use crate::limits::*;

pub static FRAME: Schema = Schema {
    name: "Frame",
    fields: &[
        field(1, "request_id", Uint32, Implicit, Any),
        field(2, "hello", Message(&HELLO), Member, Any),
        field(3, "push", Message(&PUSH), Member, Any),
        field(4, "push_ack", Message(&PUSH_ACK), Member, Any),
        field(5, "deliver", Message(&DELIVER), Member, Any),
        field(6, "page", Message(&PAGE), Member, Any),
        field(7, "error", Message(&ERROR), Member, Any),
        field(8, "pull", Message(&PULL), Member, Any),
        field(9, "subscribe", Message(&SUBSCRIBE), Member, Any),
        field(10, "credit", Message(&CREDIT), Member, Any),
        field(11, "ack", Message(&ACK), Member, Any),
        field(12, "hello_ack", Message(&HELLO_ACK), Member, Any),
        field(13, "ping", Message(&PING), Member, Any),
        field(14, "pong", Message(&PONG), Member, Any),
        field(15, "bye", Message(&BYE), Member, Any),
        field(16, "go_away", Message(&GO_AWAY), Member, Any),
        field(17, "list_devices", Message(&LIST_DEVICES), Member, Any),
        field(18, "device_list", Message(&DEVICE_LIST), Member, Any),
        field(19, "mailbox_put", Message(&MAILBOX_PUT), Member, Any),
        field(20, "mailbox_claim", Message(&MAILBOX_CLAIM), Member, Any),
        field(21, "mailbox_ack", Message(&MAILBOX_ACK), Member, Any),
        field(22, "mailbox_cancel", Message(&MAILBOX_CANCEL), Member, Any),
        field(23, "mailbox_item", Message(&MAILBOX_ITEM), Member, Any),
    ],
};

pub static ENROLMENT: Schema = Schema {
    name: "Enrolment",
    fields: &[
        field(1, "record", Message(&MEMBER_RECORD), Required, Any),
        field(2, "auth_key", Bytes, Implicit, Exact(32)),
    ],
};

pub static HELLO: Schema = Schema {
    name: "Hello",
    fields: &[
        field(1, "group_id", Bytes, Implicit, Exact(32)),
        field(2, "device_key", Bytes, Implicit, Exact(32)),
        field(3, "signature", Bytes, Implicit, Exact(64)),
        field(4, "enrolment", Message(&ENROLMENT), OptionalMessage, Any),
        field(5, "access_token", Text, Implicit, Max(ACCESS_TOKEN_BYTES_MAX)),
    ],
};

pub static LIMITS: Schema = Schema {
    name: "Limits",
    fields: &[
        field(1, "frame_bytes_max", Uint32, Implicit, Any),
        field(2, "ciphertext_bytes_max", Uint32, Implicit, Any),
        field(3, "requests_in_flight_max", Uint32, Implicit, Any),
        field(4, "push_items_max", Uint32, Implicit, Any),
        field(5, "page_bytes_max", Uint32, Implicit, Any),
        field(6, "credit_bytes_max", Uint32, Implicit, Any),
    ],
};

pub static HELLO_ACK: Schema = Schema {
    name: "HelloAck",
    fields: &[
        field(1, "head", Uint64, Implicit, Any),
        field(2, "floor", Uint64, Implicit, Any),
        field(3, "own_head", Message(&STUB), OptionalMessage, Any),
        field(5, "epoch", Uint32, Implicit, Any),
        field(6, "limits", Message(&LIMITS), Required, Any),
        field(7, "server_time_ms", Uint64, Implicit, Any),
        field(8, "capabilities", Text, Repeated, Items(CAPABILITIES_MAX)),
        field(9, "signing_key", Bytes, Implicit, Exact(32)),
        field(10, "retention_seconds", Uint32, Implicit, Any),
        field(11, "retention_bytes", Uint64, Implicit, Any),
    ],
};

pub static PUSH_ITEM: Schema = Schema {
    name: "PushItem",
    fields: &[field(1, "envelope", Message(&ENVELOPE), Required, Any), field(2, "skip", Bool, Implicit, Any)],
};

pub static PUSH: Schema =
    Schema { name: "Push", fields: &[field(1, "items", Message(&PUSH_ITEM), Repeated, Items(PUSH_ITEMS_MAX))] };

pub static PUSH_RESULT: Schema = Schema {
    name: "PushResult",
    fields: &[
        field(1, "status", Enum(&[0, 1, 2, 3, 4]), Implicit, Any),
        field(2, "cursor", Uint64, Implicit, Any),
        field(3, "error", Message(&ERROR), OptionalMessage, Any),
    ],
};

pub static PUSH_ACK: Schema = Schema {
    name: "PushAck",
    fields: &[
        field(1, "results", Message(&PUSH_RESULT), Repeated, Items(PUSH_ITEMS_MAX)),
        field(2, "durable", Bool, Implicit, Any),
    ],
};

pub static PULL: Schema = Schema {
    name: "Pull",
    fields: &[
        field(1, "after", Uint64, Implicit, Any),
        field(2, "hash_at_after", Bytes, Implicit, ExactOrEmpty(32)),
        field(3, "bytes_max", Uint32, Implicit, Any),
    ],
};

pub static LOG_SEGMENT: Schema = Schema {
    name: "LogSegment",
    fields: &[
        field(1, "after", Uint64, Implicit, Any),
        field(2, "removed_through", Uint64, Implicit, Any),
        field(3, "envelopes", Message(&ENVELOPE), Repeated, Items(PAGE_ITEMS_MAX)),
        field(4, "next", Uint64, Implicit, Any),
        field(5, "head", Uint64, Implicit, Any),
    ],
};

pub static PAGE: Schema = Schema {
    name: "Page",
    fields: &[field(1, "segment", Message(&LOG_SEGMENT), Required, Any), field(2, "has_more", Bool, Implicit, Any)],
};

pub static SUBSCRIBE: Schema = Schema {
    name: "Subscribe",
    fields: &[
        field(1, "after", Uint64, Implicit, Any),
        field(2, "hash_at_after", Bytes, Implicit, ExactOrEmpty(32)),
        field(3, "credit_bytes", Uint32, Implicit, Any),
    ],
};

pub static DELIVER: Schema =
    Schema { name: "Deliver", fields: &[field(1, "segment", Message(&LOG_SEGMENT), Required, Any)] };

pub static CREDIT: Schema = Schema { name: "Credit", fields: &[field(1, "bytes", Uint32, Implicit, Any)] };

pub static ACK: Schema = Schema { name: "Ack", fields: &[field(1, "cursor", Uint64, Implicit, Any)] };

pub static LIST_DEVICES: Schema = Schema { name: "ListDevices", fields: &[] };

pub static DEVICE_LIST: Schema = Schema {
    name: "DeviceList",
    fields: &[
        field(1, "version", Uint64, Implicit, Any),
        field(2, "records", Message(&MEMBER_RECORD), Repeated, Items(DEVICES_MAX)),
    ],
};

pub static PING: Schema = Schema { name: "Ping", fields: &[] };

pub static PONG: Schema = Schema { name: "Pong", fields: &[field(1, "server_time_ms", Uint64, Implicit, Any)] };

pub static BYE: Schema = Schema { name: "Bye", fields: &[] };

pub static GO_AWAY: Schema = Schema {
    name: "GoAway",
    fields: &[
        field(1, "code", Enum(ERROR_CODES), Implicit, Any),
        field(2, "reconnect_after_ms", Uint64, Implicit, Any),
    ],
};
