//! The changes that a state is made of: what a compacted journal holds.

use super::change::Change;
use super::state::{Group, Log, State};
use crate::crypto::Key;
use crate::held::Waits;

impl State {
    /// Applied to an empty state these give this one, without what is over: each with its parts in an order that
    /// `apply` accepts.
    pub fn changes(&self) -> impl Iterator<Item = Change> {
        let seed = Change::Seed { seed: *self.seed };
        let relay = self.relay.iter().map(|address| Change::Relay { address: address.clone() });
        let pins = self.pins.iter().map(|(relay, pin)| Change::Pinned { relay: relay.clone(), pin: pin.clone() });
        let enrolled = self.enrolled.iter().map(|relay| Change::Enrolled { relay: relay.clone(), enrolled: true });
        std::iter::once(seed)
            .chain(relay)
            .chain(pins)
            .chain(enrolled)
            .chain(self.group.iter().flat_map(Group::changes))
            .chain(self.chain_changes())
            // A cursor at 0 empties its log.
            .chain(self.cursor_changes())
            .chain(self.log_changes())
            .chain(self.outbox.changes())
            .chain(self.waiting_changes())
    }

    fn chain_changes(&self) -> impl Iterator<Item = Change> {
        let own = self.group.as_ref().map(|group| group.device.device_key);
        let taken = own.and_then(|own| self.chains.taken(&own)).map(|stub| Change::TakenOver { stub: stub.encode() });
        let accepted = self.chains.accepted().map(|stub| Change::Accepted { stub: stub.encode() });
        let skipped = self.chains.skipped().filter(|(_, ranges)| !ranges.is_empty());
        let skipped =
            skipped.map(|(sender, ranges)| Change::Skipped { sender: *sender, ranges: ranges.iter().collect() });
        let own = self.own.iter();
        let own = own.map(|(sequence, envelope)| Change::Recovered { sequence: *sequence, envelope: envelope.clone() });
        let unnamed = self.unnamed.iter().map(|sequence| Change::Unnamed { sequence: *sequence });
        taken.into_iter().chain(accepted).chain(skipped).chain(own).chain(unnamed)
    }

    /// The knowledge of the relays' logs.
    fn cursor_changes(&self) -> impl Iterator<Item = Change> {
        let cursors = self.cursors.iter().map(|(relay, (after, hash))| Change::Cursor {
            relay: relay.clone(),
            after: *after,
            hash: hash.clone(),
        });
        let located = self.located.iter().flat_map(|(relay, cursors)| {
            let at =
                |(hash, cursor): (&Key, &u64)| Change::Located { relay: relay.clone(), cursor: *cursor, hash: *hash };
            cursors.iter().map(at)
        });
        let pushed = self.pushed.iter().flat_map(|(relay, cursors)| {
            // No entry has the sequence 0: only the cursor counts.
            let at = |cursor: &u64| Change::Acknowledged { sequence: 0, relay: relay.clone(), cursor: *cursor };
            cursors.iter().map(at)
        });
        let expired = self.expired.iter().flat_map(|(relay, ranges)| {
            ranges.iter().map(|(from, to)| Change::Expired { relay: relay.clone(), from, to })
        });
        cursors.chain(located).chain(pushed).chain(expired)
    }

    fn log_changes(&self) -> impl Iterator<Item = Change> {
        let is_logged = |sender, id| self.logs.values().any(|log| log.has(sender, id));
        let seen = self.seen.iter().filter(move |(sender, id)| !is_logged(sender, id));
        let seen = seen.map(|(sender, id)| Change::Seen { sender: *sender, id: *id });
        let logged = |(relay, log): (&String, &Log)| {
            let relay = relay.clone();
            let changes: Vec<Change> = log.above(0).map(|(cursor, logged)| logged.change(&relay, cursor)).collect();
            changes
        };
        seen.chain(self.logs.iter().flat_map(logged))
    }

    fn waiting_changes(&self) -> impl Iterator<Item = Change> {
        let held = self.held.iter().map(|(held, waits)| Change::Held {
            relay: held.relay.to_string(),
            envelope: held.envelope().encode(),
            has_record: waits != Waits::Record,
        });
        let own = self.group.as_ref().map(|group| group.device.device_key);
        held.chain(self.evidence.changes(own)).chain(self.quarantine.changes())
    }
}
