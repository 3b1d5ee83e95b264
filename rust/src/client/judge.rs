//! The judgement of an envelope. EN-20 to EN-27.

use std::collections::VecDeque;

use tokio::time::{Duration, Instant};

use super::driver::Driver;
use super::error::Result;
use super::types::{Body, Delivered, Event};
use crate::chain::Place;
use crate::crypto::Key;
use crate::envelope::{Content, Signed};
use crate::error::Class;
use crate::group::verify_member_message;
use crate::held::Waits;
use crate::limits::{GAP_BYTES_MAX, GAP_WAIT_MS};
use crate::store::Change;
use crate::wire::{Message, Value};

/// The results of a segment, which are reported only after they are on disk. CL-03, EN-27.
#[derive(Default)]
pub struct Harvest {
    pub messages: Vec<Delivered>,
    pub events: Vec<Event>,
}

impl Driver {
    pub fn is_member(&self, device: &Key) -> bool {
        self.store.state().group.as_ref().is_some_and(|group| group.members.contains_key(device))
    }

    pub fn judge(
        &mut self,
        envelope: &Message,
        signed: crate::error::Result<Signed>,
        harvest: &mut Harvest,
    ) -> Result<()> {
        let signed = signed.and_then(|signed| {
            signed.check_member(self.is_member(&signed.sender_key))?;
            Ok(signed)
        });
        let signed = match signed {
            Ok(signed) => signed,
            Err(reject) => return self.reject(envelope, reject.class, harvest),
        };
        let awake = self.settle(&signed, harvest)?;
        self.settle_all(awake, harvest)
    }

    /// Judges envelopes that wait for nothing any more, and those that they wake.
    fn settle_all(&mut self, awake: Vec<Signed>, harvest: &mut Harvest) -> Result<()> {
        let mut awake = VecDeque::from(awake);
        while let Some(signed) = awake.pop_front() {
            let woken = self.settle(&signed, harvest)?;
            awake.extend(woken);
        }
        Ok(())
    }

    /// EN-22 to EN-24. Gives the held envelopes that wait for nothing any more.
    fn settle(&mut self, signed: &Signed, harvest: &mut Harvest) -> Result<Vec<Signed>> {
        match self.store.state().chains.place(signed) {
            Place::Next | Place::Late if self.is_readable(signed.epoch) => return self.accept(signed, harvest),
            Place::Gap | Place::Next | Place::Late => self.hold(signed, harvest)?,
            Place::Duplicate => self.log_again(signed, harvest)?,
            Place::Fork => self.fork(signed, harvest)?,
            Place::Broken => self.reject(signed.envelope(), Class::EnvelopeChain, harvest)?,
        }
        Ok(Vec::new())
    }

    /// EN-09.
    fn is_readable(&self, epoch: u32) -> bool {
        self.store.state().group.as_ref().is_some_and(|group| group.is_readable(epoch))
    }

    /// EN-23: both are evidence, the first stays.
    fn fork(&mut self, signed: &Signed, harvest: &mut Harvest) -> Result<()> {
        if self.store.state().forks.contains_key(&signed.hash) {
            return Ok(());
        }
        let own = self.store.state().group()?.device.device_key == signed.sender_key;
        harvest.events.push(Event::Fork { sender: signed.sender_key, sequence: signed.sequence });
        self.store.apply(Change::Forked { hash: signed.hash, own })?;
        self.quarantine(signed.envelope(), Class::EnvelopeChain)
    }

    /// EN-26.
    fn reject(&mut self, envelope: &Message, class: Class, harvest: &mut Harvest) -> Result<()> {
        let cursor = Some(envelope.uint("cursor")).filter(|cursor| *cursor != 0);
        harvest.events.push(Event::Rejected { class, cursor });
        self.quarantine(envelope, class)
    }

    fn quarantine(&mut self, envelope: &Message, class: Class) -> Result<()> {
        let change = Change::Quarantined { class: class.as_str().to_owned(), envelope: envelope.encode() };
        Ok(self.store.apply(change)?)
    }

    /// EN-09, EN-24, EN-25.
    fn hold(&mut self, signed: &Signed, harvest: &mut Harvest) -> Result<()> {
        if self.store.state().held.contains(&signed.hash) {
            return Ok(());
        }
        self.store.apply(Change::Held { envelope: signed.envelope().encode() })?;
        self.held_since.insert(signed.hash, self.world.now());
        while self.store.state().held.bytes() > GAP_BYTES_MAX {
            let Some((oldest, waits)) = self.store.state().held.oldest().map(|(held, waits)| (held.clone(), waits))
            else {
                break;
            };
            match waits {
                Waits::Place => self.close_gap(&oldest, harvest)?,
                Waits::Epoch => {
                    self.release(&oldest)?;
                    self.reject(oldest.envelope(), Class::SessionEpoch, harvest)?;
                }
            }
        }
        Ok(())
    }

    fn release(&mut self, held: &Signed) -> Result<()> {
        self.held_since.remove(&held.hash);
        Ok(self.store.apply(Change::Released { hash: held.hash })?)
    }

