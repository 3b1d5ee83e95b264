//! Envelopes on hold, and the end of gaps. EN-24, EN-25, CL-11.

use std::collections::VecDeque;

use tokio::time::{Duration, Instant};

use super::driver::Driver;
use super::error::Result;
use super::harvest::Harvest;
use super::types::{Completeness, Event};
use crate::envelope::Parsed;
use crate::error::Class;
use crate::held::Waits;
use crate::limits::{GAP_BYTES_MAX, GAP_WAIT_MS};
use crate::store::Change;

impl Driver {
    /// EN-09, EN-24, EN-25, CL-09.
    pub fn hold(&mut self, parsed: &Parsed, waits: Waits, harvest: &mut Harvest) -> Result<()> {
        if self.store.state().held.contains(&parsed.hash) {
            return Ok(());
        }
        let (relay, envelope) = (parsed.relay.to_string(), parsed.envelope().encode());
        self.store.apply(Change::Held { relay, envelope, has_record: waits != Waits::Record })?;
        self.held_since.insert(parsed.hash, self.world.now());
        while self.store.state().held.bytes() > GAP_BYTES_MAX {
            let oldest = self.store.state().held.oldest().map(|(held, waits)| (held.clone(), waits));
            let Some((oldest, waits)) = oldest else { break };
            let class = match waits {
                Waits::Place => {
                    self.close_gap(&oldest, harvest)?;
                    continue;
                }
                Waits::Epoch => Class::SessionEpoch,
                Waits::Record => Class::EnvelopeAuth,
            };
            self.release(&oldest)?;
            self.reject(oldest.envelope(), class, harvest)?;
        }
        Ok(())
    }

    pub fn release(&mut self, held: &Parsed) -> Result<()> {
        self.held_since.remove(&held.hash);
        Ok(self.store.apply(Change::Released { hash: held.hash })?)
    }

    /// When an envelope on hold came; after a restart, when the session was opened.
    fn held_since(&self, held: &Parsed) -> Instant {
        self.held_since.get(&held.hash).copied().unwrap_or(self.opened)
    }

    /// EN-24: when the next gap is given up. What waits for something else has no timer (EN-09, CL-09).
    pub fn next_gap(&self) -> Option<Instant> {
        let first = self.store.state().held.first_timed();
        first.map(|held| self.held_since(held) + Duration::from_millis(GAP_WAIT_MS))
    }

    /// EN-24: gaps whose time is over.
    pub fn close_gaps(&mut self) -> Result<()> {
        let now = self.world.now();
        let mut harvest = Harvest::default();
        while self.next_gap().is_some_and(|at| at <= now) {
            let Some(due) = self.store.state().held.first_timed().cloned() else { break };
            self.close_gap(&due, &mut harvest)?;
        }
        self.finish(harvest).map(drop)
    }

    /// EN-24, CL-11: this relay was read to its head. Where it is the group's only one, nothing can fill a gap any more.
    pub fn read_to_head(&mut self, harvest: &mut Harvest) -> Result<()> {
        if self.is_only_relay()? {
            while let Some(due) = self.store.state().held.first_timed().cloned() {
                self.close_gap(&due, harvest)?;
            }
        }
        let (state, relay) = (self.store.state(), self.relay_id());
        if state.expired.get(&relay).is_some_and(|expired| !expired.is_empty()) {
            return Ok(());
        }
        let reported = |hash| self.withheld.contains(&(relay.clone(), hash));
        let below = |stub: &&crate::stub::Stub| state.chains.head(&stub.sender_key).sequence < stub.sequence;
        let missing: Vec<_> = state.heads.iter().filter(below).filter(|stub| !reported(stub.hash)).cloned().collect();
        for stub in missing {
            let from = self.store.state().chains.head(&stub.sender_key).sequence + 1;
            let (relay, sender, to) = (relay.clone(), stub.sender_key, stub.sequence);
            harvest.events.push(Event::Withheld { relay: relay.clone(), sender, from, to });
            self.withheld.insert((relay, stub.hash));
        }
        Ok(())
    }

    /// CL-14.
    pub fn completeness(&self) -> Completeness {
        let state = self.store.state();
        let missing = state.chains.missing().into_iter().map(|(sender, ranges)| (sender, ranges.iter().collect()));
        let expired = state.expired.iter().map(|(relay, ranges)| (relay.clone(), ranges.iter().collect()));
        Completeness { missing: missing.collect(), expired: expired.collect() }
    }

    fn is_only_relay(&self) -> Result<bool> {
        let relay = self.relay_id();
        Ok(self.store.state().group()?.relays.iter().all(|known| *known == relay))
    }

    /// Delivers what waited, and what the same sender wrote before it and is on hold too, with the missing ones named.
    fn close_gap(&mut self, due: &Parsed, harvest: &mut Harvest) -> Result<()> {
        while let Some(lowest) = self.store.state().held.lowest(&due.sender_key, due.sequence).cloned() {
            self.release(&lowest)?;
            let group = self.store.state().group()?;
            let content = match lowest.open(group.id(), &group.epochs) {
                Ok(content) => content,
                Err(reject) => {
                    self.reject(lowest.envelope(), reject.class, harvest)?;
                    continue;
                }
            };
            let missing = self.store.state().chains.missing_before(&lowest, &content.skipped());
            let sender = lowest.sender_key;
            harvest.events.extend(missing.iter().map(|(from, to)| Event::Gap { sender, from, to }));
            let mut woken = VecDeque::new();
            self.accept(&lowest, &content, &mut woken, harvest)?;
            self.settle_woken(woken, harvest)?;
        }
        Ok(())
    }
}
