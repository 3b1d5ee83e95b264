//! The senders' chains of one group: duplicates, gaps, forks. EN-21 to EN-24.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::crypto::Key;
use crate::envelope::{Head, Parsed};
use crate::error::Result;
use crate::ranges::Ranges;
use crate::stub::Stub;

/// The relation of an authentic envelope to its sender's chain.
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

#[derive(Default)]
struct Chain {
    accepted: BTreeMap<u64, Stub>,
    /// The sender's own word for places whose envelopes may be unknown: heads of Welcomes, and of this device. EN-23.
    stubs: BTreeMap<u64, Stub>,
    /// The place of this device's chain that was taken over from a stub, or 0. CL-21.
    taken: u64,
    /// The sequences that the sender named as skipped. EN-29.
    skipped: Ranges,
}

impl Chain {
    fn head(&self) -> Head {
        let taken = self.stubs.get(&self.taken).map(Stub::head);
        let last = self.accepted.last_key_value().map(|(_, stub)| stub.head());
        taken.into_iter().chain(last).max_by_key(|head| head.sequence).unwrap_or(Head::NONE)
    }

    /// EN-08: its neighbours, as far as they were accepted, are those that it names and that name it.
    fn fits(&self, envelope: &Parsed) -> bool {
        let before = match envelope.sequence {
            1 => Some(Head::NONE.hash),
            sequence => self.accepted.get(&(sequence - 1)).map(|stub| stub.hash),
        };
        let after = self.accepted.get(&(envelope.sequence + 1)).map(|stub| stub.previous);
        before.is_none_or(|hash| hash == envelope.previous) && after.is_none_or(|previous| previous == envelope.hash)
    }

    fn place(&self, envelope: &Parsed) -> Place {
        let accepted = self.accepted.get(&envelope.sequence);
        let known = accepted.or_else(|| self.stubs.get(&envelope.sequence));
        let next = self.head().sequence + 1;
        match known {
            Some(stub) if stub.hash != envelope.hash => Place::Fork,
            Some(_) if accepted.is_some() => Place::Duplicate,
            _ if envelope.sequence > next => Place::Gap,
            _ if !self.fits(envelope) => Place::Broken,
            _ if envelope.sequence == next => Place::Next,
            _ => Place::Late,
        }
    }

