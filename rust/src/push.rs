//! The check of a PushAck against its Push.

use crate::wire::Message;

// PushStatus of frame.proto.
const ACCEPTED: u64 = 1;
const DUPLICATE: u64 = 2;
const REMOVED: u64 = 3;
pub const REFUSED: u64 = 4;

/// The results of a PushAck for this many items, unless it acknowledges nothing. CL-27.
pub fn results(ack: &Message, items: usize) -> Option<Vec<&Message>> {
    let results: Vec<&Message> = ack.messages("results").collect();
    let last = results.len().checked_sub(1)?;
    let is_whole = |(at, result): (usize, &&Message)| match result.uint("status") {
        ACCEPTED | DUPLICATE => result.uint("cursor") != 0,
        REMOVED => true,
        REFUSED => at == last && result.message("error").is_some(),
        _ => false,
    };
    let whole = ack.uint("durable") != 0 && results.len() <= items && results.iter().enumerate().all(is_whole);
    whole.then_some(results)
}
