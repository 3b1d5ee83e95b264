//! Rejected envelopes. EN-26.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::change::Change;
use crate::crypto::{Key, blake3};
use crate::envelope::Parsed;
use crate::limits::QUARANTINE_BYTES_MAX;

/// A rejected envelope.
pub struct Rejected {
    pub class: String,
    /// Its own signature is bad, and nothing vouched for it. EN-34.
    pub unsigned: bool,
    pub relay: String,
    pub envelope: Vec<u8>,
    /// `None` when it has not even the form of an envelope of this group.
    pub parsed: Option<Parsed>,
}

/// Bounded; what is oldest goes first.
#[derive(Default)]
pub struct Quarantine {
    /// By the order of arrival.
    rejected: BTreeMap<u64, Rejected>,
    /// By sender: sequence, order of arrival. CL-12.
    senders: HashMap<Key, BTreeSet<(u64, u64)>>,
    /// Those without a good signature by H. EN-34.
    unsigned: HashMap<Key, BTreeSet<u64>>,
    /// The order of arrival by the digest of relay and envelope.
    names: HashMap<Key, u64>,
    arrivals: u64,
    bytes: usize,
}

/// The name of an entry: one envelope of one relay at one cursor.
pub fn name(relay: &str, envelope: &[u8]) -> Key {
    blake3(&[relay.as_bytes(), &[0], envelope])
}

impl Rejected {
    pub fn name(&self) -> Key {
        name(&self.relay, &self.envelope)
    }
}

impl Quarantine {
    pub fn push(&mut self, rejected: Rejected) {
        let (name, order) = (rejected.name(), self.arrivals);
        if self.names.contains_key(&name) {
            return;
        }
        self.arrivals += 1;
        self.bytes += rejected.envelope.len();
        self.names.insert(name, order);
        if let Some(parsed) = &rejected.parsed {
            self.senders.entry(parsed.sender_key).or_default().insert((parsed.sequence, order));
            if rejected.unsigned {
                self.unsigned.entry(parsed.hash).or_default().insert(order);
            }
        }
        self.rejected.insert(order, rejected);
        while self.bytes > QUARANTINE_BYTES_MAX {
            let Some(oldest) = self.rejected.values().next().map(Rejected::name) else { break };
            self.remove(&oldest);
        }
    }

    pub fn remove(&mut self, name: &Key) {
        let Some(rejected) = self.names.remove(name).and_then(|order| self.rejected.remove_entry(&order)) else {
            return;
        };
        let (order, rejected) = rejected;
        self.bytes -= rejected.envelope.len();
        let Some(parsed) = rejected.parsed else { return };
        if let Some(places) = self.senders.get_mut(&parsed.sender_key) {
            places.remove(&(parsed.sequence, order));
        }
        if let Some(orders) = self.unsigned.get_mut(&parsed.hash) {
            orders.remove(&order);
            if orders.is_empty() {
                self.unsigned.remove(&parsed.hash);
            }
        }
    }

    /// Rejected for their signature, with an H and a sequence that an authentic envelope names. EN-34.
    pub fn unsigned(&self, hash: &Key) -> impl Iterator<Item = &Rejected> {
        self.unsigned.get(hash).into_iter().flatten().map(|order| &self.rejected[order])
    }

    /// The envelopes that are kept of a sender, by sequence. CL-12.
    pub fn of(&self, sender: &Key) -> impl Iterator<Item = &Rejected> {
        self.senders.get(sender).into_iter().flatten().map(|(_, order)| &self.rejected[order])
    }

    pub fn len(&self) -> usize {
        self.rejected.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rejected.is_empty()
    }

    /// The changes that make this quarantine.
    pub fn changes(&self) -> impl Iterator<Item = Change> {
        self.rejected.values().map(|rejected| Change::Quarantined {
            class: rejected.class.clone(),
            unsigned: rejected.unsigned,
            relay: rejected.relay.clone(),
            envelope: rejected.envelope.clone(),
        })
    }
}
