//! The results of a segment, which are reported only after they are on disk. CL-03, EN-27.

use super::driver::Driver;
use super::error::Result;
use super::types::{Body, Delivered, Dropped, Event};
use crate::crypto::Key;
use crate::wire::{Message, Value};

#[derive(Default)]
pub struct Harvest {
    /// All new messages of the log, own ones too.
    pub messages: Vec<Delivered>,
    /// Those that the app does not have: of others, and own ones that this store did not seal (CL-15).
    pub deliveries: Vec<Delivered>,
    pub events: Vec<Event>,
}

impl Driver {
    /// Commits the results to disk, then reports them, and returns the messages.
    pub fn finish(&mut self, harvest: Harvest) -> Result<Vec<Delivered>> {
        self.store.commit()?;
        harvest.events.into_iter().for_each(|event| self.emit(event));
        harvest.deliveries.into_iter().for_each(|message| self.deliver(message));
        self.publish();
        Ok(harvest.messages)
    }
}

/// Shows the app what a message says.
pub fn shown(message: &Message) -> Dropped {
    let body = match message.member() {
        Some((_, Value::Text(text))) => Body::Text(text.clone()),
        _ => Body::Data(message.bytes("data").to_vec()),
    };
    Dropped { body, metadata: message.get("metadata").map(|_| message.text("metadata").to_owned()) }
}

/// Builds the delivery of another member's message.
pub fn delivered(sender: Key, cursor: u64, received_at_ms: u64, message: &Message) -> Delivered {
    let Dropped { body, metadata } = shown(message);
    Delivered {
        sender,
        id: message.array("id"),
        body,
        metadata,
        sent_at_ms: message.uint("sent_at_ms"),
        received_at_ms,
        cursor,
        own: false,
    }
}
