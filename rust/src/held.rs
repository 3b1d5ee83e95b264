//! Authentic envelopes that wait: above a gap, for an epoch's secret, or for a record. EN-09, EN-24, EN-25, CL-09.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::chain::{Chains, Place};
use crate::crypto::Key;
use crate::envelope::Parsed;

/// The thing that an envelope waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// For the missing envelopes before it, at most GAP_WAIT_MS. EN-24.
    Place,
    /// For the secret of its epoch. EN-09.
    Epoch,
    /// For its sender's record. CL-09.
    Record,
}

struct Entry {
    order: u64,
    waits: Waits,
    envelope: Parsed,
}

/// Sequence and order of arrival.
type Places = BTreeSet<(u64, u64)>;

/// Every question costs what its answer holds, whatever else waits.
#[derive(Default)]
pub struct Held {
    entries: HashMap<Key, Entry>,
    /// H by the order of arrival.
    order: BTreeMap<u64, Key>,
    /// H of those that wait for a place, by the order of arrival.
    timed: BTreeMap<u64, Key>,
    /// Envelopes that wait for an epoch's secret, in the order received. EN-25.
    epochs: BTreeMap<u64, Key>,
    /// By sender: those that wait for a place, and all.
    gaps: HashMap<Key, Places>,
    places: HashMap<Key, Places>,
    /// The number of those that name an envelope, by its sender, sequence and H. EN-31.
    vouching: HashMap<(Key, u64, Key), usize>,
    /// By relay: cursor, order of arrival. CL-13.
    cursors: HashMap<Arc<str>, Places>,
    arrivals: u64,
    bytes: usize,
}

/// The envelope that an envelope vouches for.
fn vouched(envelope: &Parsed) -> (Key, u64, Key) {
    (envelope.sender_key, envelope.sequence - 1, envelope.previous)
}

impl Held {
    pub fn push(&mut self, envelope: Parsed, waits: Waits) {
        if self.contains(&envelope.hash) {
            return;
        }
        let (order, place) = (self.arrivals, (envelope.sequence, self.arrivals));
        self.arrivals += 1;
        self.bytes += envelope.bytes();
        self.order.insert(order, envelope.hash);
        self.places.entry(envelope.sender_key).or_default().insert(place);
        if waits == Waits::Place {
            self.timed.insert(order, envelope.hash);
            self.gaps.entry(envelope.sender_key).or_default().insert(place);
        }
        if waits == Waits::Epoch {
            self.epochs.insert(order, envelope.hash);
        }
        *self.vouching.entry(vouched(&envelope)).or_default() += 1;
        self.cursors.entry(envelope.relay.clone()).or_default().insert((envelope.cursor, order));
        self.entries.insert(envelope.hash, Entry { order, waits, envelope });
    }

    pub fn remove(&mut self, hash: &Key) {
        let Some(Entry { order, envelope, .. }) = self.entries.remove(hash) else { return };
        self.bytes -= envelope.bytes();
        self.order.remove(&order);
        self.timed.remove(&order);
        self.epochs.remove(&order);
        for places in [&mut self.gaps, &mut self.places] {
            if let Some(places) = places.get_mut(&envelope.sender_key) {
                places.remove(&(envelope.sequence, order));
            }
        }
        if let Some(cursors) = self.cursors.get_mut(&envelope.relay) {
            cursors.remove(&(envelope.cursor, order));
        }
        if let Some(count) = self.vouching.get_mut(&vouched(&envelope)) {
            *count -= 1;
            if *count == 0 {
                self.vouching.remove(&vouched(&envelope));
            }
        }
    }

    /// EN-31: a held successor names it.
    pub fn vouch(&self, envelope: &Parsed) -> bool {
        self.vouching.contains_key(&(envelope.sender_key, envelope.sequence, envelope.hash))
    }

    /// The lowest cursor of a relay at which an envelope is held. CL-13.
    pub fn lowest_cursor(&self, relay: &str) -> Option<u64> {
        self.cursors.get(relay)?.first().map(|(cursor, _)| *cursor)
    }

    /// Envelopes that wait for a sender's record, by sequence. CL-12.
    pub fn without_record(&self, sender: &Key) -> Vec<Parsed> {
        let entries = self.places.get(sender).into_iter().flatten().map(|(_, order)| &self.entries[&self.order[order]]);
        entries.filter(|entry| entry.waits == Waits::Record).map(|entry| entry.envelope.clone()).collect()
    }

    pub fn contains(&self, hash: &Key) -> bool {
        self.entries.contains_key(hash)
    }

    /// The held envelopes in the order received, and what each waits for.
    pub fn iter(&self) -> impl Iterator<Item = (&Parsed, Waits)> {
        self.order.values().map(|hash| &self.entries[hash]).map(|entry| (&entry.envelope, entry.waits))
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The envelope that goes when there is no room: the oldest gap, else the oldest that waits for an epoch, else for a record. EN-25.
    pub fn oldest(&self) -> Option<(&Parsed, Waits)> {
        let first = |of: &BTreeMap<u64, Key>| of.values().next().copied();
        let hash = first(&self.timed).or_else(|| first(&self.epochs)).or_else(|| first(&self.order))?;
        let entry = &self.entries[&hash];
        Some((&entry.envelope, entry.waits))
    }

    /// The envelope that came first of those that wait for a place.
    pub fn first_timed(&self) -> Option<&Parsed> {
        self.timed.values().next().map(|hash| &self.entries[hash].envelope)
    }

    /// The sender's envelope with the lowest sequence, up to one, of those that wait for a place.
    pub fn lowest(&self, sender: &Key, up_to: u64) -> Option<&Parsed> {
        let (sequence, order) = self.gaps.get(sender)?.first()?;
        (*sequence <= up_to).then(|| &self.entries[&self.order[order]].envelope)
    }

    /// The sender's envelopes that wait for nothing any more after the place `sequence` was taken, when the chain's head
    /// stood at `before`; by place, and then in the order received.
    pub fn woken(&self, chains: &Chains, sender: &Key, sequence: u64, before: u64) -> Vec<Parsed> {
        let Some(places) = self.places.get(sender) else { return Vec::new() };
        let first = sequence.saturating_sub(1).min(before + 1);
        let changed = places.range((first, 0)..=(sequence + 1, u64::MAX));
        let entries = changed.map(|(_, order)| &self.entries[&self.order[order]]);
        let ready = entries.filter(|entry| match chains.place(&entry.envelope) {
            Place::Gap => false,
            Place::Next | Place::Late => entry.waits == Waits::Place,
            Place::Duplicate | Place::Fork | Place::Broken => true,
        });
        ready.map(|entry| entry.envelope.clone()).collect()
    }
}
