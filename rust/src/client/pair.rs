//! Groups, invites and joining. spec/pairing.md.

use std::time::Duration;

use super::actions::Output;
use super::driver::Driver;
use super::error::{Error, Result};
use super::harvest::Harvest;
use crate::crypto::random;
use crate::error::Reject;
use crate::group::{Device, group_id_of};
use crate::limits::INVITE_LIFETIME_MS_MAX;
use crate::pairing::{Passphrase, claim_token, make_link, open_welcome, parse_link, read_link, seal_welcome};
use crate::passphrase;
use crate::store::{Change, Pin};
use crate::stub::Stub;
use crate::text::RelayText;
use crate::wire::tables::{
    EPOCH_SECRET, INVITE, MAILBOX_ACK, MAILBOX_CANCEL, MAILBOX_CLAIM, MAILBOX_PUT, MEMBER_NAME, MEMBER_RECORD,
    PASSPHRASE_PARAMETERS, RELAY_PIN, WELCOME,
};
use crate::wire::{Message, Origin, decode};

/// PA-07: KiB, iterations, parallelism.
const ARGON2_DEFAULT: (u32, u32, u32) = (64 * 1024, 3, 1);

impl Driver {
    /// Makes a group when this device is in none.
    pub fn ensure_group(&mut self) -> Result<()> {
        if self.store.state().group.is_some() {
            return Ok(());
        }
        let secret = random();
        let group_id = group_id_of(&secret);
        let record = Device::new(&self.store.state().seed, &group_id).member_record(&secret, 0);
        let welcome = Message::new(&WELCOME)
            .with("version", 1u32)
            .with("group_id", group_id)
            .with("members", decode(&MEMBER_RECORD, &record, Origin::Client)?)
            .with("epoch_secrets", Message::new(&EPOCH_SECRET).with("secret", secret));
        self.store.apply(Change::Group { welcome: welcome.encode() })?;
        self.queue_announcement()
    }

    pub async fn pair_create(&mut self, passphrase: Option<String>) -> Result<Output> {
        // PA-23: before anything is dialled or made.
        passphrase.as_deref().map(passphrase::check).transpose()?;
        self.flush_patiently(None).await?;
        let records = self.list_devices().await?;
        let mut harvest = Harvest::default();
        self.learn(records.iter(), &mut harvest)?;
        self.finish(harvest)?;
        let (mailbox_id, invite_key) = (random(), random());
        let relay = self.relay_pin()?;
        let mut invite = Message::new(&INVITE)
            .with("version", 1u32)
            .with("relay", relay.clone())
            .with("mailbox_id", mailbox_id)
            .with("invite_key", invite_key)
            .with("expires_at_ms", self.now_ms() + INVITE_LIFETIME_MS_MAX);
        let (memory_kib, iterations, parallelism) = ARGON2_DEFAULT;
        if passphrase.is_some() {
            let parameters = Message::new(&PASSPHRASE_PARAMETERS)
                .with("salt", random::<16>())
                .with("memory_kib", memory_kib)
                .with("iterations", iterations)
                .with("parallelism", parallelism);
            invite = invite.with("passphrase", parameters);
        }
        let link = make_link(&invite)?;
        let welcome = self.welcome(relay)?;
        let passphrase =
            passphrase.as_deref().zip(invite.message("passphrase")).map(|(text, m)| Passphrase::of(text, m));
        let payload = seal_welcome(&welcome, &mailbox_id, &invite_key, passphrase.as_ref(), &random())?;
        let put = Message::new(&MAILBOX_PUT)
            .with("mailbox_id", mailbox_id)
            .with("payload", payload)
            .with("expires_in_ms", INVITE_LIFETIME_MS_MAX);
        let answer = self.request("mailbox_put", put, "mailbox_item").await?;
        answer.map_err(|refusal| Error::Reject(refusal.reject))?;
        Ok(Output::Invited { link, group_id: *self.store.state().group()?.id() })
    }

    /// PA-24.
    pub async fn pair_cancel(&mut self, invite: &str) -> Result<Output> {
        if self.store.state().group.is_none() {
            return Err(Error::Misuse("this device is in no group"));
        }
        let invite = read_link(invite)?;
        self.connect().await?;
        let link = self.link.as_ref().ok_or(Error::Closed)?;
        let relay = invite.message("relay").map(|relay| relay.bytes("node_id"));
        if relay != Some(&link.identity.node_id) {
            let detail = "the invite names another relay than this group's";
            return Err(Reject::new(crate::error::Class::InviteUsed, detail).into());
        }
        let cancel = Message::new(&MAILBOX_CANCEL).with("mailbox_id", invite.bytes("mailbox_id"));
        let answer = self.request("mailbox_cancel", cancel, "mailbox_item").await?;
        answer.map_err(|refusal| Error::Reject(refusal.reject))?;
        Ok(Output::Done)
    }

    /// The session's relay as it is pinned now.
    fn relay_pin(&self) -> Result<Message> {
        let relay = self.relay()?;
        let pin = self.store.state().pins.get(&relay.address()).ok_or(Error::Misuse("the relay is not known yet"))?;
        Ok(Message::new(&RELAY_PIN)
            .with("address", relay.address())
            .with("node_id", pin.node_id)
            .with("kem_hash", pin.kem_hash.clone())
            .with("signing_key", pin.signing_key.clone()))
    }

