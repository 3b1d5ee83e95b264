//! Rejected envelopes. EN-26.

use std::collections::VecDeque;

use super::change::Change;
use crate::limits::QUARANTINE_BYTES_MAX;

/// Bounded; what is oldest goes first.
#[derive(Default)]
pub struct Quarantine {
    rejected: VecDeque<(String, Vec<u8>)>,
    bytes: usize,
}

impl Quarantine {
    pub fn push(&mut self, class: &str, envelope: &[u8]) {
        self.bytes += envelope.len();
        self.rejected.push_back((class.to_owned(), envelope.to_vec()));
        while self.bytes > QUARANTINE_BYTES_MAX {
            let Some((_, oldest)) = self.rejected.pop_front() else { break };
            self.bytes -= oldest.len();
        }
    }

    pub fn len(&self) -> usize {
        self.rejected.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rejected.is_empty()
    }

    /// The changes that make this quarantine.
    pub fn changes(&self) -> impl Iterator<Item = Change> {
        let change = |(class, envelope): &(String, Vec<u8>)| Change::Quarantined {
            class: class.clone(),
            envelope: envelope.clone(),
        };
        self.rejected.iter().map(change)
    }
}
