//! Invite links and sealed Welcomes. spec/pairing.md.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use crate::crypto::{Key, argon2id, blake3, derive, ed25519, xchacha_open, xchacha_seal};
use crate::envelope::{pad, unpad};
use crate::error::{Class, Reject, Result, ensure};
use crate::group::{Member, auth_seed, group_id_of, verify_member_message};
use crate::limits::{CLOCK_SKEW_MS_MAX, INVITE_CHARACTERS_MAX};
use crate::passphrase::normalise;
use crate::stub::Stub;
use crate::text::{RelayText, zbase32_decode, zbase32_encode};
use crate::wire::tables::{INVITE, WELCOME};
use crate::wire::{Message, Origin, decode, decode_canonical};

const PREFIX: &str = "0ksync:";
const CHECKSUM: &[u8] = b"0k-sync/v1/invite-checksum";
const CLAIM_TOKEN: &[u8] = b"0k-sync/v1/claim-token";
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

/// The characters that copying, mail and chat programs add to a link. PA-01.
fn is_ignored(character: char) -> bool {
    let white = matches!(character, '\t'..='\r' | ' ' | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}'
        | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}');
    let invisible = matches!(character, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let quotes = matches!(character, '"' | '\'' | '`' | '\u{ab}' | '\u{bb}' | '\u{2018}'..='\u{201f}'
        | '\u{2039}' | '\u{203a}' | '\u{300c}'..='\u{300f}');
    let brackets = matches!(character, '(' | ')' | '<' | '>' | '[' | ']' | '{' | '}');
    let dots = matches!(character, '.' | ',' | ';' | '\u{2026}' | '\u{3002}');
    white || invisible || quotes || brackets || dots
}

/// An invite of any age. PA-01 to PA-04, PA-08.
pub fn read_link(link: &str) -> Result<Message> {
    let kept = link.chars().filter(|character| !is_ignored(*character));
    let link: String = kept.map(|character| character.to_ascii_lowercase()).take(INVITE_CHARACTERS_MAX + 1).collect();
    ensure(link.chars().count() <= INVITE_CHARACTERS_MAX, Class::InviteParse, "the invite is too long")?;
    let text = link.strip_prefix(PREFIX).ok_or_else(|| refuse("an invite begins with 0ksync:"))?;
    let bytes = zbase32_decode(text).ok_or_else(|| refuse("the invite is not z-base-32"))?;
    let (bytes, checksum) = bytes.split_last_chunk::<4>().ok_or_else(|| refuse("the invite is cut short"))?;
    let matches = blake3(&[CHECKSUM, bytes])[..4] == checksum[..];
    ensure(matches, Class::InviteParse, "the invite has a typing mistake or is cut short")?;
    let invite = decode_canonical(&INVITE, bytes).map_err(|error| refuse(&error.detail))?;
    check_invite(&invite)?;
    Ok(invite)
}

/// An invite that is not too old by this device's clock. PA-05.
pub fn parse_link(link: &str, now_ms: u64) -> Result<Message> {
    let invite = read_link(link)?;
    let over_ms = now_ms.saturating_sub(invite.uint("expires_at_ms"));
    if over_ms > CLOCK_SKEW_MS_MAX {
        let minutes = over_ms / 60_000;
        let detail = format!(
            "the invite ended {minutes} minutes ago by this device's clock; one of the two devices' clocks may be wrong"
        );
        return Err(Reject::new(Class::InviteExpired, detail));
    }
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
        let normalised = normalise(self.text)?;
        let key = argon2id(normalised.as_bytes(), self.salt, self.parameters, 32);
        key.map(Zeroizing::new).ok_or_else(|| refuse("the passphrase parameters cannot be used"))
    }
}

/// PA-20: the same in every attempt of this device.
pub fn claim_token(device_seed: &Key, mailbox_id: &[u8; 16]) -> [u8; 16] {
    derive(device_seed, &[CLAIM_TOKEN, mailbox_id])
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
    /// Verified stubs, at most one of a sender.
    pub heads: Vec<Stub>,
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
    let mut heads: Vec<Stub> = Vec::new();
    for head in message.messages("heads") {
        let stub = Stub::verify(head, &group_id).map_err(|error| refuse(&error.detail))?;
        let is_member = members.iter().any(|member| member.device_key == stub.sender_key);
        ensure(is_member, Class::InviteParse, "a head is not a member's")?;
        let second = heads.iter().any(|known| known.sender_key == stub.sender_key);
        ensure(!second, Class::InviteParse, "a member has two heads")?;
        heads.push(stub);
    }
    Ok(Welcome { group_id, members, relays: message.messages("relays").cloned().collect(), heads, epochs, message })
}
