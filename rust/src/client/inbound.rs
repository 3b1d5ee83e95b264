//! The pull side: segments of the log, and what EN-20 to EN-27 make of their envelopes.

use super::actions::Output;
use super::driver::Driver;
use super::error::{Error, Result};
use super::judge::{Harvest, delivered};
use super::types::{Delivered, Event};
use crate::cursor::{Moved, Segment, merge};
use crate::envelope::Signed;
use crate::error::Reject;
use crate::group::verify_member_message;
use crate::limits::PAGE_BYTES_MAX;
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
            // The connection had died unnoticed.
            Err(Error::Lost(_)) if kept => {
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

    /// Reads the log to its end. CL-04.
    pub async fn pull_log(&mut self) -> Result<Vec<Delivered>> {
        let mut messages = Vec::new();
        loop {
            let (after, hash) = self.cursor();
            let Some(page) = self.page(after, hash).await? else {
                if after == 0 {
                    return Err(Error::Reject(Reject::from_number(1040, "the relay rolls back at cursor 0")));
                }
                self.roll_back()?;
                continue;
            };
            let has_more = page.uint("has_more") != 0;
            let segment = page.message("segment").ok_or(Error::Closed)?;
            messages.extend(self.take_segment(segment, after, has_more).await?);
            if !has_more {
                break;
            }
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
        let relay = self.relay_id();
        self.store.apply(Change::Cursor { relay, after: 0, hash: Vec::new() })?;
        self.store.commit()?;
        self.rolled_back = true;
        self.emit(Event::RolledBack);
        Ok(())
    }

    /// CL-07: after the store.
    async fn acknowledge_cursor(&mut self) -> Result<()> {
        let (cursor, _) = self.cursor();
        if cursor > 0 {
            self.tell("ack", Message::new(&ACK).with("cursor", cursor)).await?;
        }
        Ok(())
    }

    /// Delivers of the subscription that have come. RL-44, RL-45.
    pub async fn take_deliveries(&mut self) -> Result<()> {
        while let Some(deliver) = self.link.as_mut().and_then(|link| link.deliveries.pop_front()) {
            let Some((id, after)) = self.link.as_ref().and_then(|link| link.subscription) else { break };
            let segment = deliver.message("segment").ok_or(Error::Closed)?;
            self.take_segment(segment, after, false).await?;
            if let Some(link) = &mut self.link {
                link.subscription = Some((id, segment.uint("next")));
            }
            let cost: usize = segment.messages("envelopes").map(cost).sum();
            if cost > 0 {
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
        let (kept, _) = self.cursor();
        let new: Vec<&Message> = segment.messages("envelopes").filter(|e| e.uint("cursor") > kept).collect();
        let group_id = *self.store.state().group()?.id();
        let mut judged: Vec<(&Message, crate::error::Result<Signed>)> =
            new.into_iter().map(|envelope| (envelope, Signed::verify(envelope, &group_id))).collect();
        if judged.iter().any(|(_, signed)| signed.as_ref().is_ok_and(|signed| !self.is_member(&signed.sender_key))) {
            self.list_devices().await?;
        }
        let mut harvest = Harvest::default();
        if let Some((from, to)) = moved.expired.filter(|(_, to)| *to > kept) {
            harvest.events.push(Event::Expired { from: from.max(kept + 1), to });
        }
        let mut last = None;
        for (envelope, signed) in judged.drain(..) {
            last = Some(crate::envelope::hash(
                envelope.bytes("header"),
                envelope.bytes("nonce"),
                envelope.bytes("ciphertext"),
            ));
            self.judge(envelope, signed, &mut harvest)?;
        }
        if moved.after > kept {
            let hash = last.map(|hash| hash.to_vec()).unwrap_or_default();
            self.store.apply(Change::Cursor { relay: self.relay_id(), after: moved.after, hash })?;
        }
        self.finish(harvest)
    }

    /// CL-09, GR-14: only records that verify count.
    pub async fn list_devices(&mut self) -> Result<()> {
        let answer = self.request("list_devices", Message::new(&LIST_DEVICES), "device_list").await?;
        let list = answer.map_err(|refusal| Error::Reject(refusal.reject))?;
        for record in list.messages("records") {
            let group = self.store.state().group()?;
            let verified = verify_member_message(record, group.id(), |epoch| group.auth_key(epoch));
            if verified.is_ok_and(|member| !group.members.contains_key(&member.device_key)) {
                self.store.apply(Change::Member { record: record.encode() })?;
            }
        }
        Ok(self.store.commit()?)
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

/// RL-40.
fn cost(envelope: &Message) -> usize {
    ["header", "nonce", "ciphertext", "signature"].iter().map(|name| envelope.bytes(name).len()).sum()
}
