//! The push side. CL-20 to CL-27.

use std::collections::BTreeSet;

use tokio::time::Instant;
use zeroize::Zeroizing;

use super::actions::{Output, Stored};
use super::answer::Refusal;
use super::driver::Driver;
use super::error::{Error, Result};
use super::harvest::shown;
use super::types::Event;
use crate::crypto::random;
use crate::envelope::{self, Content};
use crate::error::{Class, Reject, Retry};
use crate::limits::{OUTBOX_ITEMS_MAX, SKIPPED_RANGES_MAX};
use crate::push;
use crate::ranges::Ranges;
use crate::store::{Change, Entry};
use crate::wire::tables::{ENVELOPE, MEMBER_ANNOUNCEMENT, MEMBER_RECORD, PUSH, PUSH_ITEM};
use crate::wire::{Message, Origin, decode};

/// The end of a flush.
pub enum Flushed {
    All,
    /// A final refusal stands at the queue's front and waits for the app.
    Refused(Reject),
    Resting(Rest),
}

/// After a refusal that is `later` the queue rests. CL-24.
#[derive(Clone)]
pub struct Rest {
    pub until: Instant,
    pub reject: Reject,
}

/// Bytes of a Push frame that are not envelopes, at most.
const FRAME_OVERHEAD: usize = 4096;
/// Bytes of an envelope beyond header and ciphertext: nonce, signature, tags and lengths.
const ITEM_OVERHEAD: usize = 128;

struct Item {
    sequence: u64,
    envelope: Vec<u8>,
    /// CL-25: what stood before it was dropped.
    skip: bool,
}

impl Driver {
    /// CL-20: durable before it returns.
    pub async fn push(&mut self, id: [u8; 16], content: Content, wait: bool) -> Result<Output> {
        self.ensure_group()?;
        let content = match content {
            Content::Message(message) => Content::Message(message.with("sent_at_ms", self.now_ms())),
            other => other,
        };
        self.queue(id, &content)?;
        if !wait {
            return Ok(Output::Pushed { id, stored: None });
        }
        let stored = self.flush_patiently(Some(id)).await?;
        Ok(Output::Pushed { id, stored })
    }

    pub fn queue(&mut self, id: [u8; 16], content: &Content) -> Result<()> {
        if self.store.state().outbox.len() >= OUTBOX_ITEMS_MAX {
            return Err(Error::Misuse("the outbox is full"));
        }
        let plaintext = Zeroizing::new(content.encode());
        let content_type = content.content_type();
        Content::decode(content_type.into(), &plaintext)?;
        self.store.apply(Change::Queued {
            id,
            content_type,
            plaintext: plaintext.to_vec(),
            sequence: None,
            refused: None,
            skipped: Vec::new(),
            unanswered: false,
        })?;
        Ok(self.store.commit()?)
    }

    /// PA-22: this device introduces itself.
    pub fn queue_announcement(&mut self) -> Result<()> {
        let group = self.store.state().group()?;
        let record = group.members.get(&group.device.device_key).ok_or(Error::Misuse("the own record is missing"))?;
        let announcement = Message::new(&MEMBER_ANNOUNCEMENT)
            .with("name", self.options.device_name.as_str())
            .with("record", decode(&MEMBER_RECORD, record, Origin::Client)?);
        self.queue(random(), &Content::Announcement(announcement))
    }

