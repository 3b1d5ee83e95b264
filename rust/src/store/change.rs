//! The records of the journal.

use serde::{Deserialize, Serialize};

use crate::crypto::Key;

/// The pinned keys of a relay. CL-30.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pin {
    #[serde(with = "crate::hexadecimal::serde")]
    pub node_id: Key,
    /// 32 bytes, or empty while it is not known. CL-33.
    #[serde(with = "crate::hexadecimal::serde")]
    pub kem_hash: Vec<u8>,
    /// 32 bytes, or empty while it is not known. CL-33.
    #[serde(with = "crate::hexadecimal::serde")]
    pub signing_key: Vec<u8>,
    /// Never replaced by what a relay shows. CL-32.
    pub fixed: bool,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Change {
    /// The device's seed. GR-10.
    Seed {
        #[serde(with = "crate::hexadecimal::serde")]
        seed: Key,
    },
    /// A verified Welcome: that of the invite, or that which a new group begins with.
    Group {
        #[serde(with = "crate::hexadecimal::serde")]
        welcome: Vec<u8>,
    },
    /// A verified MemberRecord's bytes. GR-14.
    Member {
        #[serde(with = "crate::hexadecimal::serde")]
        record: Vec<u8>,
    },
    /// A member's name, as it announced it. PA-22.
    Named {
        #[serde(with = "crate::hexadecimal::serde")]
        device: Key,
        name: String,
    },
    /// The relay that the session uses, `host:port`.
    Relay {
        address: String,
    },
    /// Pins the keys of the relay at `host:port`.
    Pinned {
        relay: String,
        pin: Pin,
    },
    /// Notes whether the relay, named by its NodeId, has this device's record.
    Enrolled {
        relay: String,
        enrolled: bool,
    },
    /// The pull cursor at a relay, a NodeId, and H of the envelope there. CL-01.
    Cursor {
        relay: String,
        after: u64,
        /// 32 bytes, or empty when that envelope never came. RL-42.
        #[serde(with = "crate::hexadecimal::serde")]
        hash: Vec<u8>,
    },
    /// EN-21.
    Accepted {
        #[serde(with = "crate::hexadecimal::serde")]
        stub: Vec<u8>,
    },
    /// Sequences that a sender named as those that never come. EN-29.
    Skipped {
        #[serde(with = "crate::hexadecimal::serde")]
        sender: Key,
        ranges: Vec<(u64, u64)>,
    },
    /// The cursor at which a relay gave an accepted envelope. CL-17.
    Located {
        relay: String,
        cursor: u64,
        #[serde(with = "crate::hexadecimal::serde")]
        hash: Key,
    },
    /// Cursors of a relay that were removed before this device had them. CL-08, CL-14.
    Expired {
        relay: String,
        from: u64,
        to: u64,
    },
    /// A message and where it stands in a relay's log. CL-07, EN-16.
    Logged {
        relay: String,
        cursor: u64,
        received_at_ms: u64,
        #[serde(with = "crate::hexadecimal::serde")]
        sender: Key,
        /// A Message's bytes.
        #[serde(with = "crate::hexadecimal::serde")]
        plaintext: Vec<u8>,
    },
    /// An id that was delivered, of a message that stands in no log any more. EN-16.
    Seen {
        #[serde(with = "crate::hexadecimal::serde")]
        sender: Key,
        #[serde(with = "crate::hexadecimal::serde")]
        id: [u8; 16],
    },
    /// CL-20.
    Queued {
        #[serde(with = "crate::hexadecimal::serde")]
        id: [u8; 16],
        content_type: u32,
        #[serde(with = "crate::hexadecimal::serde")]
        plaintext: Vec<u8>,
        /// Present in a compacted journal, when it was sealed already.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        sequence: Option<u64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refused: Option<u32>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        skipped: Vec<(u64, u64)>,
        #[serde(default)]
        unanswered: bool,
    },
    /// The message with this id was sealed, and names these sequences as skipped. CL-22, EN-29.
    Sealed {
        #[serde(with = "crate::hexadecimal::serde")]
        id: [u8; 16],
        skipped: Vec<(u64, u64)>,
        #[serde(with = "crate::hexadecimal::serde")]
        envelope: Vec<u8>,
    },
    /// An entry whose place another copy of this device has waits to be sealed anew. CL-28.
    Unsealed {
        sequence: u64,
    },
    /// An own sequence that was sealed and never comes, and that no plaintext names yet. EN-29.
    Unnamed {
        sequence: u64,
    },
    /// The verified stub behind which the own chain goes on. CL-21.
    TakenOver {
        #[serde(with = "crate::hexadecimal::serde")]
        stub: Vec<u8>,
    },
    /// An own envelope that this copy of the device had lost. CL-21.
    Recovered {
        sequence: u64,
        #[serde(with = "crate::hexadecimal::serde")]
        envelope: Vec<u8>,
    },
    /// CL-43; the cursor is 0 where the relay named none.
    Acknowledged {
        sequence: u64,
        relay: String,
        cursor: u64,
    },
    Refused {
        sequence: u64,
        code: u32,
    },
    /// A refused entry is sent again, and its answer may be lost. CL-61.
    Sent {
        sequence: u64,
    },
    /// CL-62: the relay that has lost an own envelope refuses it for good.
    Withdrawn {
        sequence: u64,
    },
    /// CL-47.
    Retried {
        #[serde(with = "crate::hexadecimal::serde")]
        id: [u8; 16],
    },
    /// CL-48.
    Dropped {
        #[serde(with = "crate::hexadecimal::serde")]
        id: [u8; 16],
    },
    /// EN-24; the sender's record may be unknown (CL-09).
    Held {
        relay: String,
        #[serde(with = "crate::hexadecimal::serde")]
        envelope: Vec<u8>,
        has_record: bool,
    },
    Released {
        #[serde(with = "crate::hexadecimal::serde")]
        hash: Key,
    },
    /// EN-26; `unsigned`: for its signature alone (EN-34).
    Quarantined {
        class: String,
        unsigned: bool,
        relay: String,
        #[serde(with = "crate::hexadecimal::serde")]
        envelope: Vec<u8>,
    },
    /// Judged again, and taken. CL-12, EN-34.
    Unquarantined {
        #[serde(with = "crate::hexadecimal::serde")]
        name: Key,
    },
    /// The stub that stays in its place, and another one for it (EN-23); an own one says that two copies of this device
    /// exist (CL-26).
    Forked {
        #[serde(with = "crate::hexadecimal::serde")]
        first: Vec<u8>,
        #[serde(with = "crate::hexadecimal::serde")]
        second: Vec<u8>,
        own: bool,
    },
}
