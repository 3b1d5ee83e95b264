//! The state that the journal's changes add up to.

use std::collections::{BTreeMap, HashMap, HashSet};

use zeroize::Zeroizing;

use super::change::{Change, Pin};
use super::outbox::{Entry, Outbox};
use super::quarantine::Quarantine;
use crate::chain::Chains;
use crate::crypto::{Key, ed25519};
use crate::envelope::Signed;
use crate::error::{Class, Reject, Result};
use crate::group::{Device, auth_seed, verify_member};
use crate::held::{Held, Waits};
use crate::pairing::verify_welcome;
use crate::wire::tables::{ENVELOPE, MESSAGE, WELCOME};
use crate::wire::{Message, Origin, decode};

pub struct Group {
    pub device: Device,
    pub epochs: BTreeMap<u32, Zeroizing<Key>>,
    /// The records' bytes by device key.
    pub members: BTreeMap<Key, Vec<u8>>,
    /// The Welcome that the group came with.
    welcome: Zeroizing<Vec<u8>>,
}

impl Group {
    /// The changes that make this group: its Welcome, and the records that came later.
    pub fn changes(&self) -> impl Iterator<Item = Change> {
        let welcome = Change::Group { welcome: self.welcome.to_vec() };
        let records = self.members.values().map(|record| Change::Member { record: record.clone() });
        std::iter::once(welcome).chain(records)
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
    pub logs: HashMap<String, Log>,
    pub chains: Chains,
    pub seen: HashSet<(Key, [u8; 16])>,
    pub outbox: Outbox,
    /// Every own envelope by sequence: a relay that lost data gets them again. CL-06, CL-21.
    pub own: BTreeMap<u64, Vec<u8>>,
    pub held: Held,
    pub quarantine: Quarantine,
    /// H of each fork, and whether it is one of the own chain.
    pub forks: HashMap<Key, bool>,
    /// Two copies of this device exist: pushing has stopped. CL-26.
    pub forked: bool,
    pub claim: Option<([u8; 16], [u8; 16])>,
}

impl State {
    pub fn apply(&mut self, change: &Change) -> Result<()> {
        match change {
            Change::Seed { seed } => self.seed = Zeroizing::new(*seed),
            Change::Group { welcome } => self.join(welcome)?,
            Change::Member { record } => self.add_member(record)?,
            Change::Relay { address } => self.relay = Some(address.clone()),
            Change::Pinned { relay, pin } => drop(self.pins.insert(relay.clone(), pin.clone())),
            Change::Enrolled { relay, enrolled: true } => drop(self.enrolled.insert(relay.clone())),
            Change::Enrolled { relay, enrolled: false } => drop(self.enrolled.remove(relay)),
            Change::Cursor { relay, after, hash } => {
                self.cursors.insert(relay.clone(), (*after, hash.clone()));
                if *after == 0 {
                    self.logs.remove(relay);
                }
            }
            Change::Accepted { sender, sequence, hash, previous } => {
                self.chains.accept(*sender, *sequence, *hash, *previous);
            }
            Change::Logged { relay, cursor, received_at_ms, sender, plaintext } => {
                let message = decode(&MESSAGE, plaintext, Origin::Client)?;
                let id = (*sender, message.array("id"));
                self.seen.insert(id);
                let log = self.logs.entry(relay.clone()).or_default();
                log.ids.insert(id);
                log.by_cursor.insert(*cursor, Logged { sender: *sender, message, received_at_ms: *received_at_ms });
            }
            Change::Claim { mailbox_id, token } => self.claim = Some((*mailbox_id, *token)),
            Change::Forked { hash, own } => {
                self.forks.insert(*hash, *own);
                self.forked |= own;
            }
            Change::Held { envelope } => {
                let signed = self.verify(envelope)?;
                let waits = if self.group()?.is_readable(signed.epoch) { Waits::Place } else { Waits::Epoch };
                self.held.push(signed, waits);
            }
            Change::Released { hash } => self.held.remove(hash),
            Change::Quarantined { class, envelope } => self.quarantine.push(class, envelope),
            Change::Seen { sender, id } => drop(self.seen.insert((*sender, *id))),
            _ => self.apply_outbox(change)?,
        }
        Ok(())
    }

    fn apply_outbox(&mut self, change: &Change) -> Result<()> {
        match change {
            Change::Queued { id, content_type, plaintext, sequence, refused } => self.outbox.push(Entry {
                id: *id,
                content_type: *content_type,
                plaintext: Zeroizing::new(plaintext.clone()),
                sequence: *sequence,
                refused: *refused,
            }),
            Change::Sealed { id, sequence, hash, envelope } => {
                self.outbox.seal(id, *sequence);
                let sender = self.group()?.device.device_key;
                let previous = self.chains.head(&sender).hash;
                self.chains.accept(sender, *sequence, *hash, previous);
                self.own.insert(*sequence, envelope.clone());
            }
            Change::Recovered { sequence, envelope } => drop(self.own.insert(*sequence, envelope.clone())),
            Change::Acknowledged { sequence } => self.outbox.acknowledge(*sequence),
            Change::Refused { sequence, code } => self.outbox.refuse(*sequence, *code),
            Change::Retried { id } => self.outbox.retry(id),
            Change::Dropped { id } => {
                if let Some(sequence) = self.outbox.remove(id) {
                    self.own.remove(&sequence);
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
        let members = welcome.members.iter().map(|member| member.device_key).zip(records).collect();
        for (sender, head) in &welcome.heads {
            self.chains.witness(*sender, *head);
        }
        let (device, welcome_bytes) = (Device::new(&self.seed, &welcome.group_id), Zeroizing::new(bytes.to_vec()));
        self.group = Some(Group { device, epochs: welcome.epochs, members, welcome: welcome_bytes });
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

    pub fn verify(&self, envelope: &[u8]) -> Result<Signed> {
        Signed::verify(&decode(&ENVELOPE, envelope, Origin::Relay)?, self.group()?.id())
    }
}
