//! The state that the journal's changes add up to.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use zeroize::Zeroizing;

use super::change::{Change, Pin};
use super::evidence::Evidence;
use super::outbox::{Entry, Outbox};
use super::quarantine::{Quarantine, Rejected};
use crate::chain::Chains;
use crate::crypto::{Key, ed25519};
use crate::envelope::Parsed;
use crate::error::{Class, Reject, Result};
use crate::group::{Device, auth_seed, verify_member};
use crate::held::{Held, Waits};
use crate::hexadecimal::encode;
use crate::pairing::verify_welcome;
use crate::ranges::Ranges;
use crate::stub::Stub;
use crate::wire::tables::{ENVELOPE, MESSAGE, WELCOME};
use crate::wire::{Message, Origin, decode};

pub struct Group {
    pub device: Device,
    pub epochs: BTreeMap<u32, Zeroizing<Key>>,
    /// The records' bytes by device key.
    pub members: BTreeMap<Key, Vec<u8>>,
    /// The knowledge of the members' names, by device key. PA-22, PA-25.
    pub names: BTreeMap<Key, String>,
    /// NodeIds of the Welcome's relays in hexadecimal.
    pub relays: Vec<String>,
    /// The Welcome that the group came with.
    welcome: Zeroizing<Vec<u8>>,
}

impl Group {
    /// The changes that make this group: its Welcome, and the records that came later.
    pub fn changes(&self) -> impl Iterator<Item = Change> {
        let welcome = Change::Group { welcome: self.welcome.to_vec() };
        let records = self.members.values().map(|record| Change::Member { record: record.clone() });
        let names = self.names.iter().map(|(device, name)| Change::Named { device: *device, name: name.clone() });
        std::iter::once(welcome).chain(records).chain(names)
    }

    pub fn id(&self) -> &Key {
        &self.device.group_id
    }

    /// EN-09.
    pub fn is_readable(&self, epoch: u32) -> bool {
        self.epochs.contains_key(&epoch)
    }

    /// The epoch that new envelopes use.
    pub fn epoch(&self) -> Option<(u32, &Key)> {
        self.epochs.last_key_value().map(|(epoch, secret)| (*epoch, &**secret))
    }

    pub fn auth_key(&self, epoch: u32) -> Option<Key> {
        let secret = self.epochs.get(&epoch)?;
        Some(ed25519::public(&auth_seed(secret, self.id(), epoch)))
    }
}

/// A message of a relay's log.
pub struct Logged {
    pub sender: Key,
    pub message: Message,
    pub received_at_ms: u64,
}

impl Logged {
    /// The change that logs it.
    pub fn change(&self, relay: &str, cursor: u64) -> Change {
        Change::Logged {
            relay: relay.to_owned(),
            cursor,
            received_at_ms: self.received_at_ms,
            sender: self.sender,
            plaintext: self.message.encode(),
        }
    }
}

/// The messages that came from one relay, each id of a sender once.
#[derive(Default)]
pub struct Log {
    by_cursor: BTreeMap<u64, Logged>,
    ids: HashSet<(Key, [u8; 16])>,
}

impl Log {
    pub fn above(&self, cursor: u64) -> impl Iterator<Item = (u64, &Logged)> {
        self.by_cursor.range(cursor.saturating_add(1)..).map(|(cursor, logged)| (*cursor, logged))
    }

    pub fn has(&self, sender: &Key, id: &[u8; 16]) -> bool {
        self.ids.contains(&(*sender, *id))
    }
}

#[derive(Default)]
pub struct State {
    pub seed: Zeroizing<Key>,
    pub group: Option<Group>,
    pub relay: Option<String>,
    pub pins: HashMap<String, Pin>,
    pub enrolled: HashSet<String>,
    pub cursors: HashMap<String, (u64, Vec<u8>)>,
    /// By relay: the cursor of each envelope that it gave. CL-17.
    pub located: HashMap<String, HashMap<Key, u64>>,
    /// By relay: cursors above the pull cursor that a PushAck gave. CL-08.
    pub pushed: HashMap<String, BTreeSet<u64>>,
    /// By relay: cursors that were removed before this device had them. CL-14.
    pub expired: HashMap<String, Ranges>,
    /// Heads of the Welcome. CL-11.
    pub heads: Vec<Stub>,
    /// Own sequences that the next plaintexts name as skipped. EN-29.
    pub unnamed: BTreeSet<u64>,
    pub logs: HashMap<String, Log>,
    pub chains: Chains,
    pub seen: HashSet<(Key, [u8; 16])>,
    pub outbox: Outbox,
    /// Every own envelope by sequence: a relay that lost data gets them again. CL-06, CL-21.
    pub own: BTreeMap<u64, Vec<u8>>,
    pub held: Held,
    pub quarantine: Quarantine,
    pub evidence: Evidence,
    /// Two copies of this device exist: pushing has stopped. CL-26.
    pub forked: bool,
}

