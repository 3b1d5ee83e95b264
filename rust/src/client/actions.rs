//! The actions that handles send to the driver.

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::error::Result;
use super::types::{Completeness, Delivered, Dropped};
use crate::crypto::Key;
use crate::envelope::Content;

pub struct Command {
    pub action: Action,
    pub deadline: Instant,
    pub reply: oneshot::Sender<Result<Output>>,
}

pub enum Action {
    Connect,
    /// CL-39.
    Reconnect,
    Push {
        id: [u8; 16],
        content: Content,
        wait: bool,
    },
    Pull {
        after: Option<u64>,
    },
    Sync,
    Subscribe,
    Completeness,
    PairCreate {
        passphrase: Option<String>,
    },
    PairJoin {
        invite: String,
        passphrase: Option<String>,
    },
    PairCancel {
        invite: String,
    },
    Resolve {
        id: [u8; 16],
        retry: bool,
    },
    Disconnect,
    Close,
}

#[derive(Debug)]
pub enum Output {
    Done,
    /// None for an announcement. CL-70.
    Dropped(Option<Dropped>),
    Complete(Completeness),
    Connected {
        node_id: Key,
        version: u8,
        handshake_hash: Key,
    },
    /// The message is in the outbox; the receipt brings cursor and durability when a relay has stored it.
    Pushed {
        id: [u8; 16],
        stored: Option<Stored>,
    },
    Pulled {
        messages: Vec<Delivered>,
        cursor: u64,
    },
    Synced {
        cursor: u64,
        unsynced: usize,
    },
    Invited {
        link: String,
        group_id: Key,
    },
    Joined {
        group_id: Key,
    },
}

#[derive(Clone, Copy, Debug)]
pub struct Stored {
    pub cursor: u64,
    pub durable: bool,
}
