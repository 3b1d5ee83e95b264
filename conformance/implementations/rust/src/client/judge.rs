//! What EN-20 to EN-27 make of an envelope.

use tokio::time::{Duration, Instant};

use super::driver::Driver;
use super::error::Result;
use super::types::{Body, Delivered, Event};
use crate::chain::Place;
use crate::crypto::Key;
use crate::envelope::{Content, Signed};
use crate::error::{Class, Reject};
use crate::group::verify_member_message;
use crate::limits::{GAP_BYTES_MAX, GAP_WAIT_MS};
use crate::store::Change;
use crate::wire::{Message, Value};

/// What a segment brought, told only after it is on disk. CL-03, EN-27.
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
        let own = self.store.state().group()?.device.device_key == signed.sender_key;
        match self.store.state().chains.place(&signed) {
            Place::Duplicate if own => self.harvest_own(&signed, harvest),
            Place::Duplicate => Ok(()),
            Place::Fork if self.store.state().forks.contains(&signed.hash) => Ok(()),
            Place::Fork => {
                harvest.events.push(Event::Fork { sender: signed.sender_key, sequence: signed.sequence });
                self.store.apply(Change::Forked { hash: signed.hash, own })?;
                self.quarantine(envelope, Class::EnvelopeChain)
            }
            Place::Broken => self.reject(envelope, Class::EnvelopeChain, harvest),
            Place::Gap => self.hold(signed, harvest),
            Place::Next => {
                self.accept(&signed, harvest)?;
                self.release_held(harvest)
            }
        }
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

    /// EN-24, EN-25.
    fn hold(&mut self, signed: Signed, harvest: &mut Harvest) -> Result<()> {
        self.store.apply(Change::Held { envelope: signed.envelope().encode() })?;
        while self.store.state().held.bytes() > GAP_BYTES_MAX {
            let Some(sender) = self.store.state().held.oldest_sender() else { break };
            self.close_gap(&sender, harvest)?;
        }
        self.note_gaps();
        Ok(())
    }

    /// Opens an envelope that continues its chain; the rest of EN-20.
    fn accept(&mut self, signed: &Signed, harvest: &mut Harvest) -> Result<()> {
        let state = self.store.state();
        let group = state.group()?;
        let content = match signed.open(group.id(), &group.epochs) {
            Ok(content) => content,
            // EN-09: it waits like one above a gap.
            Err(reject) if reject.class == Class::SessionEpoch && !self.is_held(signed) => {
                return self.hold(signed.clone(), harvest);
            }
            Err(reject) => return self.reject(signed.envelope(), reject.class, harvest),
        };
        if let Content::Announcement(announcement) = &content
            && let Err(reject) = self.welcome_member(signed, announcement, harvest)
        {
            return self.reject(signed.envelope(), reject.class, harvest);
        }
        let sender = signed.sender_key;
        let own = self.store.state().group()?.device.device_key == sender;
        if own {
            self.store.apply(Change::Recovered { sequence: signed.sequence, envelope: signed.envelope().encode() })?;
        }
        self.store.apply(Change::Accepted { sender, sequence: signed.sequence, hash: signed.hash })?;
        if let Content::Message(message) = &content {
            self.harvest_message(delivered(signed, message, own), harvest)?;
        }
        Ok(())
    }

    fn is_held(&self, signed: &Signed) -> bool {
        self.store.state().held.lowest(&signed.sender_key).is_some_and(|held| held.hash == signed.hash)
    }

    /// PA-22: a member introduces itself.
    fn welcome_member(
        &mut self,
        signed: &Signed,
        announcement: &Message,
        harvest: &mut Harvest,
    ) -> crate::error::Result<()> {
        let group = self.store.state().group()?;
        let refuse = |detail: &str| Reject::new(Class::SessionUnauthorized, detail);
        let record = announcement.message("record").ok_or_else(|| refuse("an announcement has no record"))?;
        let member = verify_member_message(record, group.id(), |epoch| group.auth_key(epoch))?;
        if member.device_key != signed.sender_key {
            return Err(refuse("an announcement is of another device than its sender"));
        }
        if group.device.device_key != signed.sender_key {
            let name = announcement.text("name").to_owned();
            harvest.events.push(Event::MemberJoined { device: member.device_key, name });
        }
        self.store.apply(Change::Member { record: record.encode() })
    }

    fn release_held(&mut self, harvest: &mut Harvest) -> Result<()> {
        while let Some(next) = self.store.state().held.next(&self.store.state().chains).cloned() {
            self.store.apply(Change::Released { hash: next.hash })?;
            self.accept(&next, harvest)?;
            if self.is_held(&next) {
                break;
            }
        }
        while let Some(passed) = self.store.state().held.passed(&self.store.state().chains).cloned() {
            self.store.apply(Change::Released { hash: passed.hash })?;
            self.reject(passed.envelope(), Class::EnvelopeChain, harvest)?;
        }
        self.note_gaps();
        Ok(())
    }

    /// Keeps a start time for each sender that has something on hold.
    pub fn note_gaps(&mut self) {
        let senders: Vec<Key> = self.store.state().held.senders().collect();
        self.gaps.retain(|sender, _| senders.contains(sender));
        for sender in senders {
            self.gaps.entry(sender).or_insert_with(Instant::now);
        }
    }

    /// EN-24: gaps whose time is over.
    pub fn close_gaps(&mut self, now: Instant) -> Result<()> {
        let over = |since: &Instant| *since + Duration::from_millis(GAP_WAIT_MS) <= now;
        let senders: Vec<Key> = self.gaps.iter().filter(|(_, since)| over(since)).map(|(sender, _)| *sender).collect();
        let mut harvest = Harvest::default();
        for sender in senders {
            self.gaps.remove(&sender);
            self.close_gap(&sender, &mut harvest)?;
        }
        self.note_gaps();
        self.finish(harvest).map(drop)
    }

    fn close_gap(&mut self, sender: &Key, harvest: &mut Harvest) -> Result<()> {
        let Some(lowest) = self.store.state().held.lowest(sender).cloned() else {
            return Ok(());
        };
        let head = self.store.state().chains.head(sender);
        if lowest.sequence > head.sequence + 1 {
            let (from, to) = (head.sequence + 1, lowest.sequence - 1);
            harvest.events.push(Event::Gap { sender: *sender, from, to });
        }
        self.accept(&lowest, harvest)?;
        self.store.apply(Change::Released { hash: lowest.hash })?;
        self.release_held(harvest)
    }

    fn harvest_own(&mut self, signed: &Signed, harvest: &mut Harvest) -> Result<()> {
        let group = self.store.state().group()?;
        if let Ok(Content::Message(message)) = signed.open(group.id(), &group.epochs) {
            self.harvest_message(delivered(signed, &message, true), harvest)?;
        }
        Ok(())
    }

    /// EN-16: each id of a sender once.
    fn harvest_message(&mut self, delivered: Delivered, harvest: &mut Harvest) -> Result<()> {
        let (sender, id) = (delivered.sender, delivered.id);
        if !self.store.state().seen.contains(&(sender, id)) {
            self.store.apply(Change::Seen { sender, id })?;
            harvest.messages.push(delivered);
        }
        Ok(())
    }

    /// On disk first, then to the app.
    pub fn finish(&mut self, harvest: Harvest) -> Result<Vec<Delivered>> {
        self.store.commit()?;
        harvest.events.into_iter().for_each(|event| self.emit(event));
        for message in harvest.messages.iter().filter(|message| !message.own) {
            self.deliver(message.clone());
        }
        Ok(harvest.messages)
    }
}

pub fn delivered(signed: &Signed, message: &Message, own: bool) -> Delivered {
    let body = match message.member() {
        Some((_, Value::Text(text))) => Body::Text(text.clone()),
        _ => Body::Data(message.bytes("data").to_vec()),
    };
    Delivered {
        sender: signed.sender_key,
        id: message.array("id"),
        body,
        metadata: message.get("metadata").map(|_| message.text("metadata").to_owned()),
        sent_at_ms: message.uint("sent_at_ms"),
        received_at_ms: signed.received_at_ms,
        cursor: signed.cursor,
        own,
    }
}
