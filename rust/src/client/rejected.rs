//! Rejected envelopes, and their way out of the quarantine. EN-26, EN-34, CL-12.

use super::driver::Driver;
use super::error::Result;
use super::harvest::Harvest;
use super::judge::Verdict;
use super::types::Event;
use crate::crypto::Key;
use crate::envelope::Parsed;
use crate::error::Class;
use crate::store::{Change, Rejected};
use crate::wire::Message;

/// An envelope of the quarantine.
struct Quarantined {
    name: Key,
    unsigned: bool,
    parsed: Parsed,
}

impl Quarantined {
    fn of(rejected: &Rejected) -> Option<Self> {
        let parsed = rejected.parsed.clone()?;
        Some(Quarantined { name: rejected.name(), unsigned: rejected.unsigned, parsed })
    }
}

impl Driver {
    /// EN-26.
    pub fn reject(&mut self, envelope: &Message, class: Class, harvest: &mut Harvest) -> Result<()> {
        self.quarantine(envelope, class, false, harvest)
    }

    /// EN-30: no good signature, and nothing that vouches.
    pub fn reject_unsigned(&mut self, parsed: &Parsed, harvest: &mut Harvest) -> Result<()> {
        self.quarantine(parsed.envelope(), Class::EnvelopeAuth, true, harvest)
    }

    fn quarantine(&mut self, envelope: &Message, class: Class, unsigned: bool, harvest: &mut Harvest) -> Result<()> {
        let cursor = Some(envelope.uint("cursor")).filter(|cursor| *cursor != 0);
        harvest.events.push(Event::Rejected { class, cursor });
        let (class, relay, envelope) = (class.as_str().to_owned(), self.relay_id(), envelope.encode());
        Ok(self.store.apply(Change::Quarantined { class, unsigned, relay, envelope })?)
    }

    /// EN-34: judges what an authentic envelope vouches for in the quarantine, from the lowest sequence upwards.
    pub fn judge_vouched(&mut self, voucher: &Parsed, harvest: &mut Harvest) -> Result<()> {
        let mut run: Vec<Quarantined> = Vec::new();
        let mut last = voucher.clone();
        loop {
            let names = |copy: &Quarantined| {
                copy.parsed.sender_key == last.sender_key && copy.parsed.sequence + 1 == last.sequence
            };
            let unsigned = self.store.state().quarantine.unsigned(&last.previous).filter_map(Quarantined::of);
            let copies: Vec<_> = unsigned.filter(names).collect();
            let Some(first) = copies.first() else { break };
            last = first.parsed.clone();
            run.extend(copies);
        }
        for quarantined in run.into_iter().rev() {
            let verdict = self.judge_authentic(&quarantined.parsed, harvest)?;
            self.take_out(&quarantined, &verdict)?;
        }
        Ok(())
    }

    /// CL-12: a record became known.
    pub fn judge_again(&mut self, device: &Key, harvest: &mut Harvest) -> Result<()> {
        let state = self.store.state();
        let held = state.held.without_record(device).into_iter().map(|parsed| (parsed, None));
        let quarantined = state.quarantine.of(device).filter_map(Quarantined::of);
        let quarantined = quarantined.map(|quarantined| (quarantined.parsed.clone(), Some(quarantined)));
        let mut all: Vec<_> = held.chain(quarantined).collect();
        all.sort_by_key(|(parsed, _)| parsed.sequence);
        for (parsed, quarantined) in all {
            match quarantined {
                None => {
                    self.release(&parsed)?;
                    if let Verdict::Rejected(class) = self.judge_authentic(&parsed, harvest)? {
                        self.reject(parsed.envelope(), class, harvest)?;
                    }
                }
                Some(quarantined) if !quarantined.unsigned || self.vouch(&parsed) => {
                    let verdict = self.judge_authentic(&parsed, harvest)?;
                    self.take_out(&quarantined, &verdict)?;
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// EN-31: something accepted or held vouches for it.
    pub fn vouch(&self, parsed: &Parsed) -> bool {
        let state = self.store.state();
        state.chains.vouch(parsed) || state.held.vouch(parsed)
    }

    fn take_out(&mut self, quarantined: &Quarantined, verdict: &Verdict) -> Result<()> {
        if *verdict == Verdict::Taken {
            self.store.apply(Change::Unquarantined { name: quarantined.name })?;
        }
        Ok(())
    }
}
