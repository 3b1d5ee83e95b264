//! The changes that a state is made of: what a compacted journal holds.

use super::change::Change;
use super::state::{Group, Log, State};

impl State {
    /// Applied to an empty state these give this one, without what is over: each with its parts in an order that
    /// `apply` accepts.
    pub fn changes(&self) -> impl Iterator<Item = Change> {
        let seed = Change::Seed { seed: *self.seed };
        let relay = self.relay.iter().map(|address| Change::Relay { address: address.clone() });
        let pins = self.pins.iter().map(|(relay, pin)| Change::Pinned { relay: relay.clone(), pin: pin.clone() });
        let enrolled = self.enrolled.iter().map(|relay| Change::Enrolled { relay: relay.clone(), enrolled: true });
        let cursors = self.cursors.iter().map(|(relay, (after, hash))| Change::Cursor {
            relay: relay.clone(),
            after: *after,
            hash: hash.clone(),
        });
        let claim = self.claim.map(|(mailbox_id, token)| Change::Claim { mailbox_id, token });
        std::iter::once(seed)
            .chain(relay)
            .chain(pins)
            .chain(enrolled)
            .chain(claim)
            .chain(self.group.iter().flat_map(Group::changes))
            .chain(self.chain_changes())
            // A cursor at 0 empties its log.
            .chain(cursors)
            .chain(self.log_changes())
            .chain(self.outbox.changes())
            .chain(self.waiting_changes())
    }

    fn chain_changes(&self) -> impl Iterator<Item = Change> {
        let accepted = self.chains.accepted().map(|(sender, sequence, accepted)| Change::Accepted {
            sender,
            sequence,
            hash: accepted.hash,
            previous: accepted.previous,
        });
        let own = self
            .own
            .iter()
            .map(|(sequence, envelope)| Change::Recovered { sequence: *sequence, envelope: envelope.clone() });
        accepted.chain(own)
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
        let held = self.held.iter().map(|held| Change::Held { envelope: held.envelope().encode() });
        let forks = self.forks.iter().map(|(hash, own)| Change::Forked { hash: *hash, own: *own });
        held.chain(forks).chain(self.quarantine.changes())
    }
}
