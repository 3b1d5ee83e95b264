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
    /// Next in sequence, but upon another predecessor.
    Broken,
}

#[derive(Default)]
pub struct Chain {
    accepted: BTreeMap<u64, Key>,
    head: Option<Head>,
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

    /// A head that a member told in a Welcome: where this device's reading begins.
    pub fn start(&mut self, sender: Key, head: Head) {
        self.accept(sender, head);
    }

    pub fn place(&self, envelope: &Signed) -> Place {
        let chain = self.senders.get(&envelope.sender_key);
        let accepted = chain.and_then(|chain| chain.accepted.get(&envelope.sequence));
        let head = self.head(&envelope.sender_key);
        match accepted {
            Some(hash) if *hash == envelope.hash => Place::Duplicate,
            Some(_) => Place::Fork,
            // Given up as missing, or before a Welcome's head: it comes too late to be judged.
            None if envelope.sequence <= head.sequence => Place::Duplicate,
            None if envelope.sequence > head.sequence + 1 => Place::Gap,
            None if envelope.continues(head) => Place::Next,
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

    pub fn is_empty(&self) -> bool {
        self.envelopes.is_empty()
    }

    /// The next one whose predecessor has come.
    pub fn take_next(&mut self, chains: &Chains) -> Option<Signed> {
        let at = self.envelopes.iter().position(|held| held.continues(chains.head(&held.sender_key)))?;
        Some(self.envelopes.remove(at))
    }

    /// Those that the chain has passed meanwhile.
    pub fn take_passed(&mut self, chains: &Chains) -> Vec<Signed> {
        let passed = |held: &mut Signed| held.sequence <= chains.head(&held.sender_key).sequence + 1;
        self.envelopes.extract_if(.., passed).collect()
    }

    /// The lowest sequence of the sender that has waited longest.
    pub fn take_oldest(&mut self) -> Option<Signed> {
        let sender = self.envelopes.first()?.sender_key;
        let of_sender = self.envelopes.iter().enumerate().filter(|(_, held)| held.sender_key == sender);
        let (at, _) = of_sender.min_by_key(|(_, held)| held.sequence)?;
        Some(self.envelopes.remove(at))
    }
}
