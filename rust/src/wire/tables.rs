//! proto/zerok/sync/v1 as tables: what the strict wire walk (WI-13 to WI-20) checks of each field.

pub use super::frame_tables::*;
use super::schema::Kind::{Bytes, Enum, Message, Text, Uint32, Uint64};
use super::schema::Presence::{Implicit, Member, Optional, OptionalMessage, Repeated, Required};
use super::schema::Rule::{Any, Exact, ExactOrEmpty, Items, Max};
use super::schema::{Schema, field};
use crate::limits::*;

/// Every value that ErrorCode names.
pub const ERROR_CODES: &[u64] = &[
    0, 1000, 1001, 1002, 1003, 1004, 1010, 1011, 1012, 1013, 1014, 1015, 1016, 1017, 1020, 1021, 1022, 1023, 1030,
    1031, 1032, 1033, 1034, 1035, 1036, 1037, 1038, 1039, 1040, 1041, 1042, 1050, 1051, 1052, 2000, 2001, 2002, 2003,
    2004, 2005, 2006, 2007, 2008, 2009, 3000, 3001, 3002,
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

pub static STUB: Schema = Schema {
    name: "Stub",
    fields: &[
        field(1, "header", Bytes, Implicit, Max(HEADER_BYTES_MAX)),
        field(2, "body_hash", Bytes, Implicit, Exact(32)),
        field(3, "signature", Bytes, Implicit, Exact(64)),
    ],
};

pub static SEQUENCE_RANGE: Schema = Schema {
    name: "SequenceRange",
    fields: &[field(1, "from", Uint64, Implicit, Any), field(2, "to", Uint64, Implicit, Any)],
};

pub static MESSAGE: Schema = Schema {
    name: "Message",
    fields: &[
        field(1, "id", Bytes, Implicit, Exact(16)),
        field(2, "text", Text, Member, Max(CONTENT_BYTES_MAX)),
        field(3, "data", Bytes, Member, Max(CONTENT_BYTES_MAX)),
        field(4, "metadata", Text, Optional, Max(METADATA_BYTES_MAX)),
        field(5, "sent_at_ms", Uint64, Implicit, Any),
        field(7, "skipped", Message(&SEQUENCE_RANGE), Repeated, Items(SKIPPED_RANGES_MAX)),
        field(8, "topic", Text, Implicit, Max(TOPIC_BYTES_MAX)),
    ],
};

pub static ERROR: Schema = Schema {
    name: "Error",
    fields: &[
        field(1, "code", Enum(ERROR_CODES), Implicit, Any),
        field(2, "detail", Text, Implicit, Max(ERROR_DETAIL_BYTES_MAX)),
        field(3, "retry_after_ms", Uint64, Implicit, Any),
        field(4, "conflict", Message(&STUB), OptionalMessage, Any),
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
        field(3, "skipped", Message(&SEQUENCE_RANGE), Repeated, Items(SKIPPED_RANGES_MAX)),
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

pub static MEMBER_NAME: Schema = Schema {
    name: "MemberName",
    fields: &[
        field(1, "device_key", Bytes, Implicit, Exact(32)),
        field(2, "name", Text, Implicit, Max(DEVICE_NAME_BYTES_MAX)),
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
        field(6, "heads", Message(&STUB), Repeated, Items(DEVICES_MAX)),
        field(7, "names", Message(&MEMBER_NAME), Repeated, Items(DEVICES_MAX)),
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
        field(2, "payload", Bytes, Implicit, Max(MAILBOX_PAYLOAD_BYTES_MAX)),
        field(3, "expires_at_ms", Uint64, Implicit, Any),
    ],
};