    /// Sends what the relay lacks of this device's chain, then what waits in the outbox.
    pub async fn flush(&mut self) -> Result<Flushed> {
        if let Some(rest) = self.rest.take().filter(|rest| self.world.now() < rest.until) {
            self.rest = Some(rest.clone());
            return Ok(Flushed::Resting(rest));
        }
        self.reconcile().await?;
        loop {
            if self.store.state().forked {
                let detail = "two copies of this device are in use";
                return Err(Error::Reject(Reject { code: Some(1037), ..Reject::new(Class::EnvelopeChain, detail) }));
            }
            let first = self.store.state().outbox.first().filter(|entry| entry.is_blocked());
            if let Some(code) = first.and_then(|entry| entry.refused) {
                return Ok(Flushed::Refused(Reject::from_number(code, "the relay refused an earlier message")));
            }
            let items = self.next_items()?;
            if items.is_empty() {
                return Ok(Flushed::All);
            }
            let push = Message::new(&PUSH).with_all("items", items.iter().map(message_of).collect::<Result<Vec<_>>>()?);
            let refusal = match self.request("push", push, "push_ack").await? {
                Ok(ack) => self.take_ack(&ack, &items)?,
                Err(refusal) => Some((items[0].sequence, refusal)),
            };
            if let Some((sequence, refusal)) = refusal
                && let Some(end) = self.take_refusal(sequence, refusal)?
            {
                return Ok(end);
            }
        }
    }

    /// Returns as many envelopes as one Push may hold, in order; seals and stores queued entries first. CL-22.
    fn next_items(&mut self) -> Result<Vec<Item>> {
        let welcomed = self.link.as_ref().and_then(|link| link.welcomed.clone()).ok_or(Error::Closed)?;
        let mut room = welcomed.frame_bytes_max.saturating_sub(FRAME_OVERHEAD);
        let mut items: Vec<Item> = Vec::new();
        let (mut before, head) = (0, welcomed.own_sequence);
        while let Some((sequence, envelope)) = self.envelope_after(before, head)? {
            let entry = self.store.state().outbox.sealed(sequence);
            let (refused, deferred) =
                (entry.is_some_and(Entry::is_blocked), entry.is_some_and(|e| e.refused.is_some()));
            let size = envelope.len() + ITEM_OVERHEAD;
            if refused || items.len() >= welcomed.push_items_max || (size > room && !items.is_empty()) {
                break;
            }
            if deferred {
                self.store.apply(Change::Sent { sequence })?;
            }
            room = room.saturating_sub(size);
            items.push(Item { sequence, envelope, skip: sequence > before.max(head) + 1 });
            before = sequence;
        }
        self.store.commit()?;
        Ok(items)
    }

    /// The own envelope that goes to the relay, whose head of this chain is `head`, after another one; seals the next
    /// entry when there is none. What the relay has, but never acknowledged here, goes once more (CL-23).
    fn envelope_after(&mut self, before: u64, head: u64) -> Result<Option<(u64, Vec<u8>)>> {
        let state = self.store.state();
        let unanswered = state.outbox.sealed_between(before + 1, head);
        let lacking = || state.own.range(before.max(head) + 1..).next().map(|(sequence, _)| *sequence);
        let next = unanswered.or_else(lacking).and_then(|sequence| Some((sequence, state.own.get(&sequence)?.clone())));
        if next.is_some() {
            return Ok(next);
        }
        let Some(entry) = state.outbox.first_queued() else {
            return Ok(None);
        };
        let group = state.group()?;
        let skipped = first_ranges(&state.unnamed);
        let content = Content::decode(entry.content_type.into(), &entry.plaintext)?.with_skipped(&skipped);
        let epoch = group.epoch().ok_or(Error::Misuse("the group has no epoch"))?;
        let head = state.chains.head(&group.device.device_key);
        let (envelope, _) = envelope::seal(&group.device, epoch, head, &content, &random())?;
        self.store.apply(Change::Sealed { id: entry.id, skipped, envelope: envelope.clone() })?;
        Ok(Some((head.sequence + 1, envelope)))
    }

    /// Results of a prefix of the items; a refusal, if one ended it.
    fn take_ack(&mut self, ack: &Message, items: &[Item]) -> Result<Option<(u64, Refusal)>> {
        let Some(results) = push::results(ack, items.len()) else {
            return Err(self.violate(Class::FrameParse, "a PushAck does not answer its Push"));
        };
        for (result, item) in results.iter().zip(items) {
            if let Some(error) = result.message("error").filter(|_| result.uint("status") == push::REFUSED) {
                self.store.commit()?;
                return Ok(Some((item.sequence, Refusal::of(error))));
            }
            self.acknowledge(item.sequence, Stored { cursor: result.uint("cursor"), durable: true })?;
        }
        self.store.commit()?;
        Ok(None)
    }

