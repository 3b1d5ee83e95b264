//! Invite links and sealed Welcomes. spec/pairing.md.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::crypto::{Key, argon2id, blake3, derive, ed25519, xchacha_open, xchacha_seal};
use crate::envelope::{Head, pad, unpad};
use crate::error::{Class, Reject, Result, ensure};
use crate::group::{Member, auth_seed, group_id_of, verify_member_message};
use crate::limits::{CLOCK_SKEW_MS_MAX, INVITE_CHARACTERS_MAX};
use crate::text::{RelayText, zbase32_decode, zbase32_encode};
use crate::wire::tables::{INVITE, WELCOME};
use crate::wire::{Message, Origin, decode, decode_canonical};

const PREFIX: &str = "0ksync:";
const CHECKSUM: &[u8] = b"0k-sync/v1/invite-checksum";
const SEALING: &[u8] = b"0k-sync/v1/welcome";
const MEMORY_KIB_MIN: u32 = 19 * 1024;
const MEMORY_KIB_MAX: u32 = 1024 * 1024;
/// m·t, KiB.
const WORK_KIB_MIN: u64 = 38 * 1024;

fn refuse(detail: &str) -> Reject {
    Reject::new(Class::InviteParse, detail)
}

/// Memory in KiB, iterations, parallelism.
pub type Argon2Parameters = (u32, u32, u32);

/// PA-08.
pub fn check_parameters((memory_kib, iterations, parallelism): Argon2Parameters) -> Result<()> {
    let fits = (MEMORY_KIB_MIN..=MEMORY_KIB_MAX).contains(&memory_kib)
        && (1..=16).contains(&iterations)
        && (1..=16).contains(&parallelism)
        && u64::from(memory_kib) * u64::from(iterations) >= WORK_KIB_MIN;
    ensure(fits, Class::InviteParse, "the passphrase parameters are out of bounds")
}

fn parameters(message: &Message) -> Argon2Parameters {
    let number = |name: &str| message.uint(name) as u32;
    (number("memory_kib"), number("iterations"), number("parallelism"))
}

/// Checks an Invite beyond its walk. PA-03, PA-08.
fn check_invite(invite: &Message) -> Result<()> {
    ensure(invite.uint("version") == 1, Class::InviteParse, "the invite's version is not known")?;
    let relay = invite.message("relay").ok_or_else(|| refuse("the invite names no relay"))?;
    let address = RelayText::parse(relay.text("address"))?;
    let plain = address.address() == relay.text("address") && address.node_id.is_none();
    ensure(plain, Class::InviteParse, "the relay's address is not host and port")?;
    invite.message("passphrase").map_or(Ok(()), |passphrase| check_parameters(parameters(passphrase)))
}

/// The link, or the class with which every reader would refuse it.
pub fn make_link(invite: &Message) -> Result<String> {
    let bytes = invite.encode();
    let parsed = decode_canonical(&INVITE, &bytes).map_err(|error| refuse(&error.detail))?;
    check_invite(&parsed)?;
    let checksum = blake3(&[CHECKSUM, &bytes]);
    let link = PREFIX.to_owned() + &zbase32_encode(&[&bytes, &checksum[..4]].concat());
    ensure(link.len() <= INVITE_CHARACTERS_MAX, Class::InviteParse, "the invite is too long")?;
    Ok(link)
}

/// PA-01 to PA-08.
pub fn parse_link(link: &str, now_ms: u64) -> Result<Message> {
    let link = link.trim().to_ascii_lowercase();
    ensure(link.len() <= INVITE_CHARACTERS_MAX, Class::InviteParse, "the invite is too long")?;
    let text = link.strip_prefix(PREFIX).ok_or_else(|| refuse("an invite begins with 0ksync:"))?;
    let bytes = zbase32_decode(text).ok_or_else(|| refuse("the invite is not z-base-32"))?;
    let (bytes, checksum) = bytes.split_last_chunk::<4>().ok_or_else(|| refuse("the invite is cut short"))?;
    let matches = blake3(&[CHECKSUM, bytes])[..4] == checksum[..];
    ensure(matches, Class::InviteParse, "the invite has a typing mistake or is cut short")?;
    let invite = decode_canonical(&INVITE, bytes).map_err(|error| refuse(&error.detail))?;
    check_invite(&invite)?;
    let latest = invite.uint("expires_at_ms").saturating_add(CLOCK_SKEW_MS_MAX);
    ensure(now_ms <= latest, Class::InviteExpired, "the invite is too old")?;
    Ok(invite)
}

/// A passphrase with the salt and parameters of its invite.
pub struct Passphrase<'a> {
    pub text: &'a str,
    pub salt: &'a [u8],
    pub parameters: Argon2Parameters,
}