    /// CL-14: up to what the sender is known to have reached, neither accepted nor skipped.
    fn missing(&self) -> Ranges {
        let highest = self.accepted.keys().next_back().max(self.stubs.keys().next_back()).copied().unwrap_or(0);
        let mut known = self.skipped.clone();
        self.accepted.keys().for_each(|sequence| known.add(*sequence, *sequence));
        known.missing(1, highest)
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

    /// PA-12: the highest stub of every sender whose signature verifies: others can check it.
    pub fn signed_heads(&self) -> Vec<&Stub> {
        let mut heads: Vec<_> = self.senders.values().filter_map(Chain::signed_head).collect();
        heads.sort_unstable_by_key(|stub| stub.sender_key);
        heads
    }

    /// Every accepted envelope.
    pub fn accepted(&self) -> impl Iterator<Item = &Stub> {
        self.senders.values().flat_map(|chain| chain.accepted.values())
    }

    /// The sequences that each sender named as skipped.
    pub fn skipped(&self) -> impl Iterator<Item = (&Key, &Ranges)> {
        self.senders.iter().map(|(sender, chain)| (sender, &chain.skipped))
    }

    /// The place that was taken over. CL-21.
    pub fn taken(&self, sender: &Key) -> Option<&Stub> {
        self.senders.get(sender).and_then(|chain| chain.stubs.get(&chain.taken))
    }

    /// The highest place of a sender for which a stub stands. CL-21.
    pub fn highest_stub(&self, sender: &Key) -> Option<&Stub> {
        self.senders.get(sender)?.stubs.values().next_back()
    }

    /// EN-23: a verified stub; another envelope in its place is a fork.
    pub fn witness(&mut self, stub: Stub) {
        self.senders.entry(stub.sender_key).or_default().stubs.insert(stub.sequence, stub);
    }

    /// CL-21: the chain goes on behind this stub of its own.
    pub fn take_over(&mut self, stub: Stub) {
        let chain = self.senders.entry(stub.sender_key).or_default();
        chain.taken = chain.taken.max(stub.sequence);
        chain.stubs.insert(stub.sequence, stub);
    }

    /// The sender's word for a place: the accepted envelope's, or a verified stub's.
    pub fn word(&self, sender: &Key, sequence: u64) -> Option<&Stub> {
        self.senders.get(sender)?.word(sequence)
    }

    pub fn is_accepted(&self, sender: &Key, sequence: u64, hash: &Key) -> bool {
        let chain = self.senders.get(sender);
        chain.and_then(|chain| chain.accepted.get(&sequence)).is_some_and(|stub| stub.hash == *hash)
    }

    pub fn place(&self, envelope: &Parsed) -> Place {
        let chain = self.senders.get(&envelope.sender_key);
        chain.map_or_else(|| Chain::default().place(envelope), |chain| chain.place(envelope))
    }

    /// EN-31: an accepted successor names it.
    pub fn vouch(&self, envelope: &Parsed) -> bool {
        let after =
            self.senders.get(&envelope.sender_key).and_then(|chain| chain.accepted.get(&(envelope.sequence + 1)));
        after.is_some_and(|stub| stub.previous == envelope.hash)
    }

    /// The sequences between the head and an envelope that its `skipped` does not name. EN-24.
    pub fn missing_before(&self, envelope: &Parsed, skipped: &[(u64, u64)]) -> Ranges {
        let mut known = Ranges::default();
        skipped.iter().for_each(|(from, to)| known.add(*from, *to));
        known.missing(self.head(&envelope.sender_key).sequence + 1, envelope.sequence - 1)
    }

    /// CL-14.
    pub fn missing(&self) -> Vec<(Key, Ranges)> {
        let missing = self.senders.iter().map(|(sender, chain)| (*sender, chain.missing()));
        let mut missing: Vec<_> = missing.filter(|(_, ranges)| !ranges.is_empty()).collect();
        missing.sort_unstable_by_key(|(sender, _)| *sender);
        missing
    }

    /// EN-21: only an accepted envelope changes the chain.
    pub fn accept(&mut self, stub: Stub) {
        self.senders.entry(stub.sender_key).or_default().accepted.insert(stub.sequence, stub);
    }

    /// EN-29.
    pub fn skip(&mut self, sender: Key, skipped: &[(u64, u64)]) {
        let chain = self.senders.entry(sender).or_default();
        skipped.iter().for_each(|(from, to)| chain.skipped.add(*from, *to));
    }

    /// CL-28: an own place that never left the device is sealed anew elsewhere.
    pub fn forget(&mut self, sender: &Key, sequence: u64) {
        if let Some(chain) = self.senders.get_mut(sender) {
            chain.accepted.remove(&sequence);
        }
    }
}

impl Chain {
    fn signed_head(&self) -> Option<&Stub> {
        let accepted = self.accepted.values().rev().find(|stub| stub.is_signed());
        // A stub was verified when it came.
        accepted.into_iter().chain(self.stubs.values().next_back()).max_by_key(|stub| stub.sequence)
    }

    fn word(&self, sequence: u64) -> Option<&Stub> {
        self.accepted.get(&sequence).or_else(|| self.stubs.get(&sequence))
    }
}

/// For each envelope of a segment, whether it is authentic: a run costs one signature check. `vouch` says whether something
/// outside the segment vouches for one. EN-30 to EN-33.
pub fn authentic(segment: &[Result<Parsed>], vouch: impl Fn(&Parsed) -> bool) -> Vec<bool> {
    let mut order: Vec<usize> = (0..segment.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(segment[*at].as_ref().map_or(0, |parsed| parsed.sequence)));
    let mut authentic = vec![false; segment.len()];
    let mut vouched = HashSet::new();
    for at in order {
        let Ok(envelope) = &segment[at] else { continue };
        let (sender, sequence) = (envelope.sender_key, envelope.sequence);
        authentic[at] = vouched.contains(&(sender, sequence, envelope.hash)) || vouch(envelope) || envelope.is_signed();
        if authentic[at] {
            vouched.insert((sender, sequence - 1, envelope.previous));
        }
    }
    authentic
}
