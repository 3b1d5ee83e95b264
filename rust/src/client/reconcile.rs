//! HelloAck's own head against the own chain. CL-06, CL-21, CL-26, CL-28.

use super::answer::Refusal;
use super::driver::Driver;
use super::error::{Error, Result};
use super::types::Event;
use crate::error::{Class, Reject};
use crate::store::Change;
use crate::stub::Stub;

impl Driver {
    /// Before the first push of a session.
    pub async fn reconcile(&mut self) -> Result<()> {
        if self.reconciled {
            return Ok(());
        }
        let stub = self.own_head()?;
        if let Some(fork) = stub.as_ref().filter(|stub| self.forks_own_chain(stub)) {
            self.report_fork(fork)?;
        }
        let (sequence, head) = (stub.as_ref().map_or(0, |stub| stub.sequence), self.own_chain()?);
        let claimed = self.link.as_ref().and_then(|link| link.welcomed.as_ref()).map_or(0, |welcomed| welcomed.head);
        // CL-06: a relay that lost data is heard before it is filled again.
        if sequence > head || claimed < self.cursor().0 {
            self.pull_log().await?;
        }
        if let Some(stub) = stub.filter(|_| !self.store.state().forked) {
            self.take_over(stub)?;
        }
        if let Some(welcomed) = self.link.as_mut().and_then(|link| link.welcomed.as_mut()) {
            welcomed.own_sequence = welcomed.own_sequence.max(sequence);
        }
        self.reconciled = true;
        Ok(())
    }

    /// The relay's head of this device's chain as this device signed it; another claim stops every push.
    fn own_head(&self) -> Result<Option<Stub>> {
        let group = self.store.state().group()?;
        let claim = self.link.as_ref().and_then(|link| link.welcomed.as_ref()).ok_or(Error::Closed)?.own_head.as_ref();
        let verify = |claim| Stub::verify(claim, group.id()).ok().filter(|s| s.sender_key == group.device.device_key);
        let stub = claim.map(|claim| verify(claim).ok_or_else(unauthentic)).transpose()?;
        Ok(stub)
    }

    fn own_chain(&self) -> Result<u64> {
        let state = self.store.state();
        Ok(state.chains.head(&state.group()?.device.device_key).sequence)
    }

    /// CL-21, CL-28: goes on behind the highest stub; what was sealed for places up to it, and no relay has, is sealed anew.
    fn take_over(&mut self, stub: Stub) -> Result<()> {
        let (own, relay) = (stub.sender_key, self.relay_id());
        let state = self.store.state();
        let known = state.chains.highest_stub(&own).filter(|known| known.sequence > stub.sequence);
        let stub = known.cloned().unwrap_or(stub);
        if stub.sequence <= self.own_chain()? {
            return Ok(());
        }
        let is_there = |sequence: u64| {
            let hash = state.chains.word(&own, sequence).map(|word| word.hash);
            hash.is_some_and(|hash| state.located.get(&relay).is_some_and(|located| located.contains_key(&hash)))
        };
        let sealed = state.outbox.iter().filter_map(|entry| entry.sequence);
        let lost: Vec<u64> = sealed.filter(|sequence| *sequence <= stub.sequence && !is_there(*sequence)).collect();
        // The first of them is queued first.
        for sequence in lost.into_iter().rev() {
            self.store.apply(Change::Unsealed { sequence })?;
        }
        let from = self.own_chain()? + 1;
        self.store.apply(Change::TakenOver { stub: stub.encode() })?;
        self.store.commit()?;
        self.emit(Event::Expired { relay, sender: Some(own), from, to: stub.sequence });
        Ok(())
    }

    /// The stub of a conflict, when this device really signed it. CL-26.
    pub fn own_fork(&self, sequence: u64, refusal: &Refusal) -> Result<Option<Stub>> {
        let state = self.store.state();
        let group = state.group()?;
        let stub = refusal.conflict.as_ref().and_then(|conflict| Stub::verify(conflict, group.id()).ok());
        Ok(stub.filter(|stub| stub.sequence == sequence && self.forks_own_chain(stub)))
    }

    /// This device signed it, and another one for its place. CL-26.
    pub fn forks_own_chain(&self, stub: &Stub) -> bool {
        let state = self.store.state();
        let own = state.group.as_ref().map(|group| group.device.device_key);
        let word = state.chains.word(&stub.sender_key, stub.sequence);
        own == Some(stub.sender_key) && word.is_some_and(|word| word.hash != stub.hash)
    }

    pub fn report_fork(&mut self, fork: &Stub) -> Result<()> {
        let state = self.store.state();
        if state.evidence.contains(&fork.hash) {
            return Ok(());
        }
        let first = state.chains.word(&fork.sender_key, fork.sequence).map(Stub::encode).unwrap_or_default();
        self.store.apply(Change::Forked { first, second: fork.encode(), own: true })?;
        self.store.commit()?;
        self.emit(Event::Fork { sender: fork.sender_key, sequence: fork.sequence });
        Ok(())
    }
}

fn unauthentic() -> Error {
    let detail = "the relay's head of this device's chain is not one that this device signed";
    Error::Reject(Reject { code: Some(1032), ..Reject::new(Class::EnvelopeAuth, detail) })
}
