//! Sets of sequences or cursors as ranges.

use std::collections::BTreeMap;

/// Ranges that neither meet nor touch, by their first number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranges {
    last: BTreeMap<u64, u64>,
}

impl Ranges {
    /// Adds `from` to `to`, both included.
    pub fn add(&mut self, mut from: u64, mut to: u64) {
        if from > to {
            return;
        }
        let near =
            self.last.range(..=to.saturating_add(1)).rev().take_while(|(_, last)| last.saturating_add(1) >= from);
        let near: Vec<(u64, u64)> = near.map(|(first, last)| (*first, *last)).collect();
        for (first, last) in near {
            self.last.remove(&first);
            (from, to) = (from.min(first), to.max(last));
        }
        self.last.insert(from, to);
    }

    pub fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        self.last.iter().map(|(from, to)| (*from, *to))
    }

    pub fn is_empty(&self) -> bool {
        self.last.is_empty()
    }

    pub fn contains(&self, number: u64) -> bool {
        self.last.range(..=number).next_back().is_some_and(|(_, last)| *last >= number)
    }

    /// The numbers that are not in the set, from one number to another, both included.
    pub fn missing(&self, from: u64, to: u64) -> Ranges {
        let mut missing = Ranges::default();
        let mut next = from;
        for (first, last) in
            self.last.range(..=to).map(|(first, last)| (*first, *last)).filter(|(_, last)| *last >= from)
        {
            missing.add(next, first.saturating_sub(1));
            next = next.max(last + 1);
        }
        missing.add(next, to);
        missing
    }
}