impl State {
    pub fn apply(&mut self, change: &Change) -> Result<()> {
        match change {
            Change::Seed { seed } => self.seed = Zeroizing::new(*seed),
            Change::Group { welcome } => self.join(welcome)?,
            Change::Member { record } => self.add_member(record)?,
            Change::Named { device, name } => {
                if let Some(group) = &mut self.group {
                    group.names.insert(*device, name.clone());
                }
            }
            Change::Relay { address } => self.relay = Some(address.clone()),
            Change::Pinned { relay, pin } => drop(self.pins.insert(relay.clone(), pin.clone())),
            Change::Enrolled { relay, enrolled: true } => drop(self.enrolled.insert(relay.clone())),
            Change::Enrolled { relay, enrolled: false } => drop(self.enrolled.remove(relay)),
            Change::Cursor { relay, after, hash } => {
                self.cursors.insert(relay.clone(), (*after, hash.clone()));
                if let Some(pushed) = self.pushed.get_mut(relay) {
                    *pushed = pushed.split_off(&(after + 1));
                }
                // CL-06, CL-17: the relay has another log now.
                if *after == 0 {
                    self.logs.remove(relay);
                    self.located.remove(relay);
                    self.pushed.remove(relay);
                    self.expired.remove(relay);
                }
            }
            Change::Accepted { stub } => self.chains.accept(self.stub(stub)?),
            Change::TakenOver { stub } => self.chains.take_over(self.stub(stub)?),
            Change::Skipped { sender, ranges } => self.chains.skip(*sender, ranges),
            Change::Located { relay, cursor, hash } => {
                self.located.entry(relay.clone()).or_default().insert(*hash, *cursor);
            }
            Change::Expired { relay, from, to } => self.expired.entry(relay.clone()).or_default().add(*from, *to),
            Change::Logged { relay, cursor, received_at_ms, sender, plaintext } => {
                let message = decode(&MESSAGE, plaintext, Origin::Client)?;
                let id = (*sender, message.array("id"));
                self.seen.insert(id);
                let log = self.logs.entry(relay.clone()).or_default();
                log.ids.insert(id);
                log.by_cursor.insert(*cursor, Logged { sender: *sender, message, received_at_ms: *received_at_ms });
            }
            Change::Forked { first, second, own } => {
                self.evidence.push(self.stub(first)?, self.stub(second)?);
                self.forked |= own;
            }
            Change::Held { relay, envelope, has_record } => {
                let parsed = self.parse(envelope, relay)?;
                let waits = match (*has_record, self.group()?.is_readable(parsed.epoch)) {
                    (false, _) => Waits::Record,
                    (true, false) => Waits::Epoch,
                    (true, true) => Waits::Place,
                };
                self.held.push(parsed, waits);
            }
            Change::Released { hash } => self.held.remove(hash),
            Change::Quarantined { class, unsigned, relay, envelope } => self.quarantine.push(Rejected {
                class: class.clone(),
                unsigned: *unsigned,
                relay: relay.clone(),
                envelope: envelope.clone(),
                parsed: self.parse(envelope, relay).ok(),
            }),
            Change::Unquarantined { name } => self.quarantine.remove(name),
            Change::Seen { sender, id } => drop(self.seen.insert((*sender, *id))),
            _ => self.apply_outbox(change)?,
        }
        Ok(())
    }

