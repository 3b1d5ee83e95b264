//! The pull side: segments of the log, and what EN-20 to EN-27 make of their envelopes.

use std::sync::Arc;

use tokio::time::Duration;

use super::actions::Output;
use super::driver::Driver;
use super::error::{Error, Result};
use super::harvest::{Harvest, delivered};
use super::link::Subscription;
use super::sorting::cost;
use super::types::{Delivered, Event};
use crate::chain::authentic;
use crate::cursor::{Moved, Segment, merge};
use crate::envelope::{self, Parsed};
use crate::error::{Class, Reject};
use crate::limits::{PAGE_BYTES_MAX, ROLL_BACK_MS_MIN};
use crate::ranges::Ranges;
use crate::store::Change;
use crate::wire::Message;
use crate::wire::tables::{ACK, CREDIT, LIST_DEVICES, PULL};

impl Driver {
    /// Returns the new messages; with `after`, every accepted message above that cursor.
    pub async fn pull(&mut self, after: Option<u64>) -> Result<Output> {
        let new = self.pull_new().await?;
        let messages = match after {
            Some(after) => self.log_above(after),
            None => new,
        };
        Ok(Output::Pulled { messages, cursor: self.cursor().0 })
    }

    /// CL-06: after a roll-back the relay gets what it lost of this device's.
    pub async fn pull_new(&mut self) -> Result<Vec<Delivered>> {
        let kept = self.link.is_some();
        self.connect().await?;
        let messages = match self.pull_log().await {
            // The connection had died unnoticed. A relay that took too long has had its time (SE-25).
            Err(Error::Lost(reject)) if kept && reject.code != Some(2007) => {
                self.connect().await?;
                self.pull_log().await?
            }
            other => other?,
        };
        if std::mem::take(&mut self.rolled_back) {
            self.flush().await?;
        }
        Ok(messages)
    }

    /// Reads the log to its end, or to the head that its first page named. CL-04.
    pub async fn pull_log(&mut self) -> Result<Vec<Delivered>> {
        let (after, hash) = self.cursor();
        if let Some(page) = self.page(after, hash).await? {
            return self.pull_on(after, page).await;
        }
        self.roll_back()?;
        self.pull_from_start().await
    }

    /// CL-16: after a roll-back a second one in the same pull is a lie.
    pub async fn pull_from_start(&mut self) -> Result<Vec<Delivered>> {
        match self.page(0, Vec::new()).await? {
            Some(page) => self.pull_on(0, page).await,
            None => Err(self.violate(Class::CursorGap, "the relay rolls back at cursor 0")),
        }
    }

    async fn pull_on(&mut self, mut asked: u64, first: Message) -> Result<Vec<Delivered>> {
        let mut messages = Vec::new();
        let mut page = first;
        let head = page.message("segment").map_or(0, |segment| segment.uint("head"));
        loop {
            let has_more = page.uint("has_more") != 0;
            let segment = page.message("segment").ok_or(Error::Closed)?;
            messages.extend(self.take_segment(segment, asked, has_more).await?);
            let (after, hash) = self.cursor();
            if !has_more || after >= head {
                break;
            }
            asked = after;
            page = match self.page(after, hash).await? {
                Some(page) => page,
                None => return Err(self.violate(Class::CursorGap, "the relay rolls back what it has just given")),
            };
        }
        self.acknowledge_cursor().await?;
        Ok(messages)
    }

    /// One page, or `None` when the relay was rolled back. RL-42.
    async fn page(&mut self, after: u64, hash: Vec<u8>) -> Result<Option<Message>> {
        let pull = Message::new(&PULL)
            .with("after", after)
            .with("hash_at_after", hash)
            .with("bytes_max", PAGE_BYTES_MAX as u32);
        match self.request("pull", pull, "page").await? {
            Ok(page) => Ok(Some(page)),
            Err(refusal) if refusal.reject.code == Some(1040) => Ok(None),
            Err(refusal) => Err(Error::Reject(refusal.reject)),
        }
    }

    /// CL-06: chains and ids stay, so nothing is delivered twice; own envelopes follow with the next flush.
    pub fn roll_back(&mut self) -> Result<()> {
        let (relay, now) = (self.relay_id(), self.world.now());
        let last = self.roll_backs.get(&relay).copied();
        if last.is_some_and(|last| now < last + Duration::from_millis(ROLL_BACK_MS_MIN)) {
            return Err(self.violate(Class::CursorGap, "the relay rolls back again within an hour"));
        }
        self.roll_backs.insert(relay.clone(), now);
        self.store.apply(Change::Cursor { relay, after: 0, hash: Vec::new() })?;
        self.store.commit()?;
        self.rolled_back = true;
        self.emit(Event::RolledBack);
        Ok(())
    }

    /// CL-07: after the store, to a relay that asks for it. CL-13: never beyond what is held.
    async fn acknowledge_cursor(&mut self) -> Result<()> {
        let asked = self.link.as_ref().and_then(|link| link.welcomed.as_ref()).is_some_and(|ack| ack.ack_removal);
        let (cursor, _) = self.cursor();
        let held = self.store.state().held.lowest_cursor(&self.relay_id());
        let cursor = held.map_or(cursor, |held| cursor.min(held - 1));
        if asked && cursor > 0 {
            self.tell("ack", Message::new(&ACK).with("cursor", cursor)).await?;
        }
        Ok(())
    }

    /// Delivers of the subscription that have come, unless that is under way. RL-44, RL-45.
    pub async fn take_deliveries(&mut self) -> Result<()> {
        if self.delivering {
            return Ok(());
        }
        self.delivering = true;
        let taken = self.take_deliveries_in_turn().await;
        self.delivering = false;
        taken
    }

