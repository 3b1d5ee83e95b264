//! Forks: what somebody signed twice for one place. EN-23.

use std::collections::{HashMap, HashSet};

use super::change::Change;
use crate::crypto::Key;
use crate::limits::EVIDENCE_ITEMS_MAX;
use crate::stub::Stub;

/// Pairs of stubs by sender, at most EVIDENCE_ITEMS_MAX of one.
#[derive(Default)]
pub struct Evidence {
    pairs: HashMap<Key, Vec<(Stub, Stub)>>,
    known: HashSet<Key>,
}

impl Evidence {
    pub fn push(&mut self, first: Stub, second: Stub) {
        let pairs = self.pairs.entry(second.sender_key).or_default();
        if pairs.len() < EVIDENCE_ITEMS_MAX && self.known.insert(second.hash) {
            pairs.push((first, second));
        }
    }

    /// The fork with this H is kept.
    pub fn contains(&self, hash: &Key) -> bool {
        self.known.contains(hash)
    }

    /// The changes that make this evidence.
    pub fn changes(&self, own: Option<Key>) -> impl Iterator<Item = Change> {
        self.pairs.iter().flat_map(move |(sender, pairs)| {
            let own = own == Some(*sender);
            pairs.iter().map(move |(first, second)| Change::Forked {
                first: first.encode(),
                second: second.encode(),
                own,
            })
        })
    }
}
