//! Messages that no relay has acknowledged. CL-20 to CL-25, CL-40 to CL-58.

use std::collections::{BTreeMap, VecDeque};

use zeroize::Zeroizing;

use super::change::Change;
use crate::error::{Retry, row_of};

/// One message: queued without sequence, then sealed, perhaps refused.
pub struct Entry {
    pub id: [u8; 16],
    pub content_type: u32,
    pub plaintext: Zeroizing<Vec<u8>>,
    pub sequence: Option<u64>,
    pub refused: Option<u32>,
    /// The sequences that its envelope names as skipped. EN-29.
    pub skipped: Vec<(u64, u64)>,
    /// It was sent since it was refused, and has no answer. CL-61.
    pub unanswered: bool,
}

#[derive(Default)]
pub struct Outbox {
    /// By sequence.
    sealed: BTreeMap<u64, Entry>,
    queued: VecDeque<Entry>,
}

impl Entry {
    /// Refused for good: what was sealed after it waits. CL-60.
    pub fn is_blocked(&self) -> bool {
        self.refused.is_some_and(|code| row_of(code).retry == Retry::No)
    }
}

impl Outbox {
    pub fn len(&self) -> usize {
        self.sealed.len() + self.queued.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All entries, in the order in which they are sent.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.sealed.values().chain(&self.queued)
    }

    /// The entry that is sent next.
    pub fn first(&self) -> Option<&Entry> {
        self.iter().next()
    }

    pub fn sealed(&self, sequence: u64) -> Option<&Entry> {
        self.sealed.get(&sequence)
    }

    /// The first sealed entry from one sequence to another, both included.
    pub fn sealed_between(&self, from: u64, to: u64) -> Option<u64> {
        if from > to { None } else { self.sealed.range(from..=to).next().map(|(sequence, _)| *sequence) }
    }

    pub fn first_queued(&self) -> Option<&Entry> {
        self.queued.front()
    }

    pub fn push(&mut self, entry: Entry) {
        match entry.sequence {
            Some(sequence) => drop(self.sealed.insert(sequence, entry)),
            None => self.queued.push_back(entry),
        }
    }

    /// CL-40.
    pub fn seal(&mut self, id: &[u8; 16], sequence: u64, skipped: &[(u64, u64)]) {
        let at = self.queued.iter().position(|entry| entry.id == *id);
        if let Some(entry) = at.and_then(|at| self.queued.remove(at)) {
            self.sealed.insert(sequence, Entry { sequence: Some(sequence), skipped: skipped.to_vec(), ..entry });
        }
    }

    /// Puts a sealed entry before all that are not sealed, and gives what it named as skipped. CL-28.
    pub fn unseal(&mut self, sequence: u64) -> Vec<(u64, u64)> {
        let Some(entry) = self.sealed.remove(&sequence) else { return Vec::new() };
        let skipped = entry.skipped.clone();
        self.queued.push_front(Entry {
            sequence: None,
            refused: None,
            skipped: Vec::new(),
            unanswered: false,
            ..entry
        });
        skipped
    }

    /// CL-43.
    pub fn acknowledge(&mut self, sequence: u64) {
        self.sealed.remove(&sequence);
    }

    /// CL-46.
    pub fn refuse(&mut self, sequence: u64, code: u32) {
        if let Some(entry) = self.sealed.get_mut(&sequence) {
            (entry.refused, entry.unanswered) = (Some(code), false);
        }
    }

    /// CL-63.
    pub fn send(&mut self, sequence: u64) {
        if let Some(entry) = self.sealed.get_mut(&sequence) {
            entry.unanswered = true;
        }
    }

    /// The entry with this id.
    pub fn by_id(&self, id: &[u8; 16]) -> Option<&Entry> {
        self.iter().find(|entry| entry.id == *id)
    }

    /// CL-47.
    pub fn retry(&mut self, id: &[u8; 16]) {
        self.sealed.values_mut().filter(|entry| entry.id == *id).for_each(|entry| entry.refused = None);
    }

    /// Removes the entry and gives it back if it was sealed. CL-41, CL-48.
    pub fn remove(&mut self, id: &[u8; 16]) -> Option<Entry> {
        self.queued.retain(|entry| entry.id != *id);
        let sequence = self.sealed.values().find(|entry| entry.id == *id).and_then(|entry| entry.sequence);
        sequence.and_then(|sequence| self.sealed.remove(&sequence))
    }

    /// The changes that make this outbox.
    pub fn changes(&self) -> impl Iterator<Item = Change> {
        self.iter().map(|entry| Change::Queued {
            id: entry.id,
            content_type: entry.content_type,
            plaintext: entry.plaintext.to_vec(),
            sequence: entry.sequence,
            refused: entry.refused,
            skipped: entry.skipped.clone(),
            unanswered: entry.unanswered,
        })
    }
}