    fn apply_outbox(&mut self, change: &Change) -> Result<()> {
        match change {
            Change::Queued { id, content_type, plaintext, sequence, refused, skipped, unanswered } => {
                self.outbox.push(Entry {
                    id: *id,
                    content_type: *content_type,
                    plaintext: Zeroizing::new(plaintext.clone()),
                    sequence: *sequence,
                    refused: *refused,
                    skipped: skipped.clone(),
                    unanswered: *unanswered,
                })
            }
            Change::Sealed { id, skipped, envelope } => {
                let stub = self.parse(envelope, "")?.stub();
                self.outbox.seal(id, stub.sequence, skipped);
                self.own.insert(stub.sequence, envelope.clone());
                self.chains.skip(stub.sender_key, skipped);
                self.unnamed.retain(|sequence| !skipped.iter().any(|(from, to)| (from..=to).contains(&sequence)));
                self.chains.accept(stub);
            }
            Change::Unsealed { sequence } => {
                let own = self.group()?.device.device_key;
                let skipped = self.outbox.unseal(*sequence);
                self.unnamed.extend(skipped.into_iter().flat_map(|(from, to)| from..=to));
                self.chains.forget(&own, *sequence);
                self.own.remove(sequence);
            }
            Change::Unnamed { sequence } => drop(self.unnamed.insert(*sequence)),
            Change::Recovered { sequence, envelope } => drop(self.own.insert(*sequence, envelope.clone())),
            Change::Acknowledged { sequence, relay, cursor } => {
                self.outbox.acknowledge(*sequence);
                if *cursor > self.cursors.get(relay).map_or(0, |(after, _)| *after) {
                    self.pushed.entry(relay.clone()).or_default().insert(*cursor);
                }
            }
            Change::Refused { sequence, code } => self.outbox.refuse(*sequence, *code),
            Change::Sent { sequence } => self.outbox.send(*sequence),
            Change::Withdrawn { sequence } => drop(self.own.remove(sequence)),
            Change::Retried { id } => self.outbox.retry(id),
            Change::Dropped { id } => {
                if let Some(Entry { sequence: Some(sequence), skipped, .. }) = self.outbox.remove(id) {
                    self.own.remove(&sequence);
                    // EN-29: the next plaintext names it, and what it named itself.
                    self.unnamed.insert(sequence);
                    self.unnamed.extend(skipped.into_iter().flat_map(|(from, to)| from..=to));
                }
            }
            _ => {}
        }
        Ok(())
    }

    pub fn group(&self) -> Result<&Group> {
        self.group.as_ref().ok_or_else(|| Reject::new(Class::SessionUnauthorized, "this device is in no group"))
    }

    fn join(&mut self, bytes: &[u8]) -> Result<()> {
        let welcome = verify_welcome(decode(&WELCOME, bytes, Origin::Client)?)?;
        let records = welcome.message.messages("members").map(|record| record.encode());
        let members: BTreeMap<_, _> = welcome.members.iter().map(|member| member.device_key).zip(records).collect();
        // PA-25: a name of a key without record is ignored.
        let names =
            welcome.message.messages("names").map(|name| (name.array("device_key"), name.text("name").to_owned()));
        let names = names.filter(|(device, _)| members.contains_key(device)).collect();
        welcome.heads.iter().for_each(|head| self.chains.witness(head.clone()));
        self.heads = welcome.heads;
        let (device, welcome_bytes) = (Device::new(&self.seed, &welcome.group_id), Zeroizing::new(bytes.to_vec()));
        let relays = welcome.relays.iter().map(|relay| encode(relay.bytes("node_id"))).collect();
        self.group = Some(Group { device, epochs: welcome.epochs, members, names, relays, welcome: welcome_bytes });
        Ok(())
    }

    fn add_member(&mut self, record: &[u8]) -> Result<()> {
        let group = self.group()?;
        let member = verify_member(record, group.id(), |epoch| group.auth_key(epoch))?;
        if let Some(group) = &mut self.group {
            group.members.insert(member.device_key, record.to_vec());
        }
        Ok(())
    }

    /// Parses the bytes of an envelope that came from a relay.
    pub fn parse(&self, envelope: &[u8], relay: &str) -> Result<Parsed> {
        Parsed::parse(&decode(&ENVELOPE, envelope, Origin::Relay)?, self.group()?.id(), &relay.into())
    }

    /// Reads a stub that was verified before it was stored.
    fn stub(&self, bytes: &[u8]) -> Result<Stub> {
        Stub::decode(bytes, self.group()?.id())
    }
}