impl<'a> Passphrase<'a> {
    /// Takes salt and parameters from an Invite's PassphraseParameters.
    pub fn of(text: &'a str, message: &'a Message) -> Self {
        Passphrase { text, salt: message.bytes("salt"), parameters: parameters(message) }
    }

    /// PA-08, PA-09.
    fn stretch(&self) -> Result<Zeroizing<Vec<u8>>> {
        check_parameters(self.parameters)?;
        let normalised: Zeroizing<String> = Zeroizing::new(self.text.nfkc().collect());
        ensure(!normalised.is_empty(), Class::InviteParse, "the passphrase is empty")?;
        let key = argon2id(normalised.as_bytes(), self.salt, self.parameters, 32);
        key.map(Zeroizing::new).ok_or_else(|| refuse("the passphrase parameters cannot be used"))
    }
}

/// PA-11.
fn sealing_key(invite_key: &Key, mailbox_id: &[u8; 16], passphrase: Option<&Passphrase>) -> Result<Zeroizing<Key>> {
    let mut secret = Zeroizing::new(invite_key.to_vec());
    if let Some(passphrase) = passphrase {
        secret.extend_from_slice(&passphrase.stretch()?);
    }
    Ok(Zeroizing::new(derive(&secret, &[SEALING, mailbox_id])))
}

/// Nonce and ciphertext. PA-10.
pub fn seal_welcome(
    welcome: &[u8],
    mailbox_id: &[u8; 16],
    invite_key: &Key,
    passphrase: Option<&Passphrase>,
    nonce: &[u8; 24],
) -> Result<Vec<u8>> {
    let key = sealing_key(invite_key, mailbox_id, passphrase)?;
    Ok([&nonce[..], &xchacha_seal(&key, nonce, mailbox_id, &pad(welcome))].concat())
}

/// A Welcome that was verified as PA-12 says.
pub struct Welcome {
    pub group_id: Key,
    pub epochs: BTreeMap<u32, Zeroizing<Key>>,
    pub members: Vec<Member>,
    pub relays: Vec<Message>,
    pub heads: Vec<(Key, Head)>,
    pub message: Message,
}

pub fn open_welcome(
    payload: &[u8],
    mailbox_id: &[u8; 16],
    invite_key: &Key,
    passphrase: Option<&Passphrase>,
) -> Result<Welcome> {
    let (nonce, ciphertext) = payload.split_first_chunk::<24>().ok_or_else(|| refuse("the Welcome is cut short"))?;
    let key = sealing_key(invite_key, mailbox_id, passphrase)?;
    let padded = xchacha_open(&key, nonce, mailbox_id, ciphertext)
        .map(Zeroizing::new)
        .ok_or_else(|| refuse("the Welcome does not open"))?;
    let plaintext = unpad(&padded).ok_or_else(|| refuse("the Welcome's padding is wrong"))?;
    let message = decode(&WELCOME, plaintext, Origin::Client).map_err(|error| refuse(&error.detail))?;
    ensure(message.messages("relays").next().is_some(), Class::InviteParse, "the Welcome names no relay")?;
    verify_welcome(message)
}

/// PA-12, but for the relays: a group that was just made has none yet.
pub fn verify_welcome(message: Message) -> Result<Welcome> {
    ensure(message.uint("version") == 1, Class::InviteParse, "the Welcome's version is not known")?;
    let group_id: Key = message.array("group_id");
    let mut epochs = BTreeMap::new();
    for secret in message.messages("epoch_secrets") {
        let epoch = secret.uint("epoch") as u32;
        let ascending = epochs.last_key_value().is_none_or(|(last, _)| *last < epoch);
        ensure(ascending, Class::InviteParse, "the epochs are not ascending")?;
        epochs.insert(epoch, Zeroizing::new(secret.array("secret")));
    }
    let secret_0 = epochs.get(&0).ok_or_else(|| refuse("the Welcome lacks epoch 0"))?;
    ensure(group_id_of(secret_0) == group_id, Class::InviteParse, "epoch 0 does not give the group id")?;
    let auth_key = |epoch: u32| epochs.get(&epoch).map(|secret| ed25519::public(&auth_seed(secret, &group_id, epoch)));
    let members = message
        .messages("members")
        .map(|record| verify_member_message(record, &group_id, auth_key))
        .collect::<Result<Vec<_>>>()
        .map_err(|error| refuse(&error.detail))?;
    let head =
        |head: &Message| (head.array("sender_key"), Head { sequence: head.uint("sequence"), hash: head.array("hash") });
    Ok(Welcome {
        group_id,
        members,
        relays: message.messages("relays").cloned().collect(),
        heads: message.messages("heads").map(head).collect(),
        epochs,
        message,
    })
}
