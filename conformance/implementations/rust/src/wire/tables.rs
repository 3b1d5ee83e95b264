//! proto/zerok/sync/v1 as tables: what the strict wire walk (WI-13 to WI-20) checks of each field.

use super::schema::Kind::{Bool, Bytes, Enum, Message, Text, Uint32, Uint64};
use super::schema::Presence::{Implicit, Member, Optional, OptionalMessage, Repeated, Required};
use super::schema::Rule::{Any, Exact, ExactOrEmpty, Items, Max};
use super::schema::{Schema, field};
use crate::limits::*;

/// Every value that ErrorCode names.
const ERROR_CODES: &[u64] = &[
    0, 1000, 1001, 1002, 1003, 1004, 1010, 1011, 1012, 1013, 1014, 1015, 1016, 1017, 1020, 1021, 1022, 1023, 1030,
    1031, 1032, 1033, 1034, 1035, 1036, 1037, 1038, 1040, 1041, 1042, 1050, 1051, 1052, 2000, 2001, 2002, 2003, 2004,
    2005, 2006, 2007, 2008, 3000, 3001, 3002,
];

pub static ENVELOPE_HEADER: Schema = Schema {
    name: "EnvelopeHeader",
    fields: &[
        field(1, "version", Uint32, Implicit, Any),
        field(2, "group_id", Bytes, Implicit, Exact(32)),
        field(3, "sender_key", Bytes, Implicit, Exact(32)),
        field(4, "sequence", Uint64, Implicit, Any),
        field(5, "previous", Bytes, Implicit, Exact(32)),
        field(6, "epoch", Uint32, Implicit, Any),
        field(7, "content_type", Enum(&[0, 1, 2, 3]), Implicit, Any),
    ],
};

pub static ENVELOPE: Schema = Schema {
    name: "Envelope",
    fields: &[
        field(1, "header", Bytes, Implicit, Any),
        field(2, "nonce", Bytes, Implicit, Exact(24)),
        field(3, "ciphertext", Bytes, Implicit, Any),
        field(4, "signature", Bytes, Implicit, Exact(64)),
        field(5, "cursor", Uint64, Implicit, Any),
        field(6, "received_at_ms", Uint64, Implicit, Any),
    ],
};

pub static MESSAGE: Schema = Schema {
    name: "Message",
    fields: &[
        field(1, "id", Bytes, Implicit, Exact(16)),
        field(2, "text", Text, Member, Max(CONTENT_BYTES_MAX)),
        field(3, "data", Bytes, Member, Max(CONTENT_BYTES_MAX)),
        field(4, "metadata", Text, Optional, Max(METADATA_BYTES_MAX)),
        field(5, "sent_at_ms", Uint64, Implicit, Any),
    ],
};

pub static ERROR: Schema = Schema {
    name: "Error",
    fields: &[
        field(1, "code", Enum(ERROR_CODES), Implicit, Any),
        field(2, "detail", Text, Implicit, Max(ERROR_DETAIL_BYTES_MAX)),
        field(3, "retry_after_ms", Uint64, Implicit, Any),
        field(4, "conflict", Message(&ENVELOPE), OptionalMessage, Any),
    ],
};

pub static MEMBER_RECORD_BODY: Schema = Schema {
    name: "MemberRecordBody",
    fields: &[
        field(1, "group_id", Bytes, Implicit, Exact(32)),
        field(2, "device_key", Bytes, Implicit, Exact(32)),
        field(3, "xwing_key", Bytes, Implicit, Exact(1216)),
        field(4, "epoch", Uint32, Implicit, Any),
    ],
};

pub static MEMBER_RECORD: Schema = Schema {
    name: "MemberRecord",
    fields: &[
        field(1, "body", Bytes, Implicit, Any),
        field(2, "device_signature", Bytes, Implicit, Exact(64)),
        field(3, "auth_signature", Bytes, Implicit, Exact(64)),
    ],
};

pub static MEMBER_ANNOUNCEMENT: Schema = Schema {
    name: "MemberAnnouncement",
    fields: &[
        field(1, "name", Text, Implicit, Max(DEVICE_NAME_BYTES_MAX)),
        field(2, "record", Message(&MEMBER_RECORD), Required, Any),
    ],
};