    /// PA-12.
    fn welcome(&self, relay: Message) -> Result<Vec<u8>> {
        let state = self.store.state();
        let group = state.group()?;
        let members = group.members.values().map(|record| decode(&MEMBER_RECORD, record, Origin::Client));
        let epochs = group
            .epochs
            .iter()
            .map(|(epoch, secret)| Message::new(&EPOCH_SECRET).with("epoch", *epoch).with("secret", **secret));
        let own = (group.device.device_key, &self.options.device_name);
        let known = group.names.iter().map(|(device, name)| (*device, name)).filter(|(device, _)| *device != own.0);
        let names = std::iter::once(own).chain(known).filter(|(_, name)| !name.is_empty());
        let names = names
            .map(|(device, name)| Message::new(&MEMBER_NAME).with("device_key", device).with("name", name.as_str()));
        let heads = state.chains.signed_heads().into_iter().map(Stub::message);
        Ok(Message::new(&WELCOME)
            .with("version", 1u32)
            .with("group_id", *group.id())
            .with("relays", relay)
            .with_all("members", members.collect::<crate::error::Result<Vec<_>>>()?)
            .with_all("epoch_secrets", epochs)
            .with_all("heads", heads)
            .with_all("names", names)
            .encode())
    }

    pub async fn pair_join(&mut self, invite: &str, passphrase: Option<String>) -> Result<Output> {
        if self.store.state().group.is_some() {
            return Err(Error::Misuse("this device is in a group already"));
        }
        let invite = parse_link(invite, self.now_ms())?;
        let parameters = invite.message("passphrase");
        if parameters.is_some() && passphrase.is_none() {
            return Err(Reject::new(crate::error::Class::InviteParse, "the invite needs a passphrase").into());
        }
        self.use_invite_relay(&invite)?;
        self.dial().await?;
        let mailbox_id = invite.array("mailbox_id");
        let token = claim_token(&self.store.state().seed, &mailbox_id);
        let claim = Message::new(&MAILBOX_CLAIM).with("mailbox_id", mailbox_id).with("claim_token", token);
        let answer = self.request("mailbox_claim", claim, "mailbox_item").await?;
        let item = answer.map_err(|refusal| self.give_up(Error::Reject(refusal.reject)))?;
        // PA-19: from here on the mailbox's deadline counts.
        if let Some(link) = &mut self.link {
            link.hello_by = self.world.now() + Duration::from_millis(INVITE_LIFETIME_MS_MAX);
        }
        let passphrase = passphrase.as_deref().zip(parameters).map(|(text, m)| Passphrase::of(text, m));
        let opened = open_welcome(item.bytes("payload"), &mailbox_id, &invite.array("invite_key"), passphrase.as_ref());
        let welcome = opened.map_err(|reject| self.give_up(Error::Reject(reject)))?;
        let device = Device::new(&self.store.state().seed, &welcome.group_id);
        let epoch = welcome.epochs.last_key_value().ok_or(Error::Misuse("the Welcome has no epoch"))?;
        let record = device.member_record(epoch.1, *epoch.0);
        // PA-20: stored before the mailbox is emptied.
        self.store.apply(Change::Relay { address: self.relay()?.address() })?;
        self.store.apply(Change::Group { welcome: welcome.message.encode() })?;
        self.store.apply(Change::Member { record })?;
        self.queue_announcement()?;
        let ack = Message::new(&MAILBOX_ACK).with("mailbox_id", mailbox_id).with("claim_token", token);
        let answer = self.request("mailbox_ack", ack, "mailbox_item").await?;
        answer.map_err(|refusal| Error::Reject(refusal.reject))?;
        self.flush_patiently(None).await?;
        Ok(Output::Joined { group_id: welcome.group_id })
    }

    /// The claim failed: nothing is left to do on this connection.
    fn give_up(&mut self, error: Error) -> Error {
        self.lose(&Error::Closed);
        error
    }

    /// CL-32: an invite's pin is fixed.
    fn use_invite_relay(&mut self, invite: &Message) -> Result<()> {
        let pin = invite.message("relay").ok_or(Error::Closed)?;
        let mut relay = RelayText::parse(pin.text("address"))?;
        let fixed = Pin {
            node_id: pin.array("node_id"),
            kem_hash: pin.bytes("kem_hash").to_vec(),
            signing_key: pin.bytes("signing_key").to_vec(),
            fixed: true,
        };
        let known = self.store.state().pins.get(&relay.address()).filter(|known| known.fixed);
        if known.is_some_and(|known| known.node_id != fixed.node_id) {
            let detail = "the invite's relay is not the pinned one";
            return Err(Reject::new(crate::error::Class::HandshakeIdentity, detail).into());
        }
        if known.is_none() {
            self.pin(&relay, fixed)?;
        }
        relay.node_id = Some(pin.array("node_id"));
        relay.kem_hash = pin.bytes("kem_hash").try_into().ok();
        self.relay = Some(relay);
        Ok(())
    }
}