    fn acknowledge(&mut self, sequence: u64, stored: Stored) -> Result<()> {
        let acknowledged = self.store.state().outbox.sealed(sequence);
        if let (Some(entry), Some((id, awaited))) = (acknowledged, &mut self.awaited)
            && entry.id == *id
        {
            *awaited = Some(stored);
        }
        if let Some(welcomed) = self.link.as_mut().and_then(|link| link.welcomed.as_mut()) {
            welcomed.own_sequence = welcomed.own_sequence.max(sequence);
        }
        self.push_attempt = 0;
        let (relay, cursor) = (self.relay_id(), stored.cursor);
        Ok(self.store.apply(Change::Acknowledged { sequence, relay, cursor })?)
    }

    /// CL-24, CL-26.
    fn take_refusal(&mut self, sequence: u64, refusal: Refusal) -> Result<Option<Flushed>> {
        if let Some(fork) = self.own_fork(sequence, &refusal)? {
            self.report_fork(&fork)?;
            return Err(Error::Reject(refusal.reject));
        }
        match refusal.retry {
            Retry::No => {
                let code = refusal.reject.code.unwrap_or(1000);
                // CL-62: what was acknowledged before holds nothing.
                let waits = self.store.state().outbox.sealed(sequence).is_some();
                let change = if waits { Change::Refused { sequence, code } } else { Change::Withdrawn { sequence } };
                self.store.apply(change)?;
                self.store.commit()?;
                self.emit(Event::Refused { code });
                Ok(Some(Flushed::Refused(refusal.reject)).filter(|_| waits))
            }
            Retry::Later | Retry::Same => {
                let code = refusal.reject.code.unwrap_or(3000);
                self.store.apply(Change::Refused { sequence, code })?;
                self.store.commit()?;
                let until = self.world.now() + self.push_rest(refusal.retry_after_ms);
                let rest = Rest { until, reject: refusal.reject };
                self.rest = Some(rest.clone());
                Ok(Some(Flushed::Resting(rest)))
            }
        }
    }

    /// CL-47, CL-61, CL-70.
    pub fn resolve(&mut self, id: [u8; 16], retry: bool) -> Result<Output> {
        let entry = self.store.state().outbox.by_id(&id);
        let may = entry
            .is_some_and(|entry| if retry { entry.is_blocked() } else { entry.refused.is_some() && !entry.unanswered });
        if !may {
            return Err(Error::Misuse("no message with this id was refused"));
        }
        // The entries that waited behind it go on.
        if entry.is_some_and(|entry| !entry.is_blocked()) {
            self.rest = None;
        }
        let dropped = entry.map(|entry| Content::decode(entry.content_type.into(), &entry.plaintext)).transpose()?;
        self.store.apply(if retry { Change::Retried { id } } else { Change::Dropped { id } })?;
        self.store.commit()?;
        Ok(match dropped {
            Some(Content::Message(message)) if !retry => Output::Dropped(Some(shown(&message))),
            _ if !retry => Output::Dropped(None),
            _ => Output::Done,
        })
    }

    /// SE-07: closes the connection with the number of what the relay did wrong.
    pub fn violate(&mut self, class: Class, detail: &str) -> Error {
        let error = match &mut self.link {
            Some(link) => link.violation(class, detail),
            None => Error::Closed,
        };
        self.lose(&error);
        error
    }
}

fn message_of(item: &Item) -> Result<Message> {
    let envelope = decode(&ENVELOPE, &item.envelope, Origin::Client)?;
    Ok(Message::new(&PUSH_ITEM).with("envelope", envelope).with("skip", item.skip))
}

/// EN-29: the lowest ranges, as many as one plaintext names.
fn first_ranges(unnamed: &BTreeSet<u64>) -> Vec<(u64, u64)> {
    let mut ranges = Ranges::default();
    unnamed.iter().for_each(|sequence| ranges.add(*sequence, *sequence));
    ranges.iter().take(SKIPPED_RANGES_MAX).collect()
}