pub static RELAY_PIN: Schema = Schema {
    name: "RelayPin",
    fields: &[
        field(1, "address", Text, Implicit, Max(RELAY_ADDRESS_BYTES_MAX)),
        field(2, "node_id", Bytes, Implicit, Exact(32)),
        field(3, "kem_hash", Bytes, Implicit, ExactOrEmpty(32)),
        field(4, "signing_key", Bytes, Implicit, ExactOrEmpty(32)),
    ],
};

pub static EPOCH_SECRET: Schema = Schema {
    name: "EpochSecret",
    fields: &[field(1, "epoch", Uint32, Implicit, Any), field(2, "secret", Bytes, Implicit, Exact(32))],
};

pub static SENDER_HEAD: Schema = Schema {
    name: "SenderHead",
    fields: &[
        field(1, "sender_key", Bytes, Implicit, Exact(32)),
        field(2, "sequence", Uint64, Implicit, Any),
        field(3, "hash", Bytes, Implicit, Exact(32)),
    ],
};

pub static WELCOME: Schema = Schema {
    name: "Welcome",
    fields: &[
        field(1, "version", Uint32, Implicit, Any),
        field(2, "group_id", Bytes, Implicit, Exact(32)),
        field(3, "relays", Message(&RELAY_PIN), Repeated, Items(RELAYS_MAX)),
        field(4, "members", Message(&MEMBER_RECORD), Repeated, Items(DEVICES_MAX)),
        field(5, "epoch_secrets", Message(&EPOCH_SECRET), Repeated, Items(EPOCHS_MAX)),
        field(6, "heads", Message(&SENDER_HEAD), Repeated, Items(DEVICES_MAX)),
    ],
};

pub static PASSPHRASE_PARAMETERS: Schema = Schema {
    name: "PassphraseParameters",
    fields: &[
        field(1, "salt", Bytes, Implicit, Exact(16)),
        field(2, "memory_kib", Uint32, Implicit, Any),
        field(3, "iterations", Uint32, Implicit, Any),
        field(4, "parallelism", Uint32, Implicit, Any),
    ],
};

pub static INVITE: Schema = Schema {
    name: "Invite",
    fields: &[
        field(1, "version", Uint32, Implicit, Any),
        field(2, "relay", Message(&RELAY_PIN), Required, Any),
        field(3, "mailbox_id", Bytes, Implicit, Exact(16)),
        field(4, "invite_key", Bytes, Implicit, Exact(32)),
        field(5, "expires_at_ms", Uint64, Implicit, Any),
        field(6, "passphrase", Message(&PASSPHRASE_PARAMETERS), OptionalMessage, Any),
    ],
};

pub static MAILBOX_PUT: Schema = Schema {
    name: "MailboxPut",
    fields: &[
        field(1, "mailbox_id", Bytes, Implicit, Exact(16)),
        field(2, "payload", Bytes, Implicit, Max(MAILBOX_PAYLOAD_BYTES_MAX)),
        field(3, "expires_in_ms", Uint64, Implicit, Any),
    ],
};

pub static MAILBOX_CLAIM: Schema = Schema {
    name: "MailboxClaim",
    fields: &[field(1, "mailbox_id", Bytes, Implicit, Exact(16)), field(2, "claim_token", Bytes, Implicit, Exact(16))],
};

pub static MAILBOX_ACK: Schema = Schema {
    name: "MailboxAck",
    fields: &[field(1, "mailbox_id", Bytes, Implicit, Exact(16)), field(2, "claim_token", Bytes, Implicit, Exact(16))],
};

pub static MAILBOX_CANCEL: Schema =
    Schema { name: "MailboxCancel", fields: &[field(1, "mailbox_id", Bytes, Implicit, Exact(16))] };

pub static MAILBOX_ITEM: Schema = Schema {
    name: "MailboxItem",
    fields: &[
        field(1, "state", Enum(&[0, 1, 2, 3]), Implicit, Any),
        field(2, "payload", Bytes, Implicit, Any),
        field(3, "expires_at_ms", Uint64, Implicit, Any),
    ],
};

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
        field(3, "own_sequence", Uint64, Implicit, Any),
        field(4, "own_hash", Bytes, Implicit, ExactOrEmpty(32)),
        field(5, "epoch", Uint32, Implicit, Any),
        field(6, "limits", Message(&LIMITS), Required, Any),
        field(7, "server_time_ms", Uint64, Implicit, Any),
        field(8, "capabilities", Text, Repeated, Items(CAPABILITIES_MAX)),
        field(9, "signing_key", Bytes, Implicit, Exact(32)),
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
