//! The judgement of an authentic envelope. EN-20 to EN-24, EN-27.

use std::collections::VecDeque;

use super::driver::Driver;
use super::error::Result;
use super::harvest::{Harvest, delivered};
use super::types::{Delivered, Event};
use crate::chain::Place;
use crate::crypto::Key;
use crate::envelope::{Content, Parsed};
use crate::error::Class;
use crate::group::verify_member_message;
use crate::held::Waits;
use crate::store::Change;
use crate::wire::Message;
use crate::wire::tables::ENVELOPE;

/// The fate of an envelope: it was taken in, or it is to be rejected.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    /// Accepted, held, a duplicate or a fork.
    Taken,
    Rejected(Class),
}

impl Driver {
    pub fn is_member(&self, device: &Key) -> bool {
        self.store.state().group.as_ref().is_some_and(|group| group.members.contains_key(device))
    }

    /// Judges one envelope of a segment; `is_authentic` says what EN-30 and EN-31 make of it.
    pub fn judge(
        &mut self,
        envelope: &Message,
        parsed: crate::error::Result<Parsed>,
        is_authentic: bool,
        harvest: &mut Harvest,
    ) -> Result<()> {
        let parsed = match parsed {
            Ok(parsed) => parsed,
            Err(reject) => return self.reject(envelope, reject.class, harvest),
        };
        let state = self.store.state();
        if state.chains.is_accepted(&parsed.sender_key, parsed.sequence, &parsed.hash) {
            return self.log_again(&parsed, harvest);
        }
        if state.held.contains(&parsed.hash) {
            return Ok(());
        }
        if !is_authentic {
            return self.reject_unsigned(&parsed, harvest);
        }
        self.judge_vouched(&parsed, harvest)?;
        match self.judge_authentic(&parsed, harvest)? {
            Verdict::Taken => Ok(()),
            Verdict::Rejected(class) => self.reject(envelope, class, harvest),
        }
    }

    /// CL-09: an envelope without a record of its sender waits; one that announces the sender may bring it.
    pub fn judge_authentic(&mut self, parsed: &Parsed, harvest: &mut Harvest) -> Result<Verdict> {
        if !self.is_member(&parsed.sender_key) {
            self.learn_from_invite(parsed, harvest)?;
        }
        if !self.is_member(&parsed.sender_key) {
            self.hold(parsed, Waits::Record, harvest)?;
            return Ok(Verdict::Taken);
        }
        self.settle(parsed, harvest)
    }

    fn learn_from_invite(&mut self, parsed: &Parsed, harvest: &mut Harvest) -> Result<()> {
        let group = self.store.state().group()?;
        if !parsed.is_invite() {
            return Ok(());
        }
        let Ok(Content::Announcement(announcement)) = parsed.open(group.id(), &group.epochs) else { return Ok(()) };
        let record = announcement.message("record").filter(|record| {
            let member = verify_member_message(record, group.id(), |epoch| group.auth_key(epoch));
            member.is_ok_and(|member| member.device_key == parsed.sender_key)
        });
        match record {
            Some(record) => self.learn([record.clone()].iter(), harvest),
            None => Ok(()),
        }
    }

