//! A relay's answer to a request.

use crate::error::{Reject, Retry, row_of};
use crate::wire::Message;

/// A refusal that leaves the stream open. SE-03.
#[derive(Debug)]
pub struct Refusal {
    pub reject: Reject,
    pub retry: Retry,
    pub retry_after_ms: u64,
    /// The stored envelope that SEQUENCE_CONFLICT carries. RL-27.
    pub conflict: Option<Message>,
}

impl Refusal {
    pub fn of(error: &Message) -> Self {
        let number = error.uint("code") as u32;
        Refusal {
            reject: Reject::from_number(number, error.text("detail")),
            retry: row_of(number).retry,
            retry_after_ms: error.uint("retry_after_ms"),
            conflict: error.message("conflict").cloned(),
        }
    }
}

/// The relay's answer to a request.
pub type Answer = std::result::Result<Message, Refusal>;
