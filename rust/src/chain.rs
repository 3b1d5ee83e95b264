//! The senders' chains of one group: duplicates, gaps, forks. EN-21 to EN-25.

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

struct Accepted {
    hash: Key,
    previous: Key,
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

/// Envelopes above a gap, or of an epoch whose secret is not known, in the order received. EN-09, EN-24.
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

    pub fn remove(&mut self, hash: &Key) {
        self.envelopes.retain(|held| held.hash != *hash);
    }

    /// Iterates over the held envelopes in the order received.
    pub fn iter(&self) -> impl Iterator<Item = &Signed> {
        self.envelopes.iter()
    }

    pub fn bytes(&self) -> usize {
        self.envelopes.iter().map(Signed::bytes).sum()
    }

    /// The first one that waits for nothing any more; `is_known` says whether an epoch's secret is.
    pub fn ready(&self, chains: &Chains, is_known: impl Fn(u32) -> bool) -> Option<&Signed> {
        self.envelopes.iter().find(|held| match chains.place(held) {
            Place::Gap => false,
            Place::Next | Place::Late => is_known(held.epoch),
            Place::Duplicate | Place::Fork | Place::Broken => true,
        })
    }

    /// The sender's readable envelope with the lowest sequence, up to one.
    pub fn lowest(&self, sender: &Key, up_to: u64, is_known: impl Fn(u32) -> bool) -> Option<&Signed> {
        let readable = self.envelopes.iter().filter(|held| held.sender_key == *sender && is_known(held.epoch));
        readable.filter(|held| held.sequence <= up_to).min_by_key(|held| held.sequence)
    }
}