    /// GR-14, CL-12: records that verify count, and what waited for them is judged again.
    pub fn learn<'a>(&mut self, records: impl Iterator<Item = &'a Message>, harvest: &mut Harvest) -> Result<()> {
        for record in records {
            let group = self.store.state().group()?;
            let Ok(member) = verify_member_message(record, group.id(), |epoch| group.auth_key(epoch)) else { continue };
            if !group.members.contains_key(&member.device_key) {
                self.store.apply(Change::Member { record: record.encode() })?;
                self.judge_again(&member.device_key, harvest)?;
            }
        }
        Ok(())
    }

    /// Judges by the chain, and then what that woke.
    pub fn settle(&mut self, parsed: &Parsed, harvest: &mut Harvest) -> Result<Verdict> {
        let mut woken = VecDeque::new();
        let verdict = self.settle_one(parsed, &mut woken, harvest)?;
        self.settle_woken(woken, harvest)?;
        Ok(verdict)
    }

    pub fn settle_woken(&mut self, mut woken: VecDeque<Parsed>, harvest: &mut Harvest) -> Result<()> {
        while let Some(parsed) = woken.pop_front() {
            if let Verdict::Rejected(class) = self.settle_one(&parsed, &mut woken, harvest)? {
                self.reject(parsed.envelope(), class, harvest)?;
            }
        }
        Ok(())
    }

    /// EN-22 to EN-24.
    fn settle_one(&mut self, parsed: &Parsed, woken: &mut VecDeque<Parsed>, harvest: &mut Harvest) -> Result<Verdict> {
        let place = self.store.state().chains.place(parsed);
        match place {
            Place::Duplicate => self.log_again(parsed, harvest)?,
            Place::Fork => self.fork(parsed, harvest)?,
            Place::Broken => return Ok(Verdict::Rejected(Class::EnvelopeChain)),
            Place::Gap | Place::Next | Place::Late => {
                let group = self.store.state().group()?;
                if !group.is_readable(parsed.epoch) {
                    self.hold(parsed, Waits::Epoch, harvest)?;
                    return Ok(Verdict::Taken);
                }
                let content = match parsed.open(group.id(), &group.epochs) {
                    Ok(content) => content,
                    Err(reject) => return Ok(Verdict::Rejected(reject.class)),
                };
                let missing = self.store.state().chains.missing_before(parsed, &content.skipped());
                if place == Place::Gap && !missing.is_empty() {
                    self.hold(parsed, Waits::Place, harvest)?;
                } else {
                    self.accept(parsed, &content, woken, harvest)?;
                }
            }
        }
        Ok(Verdict::Taken)
    }

    /// EN-23: both stubs are evidence, the first stays. CL-26.
    fn fork(&mut self, parsed: &Parsed, harvest: &mut Harvest) -> Result<()> {
        let state = self.store.state();
        let first = state.chains.word(&parsed.sender_key, parsed.sequence).map(crate::stub::Stub::encode);
        if state.evidence.contains(&parsed.hash) {
            return Ok(());
        }
        let own = state.group()?.device.device_key == parsed.sender_key;
        let mut second = parsed.stub();
        if !second.is_signed() && own {
            second.signature = state.group()?.device.sign(&second.hash);
        }
        harvest.events.push(Event::Fork { sender: parsed.sender_key, sequence: parsed.sequence });
        let (first, second) = (first.unwrap_or_default(), second.encode());
        Ok(self.store.apply(Change::Forked { first, second, own })?)
    }

    /// EN-21: an envelope that passed all of EN-20; `woken` gets the held ones that wait for nothing any more.
    pub fn accept(
        &mut self,
        parsed: &Parsed,
        content: &Content,
        woken: &mut VecDeque<Parsed>,
        harvest: &mut Harvest,
    ) -> Result<()> {
        let (sender, sequence) = (parsed.sender_key, parsed.sequence);
        let before = self.store.state().chains.head(&sender).sequence;
        let group = self.store.state().group()?;
        if group.device.device_key == sender {
            // EN-35: another relay may need it, with a signature of its own.
            let envelope = signed_anew(parsed.envelope(), group.device.sign(&parsed.hash));
            self.store.apply(Change::Recovered { sequence, envelope })?;
        }
        self.store.apply(Change::Accepted { stub: parsed.stub().encode() })?;
        let skipped = content.skipped();
        if !skipped.is_empty() {
            self.store.apply(Change::Skipped { sender, ranges: skipped })?;
        }
        self.locate(parsed)?;
        match content {
            Content::Message(message) => self.log(parsed, message, true, harvest)?,
            Content::Announcement(announcement) => self.meet(parsed, announcement, harvest)?,
        }
        let state = self.store.state();
        let awake = state.held.woken(&state.chains, &sender, sequence, before);
        for held in awake {
            self.release(&held)?;
            woken.push_back(held);
        }
        Ok(())
    }

    /// CL-17: where a relay gave it.
    fn locate(&mut self, parsed: &Parsed) -> Result<()> {
        if parsed.cursor == 0 || parsed.relay.is_empty() {
            return Ok(());
        }
        let (relay, cursor, hash) = (parsed.relay.to_string(), parsed.cursor, parsed.hash);
        let known = self.store.state().located.get(&relay).is_some_and(|located| located.contains_key(&hash));
        Ok(if known { Ok(()) } else { self.store.apply(Change::Located { relay, cursor, hash }) }?)
    }

    /// PA-22: the name is the sender's; the record counts when it verifies.
    fn meet(&mut self, parsed: &Parsed, announcement: &Message, harvest: &mut Harvest) -> Result<()> {
        if self.store.state().group()?.device.device_key != parsed.sender_key {
            let name = announcement.text("name").to_owned();
            harvest.events.push(Event::MemberJoined { device: parsed.sender_key, name: name.clone() });
            self.store.apply(Change::Named { device: parsed.sender_key, name })?;
        }
        self.learn(announcement.message("record").into_iter(), harvest)
    }

    /// Notes a duplicate: it may come from another relay's log, or be an own envelope.
    fn log_again(&mut self, parsed: &Parsed, harvest: &mut Harvest) -> Result<()> {
        self.locate(parsed)?;
        let group = self.store.state().group()?;
        match parsed.open(group.id(), &group.epochs) {
            Ok(Content::Message(message)) => self.log(parsed, &message, false, harvest),
            _ => Ok(()),
        }
    }

    /// EN-16: each id of a sender once. `is_new`: this store did not have the envelope (CL-15).
    fn log(&mut self, parsed: &Parsed, message: &Message, is_new: bool, harvest: &mut Harvest) -> Result<()> {
        let (relay, cursor, received_at_ms) = (parsed.relay.to_string(), parsed.cursor, parsed.received_at_ms);
        let (sender, id) = (parsed.sender_key, message.array("id"));
        let state = self.store.state();
        let is_unseen = !state.seen.contains(&(sender, id));
        if state.logs.get(&relay).is_none_or(|log| !log.has(&sender, &id)) {
            let plaintext = message.encode();
            self.store.apply(Change::Logged { relay, cursor, received_at_ms, sender, plaintext })?;
        }
        if is_unseen {
            let own = self.store.state().group()?.device.device_key == sender;
            let message = Delivered { own, ..delivered(sender, cursor, received_at_ms, message) };
            if is_new || !own {
                harvest.deliveries.push(message.clone());
            }
            harvest.messages.push(message);
        }
        Ok(())
    }
}

fn signed_anew(envelope: &Message, signature: [u8; 64]) -> Vec<u8> {
    Message::new(&ENVELOPE)
        .with("header", envelope.bytes("header"))
        .with("nonce", envelope.bytes("nonce"))
        .with("ciphertext", envelope.bytes("ciphertext"))
        .with("signature", signature)
        .encode()
}
