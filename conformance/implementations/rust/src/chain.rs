//! The senders' chains of one group: duplicates, gaps, forks. EN-21 to EN-25.

use std::collections::{BTreeMap, HashMap};

use crate::crypto::Key;
use crate::envelope::{Head, Signed};

/// What a validly signed envelope of a member is to its sender's chain.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// It continues the chain.
    Next,
    Duplicate,
    Gap,
    Fork,
    /// Next in sequence, but upon another predecessor; or after its gap was given up.
    Broken,
}

#[derive(Default)]
struct Chain {
    accepted: BTreeMap<u64, Key>,
    head: Option<Head>,
    /// What a Welcome says of this sender: a chain whose beginning the relay has removed may go on from here.
    anchor: Option<Head>,
}

#[derive(Default)]
pub struct Chains {
    senders: HashMap<Key, Chain>,
}

impl Chains {
    pub fn head(&self, sender: &Key) -> Head {
        self.senders.get(sender).and_then(|chain| chain.head).unwrap_or(Head::NONE)
    }

    pub fn heads(&self) -> Vec<(Key, Head)> {
        let mut heads: Vec<_> = self.senders.iter().filter_map(|(key, chain)| Some((*key, chain.head?))).collect();
        heads.sort_unstable_by_key(|(key, _)| *key);
        heads
    }

    pub fn anchor(&mut self, sender: Key, head: Head) {
        self.senders.entry(sender).or_default().anchor = Some(head);
    }

    pub fn is_accepted(&self, sender: &Key, sequence: u64, hash: &Key) -> bool {
        self.senders.get(sender).is_some_and(|chain| chain.accepted.get(&sequence) == Some(hash))
    }

    fn continues(&self, envelope: &Signed) -> bool {
        let chain = self.senders.get(&envelope.sender_key);
        let anchor = chain.filter(|chain| chain.head.is_none()).and_then(|chain| chain.anchor);
        envelope.continues(self.head(&envelope.sender_key)) || anchor.is_some_and(|anchor| envelope.continues(anchor))
    }

    pub fn place(&self, envelope: &Signed) -> Place {
        let chain = self.senders.get(&envelope.sender_key);
        let accepted = chain.and_then(|chain| chain.accepted.get(&envelope.sequence));
        let head = self.head(&envelope.sender_key);
        match accepted {
            Some(hash) if *hash == envelope.hash => Place::Duplicate,
            Some(_) => Place::Fork,
            None if self.continues(envelope) => Place::Next,
            None if envelope.sequence > head.sequence + 1 => Place::Gap,
            None => Place::Broken,
        }
    }

    /// EN-21: only an accepted envelope changes the chain.
    pub fn accept(&mut self, sender: Key, head: Head) {
        let chain = self.senders.entry(sender).or_default();
        chain.accepted.insert(head.sequence, head.hash);
        if chain.head.is_none_or(|known| known.sequence < head.sequence) {
            chain.head = Some(head);
        }
    }
}

/// Envelopes above a gap, in the order received. EN-24.
#[derive(Default)]
pub struct Held {
    envelopes: Vec<Signed>,
}

impl Held {
    pub fn push(&mut self, envelope: Signed) {
        if !self.envelopes.iter().any(|held| held.hash == envelope.hash) {
            self.envelopes.push(envelope);
        }
    }

    pub fn bytes(&self) -> usize {
        self.envelopes.iter().map(Signed::bytes).sum()
    }

    pub fn senders(&self) -> impl Iterator<Item = Key> {
        self.envelopes.iter().map(|held| held.sender_key)
    }

    pub fn remove(&mut self, hash: &Key) {
        self.envelopes.retain(|held| held.hash != *hash);
    }

    /// The next one whose predecessor has come.
    pub fn next(&self, chains: &Chains) -> Option<&Signed> {
        self.envelopes.iter().find(|held| chains.continues(held))
    }

    /// One that the chain has passed meanwhile.
    pub fn passed(&self, chains: &Chains) -> Option<&Signed> {
        self.envelopes.iter().find(|held| held.sequence <= chains.head(&held.sender_key).sequence)
    }

    /// The sender whose gap is the oldest.
    pub fn oldest_sender(&self) -> Option<Key> {
        self.envelopes.first().map(|held| held.sender_key)
    }

    /// The sender's envelope with the lowest sequence.
    pub fn lowest(&self, sender: &Key) -> Option<&Signed> {
        self.envelopes.iter().filter(|held| held.sender_key == *sender).min_by_key(|held| held.sequence)
    }
}