    async fn take_deliveries_in_turn(&mut self) -> Result<()> {
        while let Some(deliver) = self.link.as_mut().and_then(|link| link.deliveries.pop_front()) {
            let Some(subscription) = self.link.as_ref().and_then(|link| link.subscription) else { break };
            let segment = deliver.message("segment").ok_or(Error::Closed)?;
            self.take_segment(segment, subscription.after, false).await?;
            if let Some(link) = &mut self.link {
                link.subscription = Some(Subscription { after: segment.uint("next"), ..subscription });
            }
            let cost: i64 = segment.messages("envelopes").map(cost).sum();
            if cost > 0 {
                if let Some(subscription) = self.link.as_mut().and_then(|link| link.subscription.as_mut()) {
                    subscription.credit += cost;
                }
                self.tell("credit", Message::new(&CREDIT).with("bytes", cost as u32)).await?;
                self.acknowledge_cursor().await?;
            }
        }
        Ok(())
    }

    fn check_segment(&mut self, segment: &Message, asked: u64, has_more: bool) -> Result<Moved> {
        let cursors: Vec<u64> = segment.messages("envelopes").map(|envelope| envelope.uint("cursor")).collect();
        let bounds = Segment {
            after: segment.uint("after"),
            removed_through: segment.uint("removed_through"),
            cursors: &cursors,
            next: segment.uint("next"),
            head: segment.uint("head"),
        };
        merge(asked, &bounds, has_more).map_err(|reject| {
            let error = Error::Reject(Reject { code: Some(1041), ..reject });
            self.lose(&error);
            error
        })
    }

    /// Checks a segment, judges what is new in it, and moves the cursor in one transaction. Gives its messages, own ones
    /// too.
    async fn take_segment(&mut self, segment: &Message, asked: u64, has_more: bool) -> Result<Vec<Delivered>> {
        let moved = self.check_segment(segment, asked, has_more)?;
        let mut records = None;
        let (kept, new, parsed, authentic) = loop {
            // Frames that came while records were asked for may have moved the cursor.
            let (kept, _) = self.cursor();
            let new: Vec<&Message> = segment.messages("envelopes").filter(|e| e.uint("cursor") > kept).collect();
            let (group_id, relay) = (*self.store.state().group()?.id(), Arc::from(self.relay_id()));
            let parsed: Vec<_> = new.iter().map(|envelope| Parsed::parse(envelope, &group_id, &relay)).collect();
            let authentic = authentic(&parsed, |envelope| self.vouch(envelope));
            let is_unknown = |parsed: &crate::error::Result<Parsed>| {
                parsed.as_ref().is_ok_and(|parsed| !self.is_member(&parsed.sender_key))
            };
            let some_unknown =
                parsed.iter().zip(&authentic).any(|(parsed, authentic)| *authentic && is_unknown(parsed));
            if !some_unknown || records.is_some() {
                break (kept, new, parsed, authentic);
            }
            records = Some(self.list_devices().await?);
        };
        let mut harvest = Harvest::default();
        self.expire(&moved, kept, &mut harvest)?;
        self.learn(records.iter().flatten(), &mut harvest)?;
        let last = new.last().map(|last| {
            let body_hash = envelope::body_hash(last.bytes("nonce"), last.bytes("ciphertext"));
            envelope::hash(last.bytes("header"), &body_hash)
        });
        for ((envelope, parsed), authentic) in new.into_iter().zip(parsed).zip(authentic) {
            self.judge(envelope, parsed, authentic, &mut harvest)?;
        }
        if moved.after > kept {
            let hash = last.map(|hash| hash.to_vec()).unwrap_or_default();
            self.store.apply(Change::Cursor { relay: self.relay_id(), after: moved.after, hash })?;
        }
        let is_read = moved.after == segment.uint("head");
        if is_read {
            self.read_to_head(&mut harvest)?;
        }
        let messages = self.finish(harvest)?;
        if is_read {
            self.tell_history();
        }
        Ok(messages)
    }

    /// CL-08: what was removed, without what this device has there.
    fn expire(&mut self, moved: &Moved, kept: u64, harvest: &mut Harvest) -> Result<()> {
        let Some((from, to)) = moved.expired.filter(|(_, to)| *to > kept) else { return Ok(()) };
        let relay = self.relay_id();
        let mut known = Ranges::default();
        let pushed = self.store.state().pushed.get(&relay).into_iter().flatten();
        pushed.for_each(|cursor| known.add(*cursor, *cursor));
        for (from, to) in known.missing(from.max(kept + 1), to).iter() {
            harvest.events.push(Event::Expired { relay: relay.clone(), sender: None, from, to });
            self.store.apply(Change::Expired { relay: relay.clone(), from, to })?;
        }
        Ok(())
    }

    /// CL-09: the relay's records, not verified yet.
    pub async fn list_devices(&mut self) -> Result<Vec<Message>> {
        let answer = self.request("list_devices", Message::new(&LIST_DEVICES), "device_list").await?;
        let list = answer.map_err(|refusal| Error::Reject(refusal.reject))?;
        Ok(list.messages("records").cloned().collect())
    }

    /// The relay's log as it is stored here: what the relay has removed since is in it too. CL-07.
    fn log_above(&self, cursor: u64) -> Vec<Delivered> {
        let state = self.store.state();
        let own = state.group.as_ref().map(|group| group.device.device_key);
        let log = state.logs.get(&self.relay_id()).into_iter().flat_map(|log| log.above(cursor));
        log.map(|(cursor, logged)| Delivered {
            own: own == Some(logged.sender),
            ..delivered(logged.sender, cursor, logged.received_at_ms, &logged.message)
        })
        .collect()
    }
}
