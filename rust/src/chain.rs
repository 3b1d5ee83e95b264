//! The senders' chains of one group: duplicates, gaps, forks. EN-21 to EN-24.

use std::collections::{BTreeMap, HashMap};

use crate::crypto::Key;
use crate::envelope::{Head, Signed};

/// The relation of a validly signed envelope to its sender's chain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// The envelope continues the chain.
    Next,
    /// The envelope fills a place that was given up. EN-24.
    Late,
    Duplicate,
    Gap,
    Fork,
    /// The envelope does not fit its accepted neighbours.
    Broken,
}

/// An accepted envelope's place in its chain.
pub struct Accepted {
    pub hash: Key,
    pub previous: Key,
}

#[derive(Default)]
struct Chain {
    accepted: BTreeMap<u64, Accepted>,
    /// Heads of this sender that Welcomes name, by sequence. PA-12.
    witnesses: BTreeMap<u64, Key>,
}

impl Chain {
    fn head(&self) -> Head {
        let last = self.accepted.last_key_value();
        last.map_or(Head::NONE, |(sequence, accepted)| Head { sequence: *sequence, hash: accepted.hash })
    }

    /// EN-08: its neighbours, as far as they were accepted, are those that it names and that name it.
    fn fits(&self, envelope: &Signed) -> bool {
        let before = match envelope.sequence {
            1 => Some(Head::NONE.hash),
            sequence => self.accepted.get(&(sequence - 1)).map(|accepted| accepted.hash),
        };
        let after = self.accepted.get(&(envelope.sequence + 1)).map(|accepted| accepted.previous);
        before.is_none_or(|hash| hash == envelope.previous) && after.is_none_or(|previous| previous == envelope.hash)
    }

    fn place(&self, envelope: &Signed) -> Place {
        let accepted = self.accepted.get(&envelope.sequence).map(|accepted| accepted.hash);
        let witness = self.witnesses.get(&envelope.sequence).copied();
        let next = self.head().sequence + 1;
        match accepted.or(witness) {
            Some(hash) if hash != envelope.hash => Place::Fork,
            Some(_) if accepted.is_some() => Place::Duplicate,
            _ if envelope.sequence > next => Place::Gap,
            _ if !self.fits(envelope) => Place::Broken,
            _ if envelope.sequence == next => Place::Next,
            _ => Place::Late,
        }
    }
}

#[derive(Default)]
pub struct Chains {
    senders: HashMap<Key, Chain>,
}

impl Chains {
    pub fn head(&self, sender: &Key) -> Head {
        self.senders.get(sender).map_or(Head::NONE, Chain::head)
    }

    /// The head of every sender with an accepted envelope, by key.
    pub fn heads(&self) -> Vec<(Key, Head)> {
        let heads = self.senders.iter().map(|(key, chain)| (*key, chain.head()));
        let mut heads: Vec<_> = heads.filter(|(_, head)| *head != Head::NONE).collect();
        heads.sort_unstable_by_key(|(key, _)| *key);
        heads
    }

    /// Every accepted envelope with its sender and sequence.
    pub fn accepted(&self) -> impl Iterator<Item = (Key, u64, &Accepted)> {
        self.senders.iter().flat_map(|(sender, chain)| {
            chain.accepted.iter().map(move |(sequence, accepted)| (*sender, *sequence, accepted))
        })
    }

    /// PA-12: another envelope in this place is a fork.
    pub fn witness(&mut self, sender: Key, head: Head) {
        self.senders.entry(sender).or_default().witnesses.insert(head.sequence, head.hash);
    }

    pub fn is_accepted(&self, sender: &Key, sequence: u64, hash: &Key) -> bool {
        let chain = self.senders.get(sender);
        chain.and_then(|chain| chain.accepted.get(&sequence)).is_some_and(|accepted| accepted.hash == *hash)
    }

    pub fn place(&self, envelope: &Signed) -> Place {
        let chain = self.senders.get(&envelope.sender_key);
        chain.map_or_else(|| Chain::default().place(envelope), |chain| chain.place(envelope))
    }

    /// EN-21: only an accepted envelope changes the chain.
    pub fn accept(&mut self, sender: Key, sequence: u64, hash: Key, previous: Key) {
        self.senders.entry(sender).or_default().accepted.insert(sequence, Accepted { hash, previous });
    }
}
