//! The inputs and outputs of a session.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::crypto::Key;
use crate::error::Class;

/// CL-35.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Hybrid,
    Classical,
}

/// CL-31.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tofu {
    Permissive,
    Strict,
}

#[derive(Clone, Debug)]
pub struct Options {
    pub data_dir: PathBuf,
    pub mode: Mode,
    pub tofu: Tofu,
    /// The device's name, at most 64 bytes; members see it, relays do not.
    pub device_name: String,
    /// The token for relays that need one to create groups. SE-13.
    pub access_token: Option<String>,
    /// Longest duration of an action.
    pub timeout: Duration,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Text(String),
    Data(Vec<u8>),
}

/// The content of a message that was dropped, with which it can be pushed again. CL-70.
#[derive(Clone, Debug, PartialEq)]
pub struct Dropped {
    pub body: Body,
    pub metadata: Option<String>,
}

/// A message that passed every check of EN-20.
#[derive(Clone, Debug)]
pub struct Delivered {
    pub sender: Key,
    pub id: [u8; 16],
    pub body: Body,
    pub metadata: Option<String>,
    /// The sender's clock; for people. EN-17.
    pub sent_at_ms: u64,
    pub received_at_ms: u64,
    /// The cursor at the relay from which the message came.
    pub cursor: u64,
    pub own: bool,
}

/// The messages that this device knows that it lacks; ranges are first and last number, both included. CL-14.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Completeness {
    /// Sequences by sender, a device key.
    pub missing: BTreeMap<Key, Vec<(u64, u64)>>,
    /// Cursors by relay, a NodeId in hexadecimal, that were removed before this device had them.
    pub expired: BTreeMap<String, Vec<(u64, u64)>>,
}

#[derive(Clone, Debug)]
pub enum Event {
    /// EN-26.
    Rejected { class: Class, cursor: Option<u64> },
    /// EN-24: missing sequences were given up.
    Gap { sender: Key, from: u64, to: u64 },
    /// EN-23, CL-26.
    Fork { sender: Key, sequence: u64 },
    /// CL-06.
    RolledBack,
    /// CL-08: cursors that the relay, a NodeId, removed; or sequences of a sender (CL-28).
    Expired { relay: String, sender: Option<Key>, from: u64, to: u64 },
    /// CL-29: the relay, a NodeId, soon removes messages by age, from `at_ms` on, milliseconds since 1970.
    Expiring { relay: String, what: Expiring, at_ms: u64 },
    /// CL-11: sequences up to a head that the Welcome names.
    Withheld { relay: String, sender: Key, from: u64, to: u64 },
    /// CL-31: node ids in hexadecimal.
    RelayKeyChanged { before: String, after: String },
    /// CL-24: for good.
    Refused { code: u32 },
    /// PA-22.
    MemberJoined { device: Key, name: String },
    Disconnected {
        /// `host:port`.
        address: String,
        code: Option<u32>,
        class: Option<Class>,
    },
}

/// The messages that are about to go. CL-29.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiring {
    /// Messages of others that this device has not read.
    Unread,
    /// Messages that this device has, and that devices which join later will lack.
    History,
}

/// The rule by which a relay says that it removes; a claim. SE-18.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Retention {
    /// Age at which it removes messages; `None` if it removes none by age.
    pub expires_after: Option<Duration>,
    /// Bytes of one group above which it removes the oldest ones; `None` if it removes none by size.
    pub bytes_max: Option<u64>,
}

#[derive(Clone, Debug, Default)]
pub struct Status {
    pub connected: bool,
    /// Outbox entries that no relay has acknowledged.
    pub unsynced: usize,
    /// Messages that the relay refused, for good or for now, in the order of the outbox: id and number. CL-60.
    pub refused: Vec<([u8; 16], u32)>,
    /// The pull cursor at the session's relay.
    pub cursor: u64,
    /// The relay's retention as the last HelloAck said it; `None` before the first one. CL-19.
    pub retention: Option<Retention>,
    pub group_id: Option<Key>,
    pub device_key: Option<Key>,
    /// The members' names, as far as they are known. PA-22, PA-25.
    pub names: BTreeMap<Key, String>,
}