    /// Opens an envelope that has its place in the chain: the rest of EN-20. Gives the held envelopes that wait for nothing
    /// any more.
    fn accept(&mut self, signed: &Signed, harvest: &mut Harvest) -> Result<Vec<Signed>> {
        let state = self.store.state();
        let group = state.group()?;
        let content = match signed.open(group.id(), &group.epochs) {
            Ok(content) => content,
            Err(reject) => {
                self.reject(signed.envelope(), reject.class, harvest)?;
                return Ok(Vec::new());
            }
        };
        let (sender, sequence, hash, previous) = (signed.sender_key, signed.sequence, signed.hash, signed.previous);
        let own = group.device.device_key == sender;
        let before = state.chains.head(&sender).sequence;
        if own {
            self.store.apply(Change::Recovered { sequence, envelope: signed.envelope().encode() })?;
        }
        self.store.apply(Change::Accepted { sender, sequence, hash, previous })?;
        match &content {
            Content::Message(message) => self.log(signed, message, harvest)?,
            Content::Announcement(announcement) => self.meet(signed, announcement, harvest)?,
        }
        let state = self.store.state();
        let woken = state.held.woken(&state.chains, &sender, sequence, before);
        woken.iter().try_for_each(|held| self.release(held))?;
        Ok(woken)
    }

    /// PA-22: the name is the sender's; the record counts when it verifies.
    fn meet(&mut self, signed: &Signed, announcement: &Message, harvest: &mut Harvest) -> Result<()> {
        let group = self.store.state().group()?;
        if group.device.device_key != signed.sender_key {
            let name = announcement.text("name").to_owned();
            harvest.events.push(Event::MemberJoined { device: signed.sender_key, name });
        }
        let record = announcement.message("record").filter(|record| {
            let member = verify_member_message(record, group.id(), |epoch| group.auth_key(epoch));
            member.is_ok_and(|member| !group.members.contains_key(&member.device_key))
        });
        Ok(record.map_or(Ok(()), |record| self.store.apply(Change::Member { record: record.encode() }))?)
    }

    /// When an envelope on hold came; after a restart, when the session was opened.
    fn held_since(&self, held: &Signed) -> Instant {
        self.held_since.get(&held.hash).copied().unwrap_or(self.opened)
    }

    /// EN-24: when the next gap is given up. What waits for an epoch has no timer (EN-09).
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

    /// Delivers what waited, and what the same sender wrote before it and is on hold too, with the missing ones named.
    fn close_gap(&mut self, due: &Signed, harvest: &mut Harvest) -> Result<()> {
        while let Some(lowest) = self.store.state().held.lowest(&due.sender_key, due.sequence).cloned() {
            let before = self.store.state().chains.head(&due.sender_key).sequence;
            self.release(&lowest)?;
            let named = harvest.events.len();
            let woken = self.accept(&lowest, harvest)?;
            if self.store.state().chains.is_accepted(&lowest.sender_key, lowest.sequence, &lowest.hash) {
                let gap = Event::Gap { sender: due.sender_key, from: before + 1, to: lowest.sequence - 1 };
                harvest.events.insert(named, gap);
            }
            self.settle_all(woken, harvest)?;
        }
        Ok(())
    }

    /// Notes a duplicate: it may come from another relay's log, or be an own envelope.
    fn log_again(&mut self, signed: &Signed, harvest: &mut Harvest) -> Result<()> {
        let group = self.store.state().group()?;
        match signed.open(group.id(), &group.epochs) {
            Ok(Content::Message(message)) => self.log(signed, &message, harvest),
            _ => Ok(()),
        }
    }

    /// EN-16: each id of a sender once.
    fn log(&mut self, signed: &Signed, message: &Message, harvest: &mut Harvest) -> Result<()> {
        let (relay, cursor, received_at_ms) = (self.relay_id(), signed.cursor, signed.received_at_ms);
        let (sender, id) = (signed.sender_key, message.array("id"));
        let state = self.store.state();
        let is_new = !state.seen.contains(&(sender, id));
        if state.logs.get(&relay).is_none_or(|log| !log.has(&sender, &id)) {
            let plaintext = message.encode();
            self.store.apply(Change::Logged { relay, cursor, received_at_ms, sender, plaintext })?;
        }
        if is_new {
            let own = self.store.state().group()?.device.device_key == sender;
            harvest.messages.push(Delivered { own, ..delivered(sender, cursor, received_at_ms, message) });
        }
        Ok(())
    }

    /// Commits the results to disk, then returns the messages for the app.
    pub fn finish(&mut self, harvest: Harvest) -> Result<Vec<Delivered>> {
        self.store.commit()?;
        harvest.events.into_iter().for_each(|event| self.emit(event));
        for message in harvest.messages.iter().filter(|message| !message.own) {
            self.deliver(message.clone());
        }
        Ok(harvest.messages)
    }
}

/// Builds the delivery of another member's message.
pub fn delivered(sender: Key, cursor: u64, received_at_ms: u64, message: &Message) -> Delivered {
    let body = match message.member() {
        Some((_, Value::Text(text))) => Body::Text(text.clone()),
        _ => Body::Data(message.bytes("data").to_vec()),
    };
    Delivered {
        sender,
        id: message.array("id"),
        body,
        metadata: message.get("metadata").map(|_| message.text("metadata").to_owned()),
        sent_at_ms: message.uint("sent_at_ms"),
        received_at_ms,
        cursor,
        own: false,
    }
}
