//! Sealing and opening of envelopes. spec/envelope.md.

use std::collections::BTreeMap;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::crypto::{Key, blake3, ed25519, xchacha_open, xchacha_seal};
use crate::error::{Class, Reject, Result, ensure};
use crate::group::{Device, message_key};
use crate::limits::{CIPHERTEXT_BYTES_MAX, CIPHERTEXT_BYTES_MIN, HEADER_BYTES_MAX, SAFE_INTEGER_MAX};
pub use crate::padding::{pad, unpad};
use crate::skipped::{check_skipped, closes};
use crate::stub::Stub;
use crate::wire::tables::{ENVELOPE, ENVELOPE_HEADER, MEMBER_ANNOUNCEMENT, MESSAGE, SEQUENCE_RANGE};
use crate::wire::{Message, Origin, decode, decode_canonical};

const LABEL: &[u8] = b"0k-sync/v1/envelope";
const BODY_LABEL: &[u8] = b"0k-sync/v1/body";

/// Plaintext of an envelope.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    Message(Message),
    Announcement(Message),
}

impl Content {
    pub fn content_type(&self) -> u32 {
        match self {
            Content::Message(_) => 1,
            Content::Announcement(_) => 2,
        }
    }

    pub fn encode(&self) -> Vec<u8> {
        self.message().encode()
    }

    fn message(&self) -> &Message {
        match self {
            Content::Message(message) | Content::Announcement(message) => message,
        }
    }

    /// Sequences of the sender that never come: first and last of each range. EN-29.
    pub fn skipped(&self) -> Vec<(u64, u64)> {
        self.message().messages("skipped").map(|range| (range.uint("from"), range.uint("to"))).collect()
    }

    /// The content with these ranges as those that never come. EN-29.
    pub fn with_skipped(self, ranges: &[(u64, u64)]) -> Self {
        let range = |(from, to): &(u64, u64)| Message::new(&SEQUENCE_RANGE).with("from", *from).with("to", *to);
        let add = |message: Message| message.with_all("skipped", ranges.iter().map(range));
        match self {
            Content::Message(message) => Content::Message(add(message)),
            Content::Announcement(message) => Content::Announcement(add(message)),
        }
    }

    /// EN-15.
    pub fn decode(content_type: u64, plaintext: &[u8]) -> Result<Self> {
        let parse = |schema| decode(schema, plaintext, Origin::Client).map_err(malformed);
        if content_type == 2 {
            return Ok(Content::Announcement(parse(&MEMBER_ANNOUNCEMENT)?));
        }
        let message = parse(&MESSAGE)?;
        ensure(message.member().is_some(), Class::EnvelopeParse, "a message has neither text nor data")?;
        Ok(Content::Message(message))
    }
}

fn malformed(error: Reject) -> Reject {
    Reject::new(Class::EnvelopeParse, error.detail)
}

/// The head of one sender's chain. EN-08.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub sequence: u64,
    pub hash: Key,
}

impl Head {
    /// Before a sender's first envelope.
    pub const NONE: Head = Head { sequence: 0, hash: [0; 32] };
}

/// B, the body hash. EN-12.
pub fn body_hash(nonce: &[u8], ciphertext: &[u8]) -> Key {
    blake3(&[BODY_LABEL, nonce, ciphertext])
}

/// H of a header and a body hash. EN-12.
pub fn hash(header: &[u8], body_hash: &Key) -> Key {
    blake3(&[LABEL, &(header.len() as u32).to_be_bytes(), header, body_hash])
}

/// The Envelope's bytes and H.
pub fn seal(
    device: &Device,
    (epoch, secret): (u32, &Key),
    head: Head,
    content: &Content,
    nonce: &[u8; 24],
) -> Result<(Vec<u8>, Key)> {
    // OV-02.
    let sequence = head.sequence.saturating_add(1);
    ensure(sequence <= SAFE_INTEGER_MAX, Class::EnvelopeParse, "the sequence is out of range")?;
    let plaintext = Zeroizing::new(content.encode());
    Content::decode(content.content_type().into(), &plaintext)?;
    check_skipped(&content.skipped(), sequence)?;
    let header = Message::new(&ENVELOPE_HEADER)
        .with("version", 1u32)
        .with("group_id", device.group_id)
        .with("sender_key", device.device_key)
        .with("sequence", sequence)
        .with("previous", head.hash)
        .with("epoch", epoch)
        .with("content_type", content.content_type())
        .encode();
    let key = message_key(secret, &device.group_id, epoch);
    let ciphertext = xchacha_seal(&key, nonce, &header, &pad(&plaintext));
    let hash = hash(&header, &body_hash(nonce, &ciphertext));
    let envelope = Message::new(&ENVELOPE)
        .with("header", header)
        .with("nonce", *nonce)
        .with("ciphertext", ciphertext)
        .with("signature", device.sign(&hash));
    Ok((envelope.encode(), hash))
}

/// The fields of a header that passed EN-03, EN-05 to EN-07, and its sequence is not 0.
pub struct Header {
    pub sender_key: Key,
    pub sequence: u64,
    pub previous: Key,
    pub epoch: u32,
    pub content_type: u64,
}

impl Header {
    /// The second step of EN-20.
    pub fn parse(bytes: &[u8], group_id: &Key) -> Result<Self> {
        let fits = (1..=HEADER_BYTES_MAX).contains(&bytes.len());
        ensure(fits, Class::EnvelopeParse, "the header has a length out of bounds")?;
        let header = decode_canonical(&ENVELOPE_HEADER, bytes).map_err(malformed)?;
        ensure(header.uint("version") == 1, Class::EnvelopeVersion, "the envelope's version is not known")?;
        ensure(header.bytes("group_id") == group_id, Class::EnvelopeBinding, "the envelope is of another group")?;
        let (content_type, sequence) = (header.uint("content_type"), header.uint("sequence"));
        ensure(matches!(content_type, 1 | 2), Class::EnvelopeParse, "the content type is not allowed")?;
        ensure(sequence != 0, Class::EnvelopeParse, "the sequence is 0")?;
        let (sender_key, previous) = (header.array("sender_key"), header.array("previous"));
        Ok(Header { sender_key, sequence, previous, epoch: header.uint("epoch") as u32, content_type })
    }
}

/// An envelope whose form, version, group, content type and sequence are right: the first steps of EN-20.
#[derive(Clone, Debug)]
pub struct Parsed {
    pub sender_key: Key,
    pub sequence: u64,
    pub previous: Key,
    pub epoch: u32,
    pub hash: Key,
    /// Milliseconds by the relay's clock; a claim.
    pub received_at_ms: u64,
    /// The cursor at the relay that it came from; 0 outside a log.
    pub cursor: u64,
    /// That relay, a NodeId in hexadecimal; empty outside a log.
    pub relay: Arc<str>,
    content_type: u64,
    body_hash: Key,
    envelope: Message,
}

impl Parsed {
    /// Sizes, header, version, group, content type, sequence, and H. EN-20.
    pub fn parse(envelope: &Message, group_id: &Key, relay: &Arc<str>) -> Result<Self> {
        let (header_bytes, ciphertext) = (envelope.bytes("header"), envelope.bytes("ciphertext"));
        // EN-04.
        ensure(ciphertext.len() <= CIPHERTEXT_BYTES_MAX, Class::SessionSize, "the ciphertext is too large")?;
        let fits = ciphertext.len() >= CIPHERTEXT_BYTES_MIN;
        ensure(fits, Class::EnvelopeParse, "the ciphertext is too short")?;
        let header = Header::parse(header_bytes, group_id)?;
        let body_hash = body_hash(envelope.bytes("nonce"), ciphertext);
        Ok(Parsed {
            sender_key: header.sender_key,
            sequence: header.sequence,
            previous: header.previous,
            epoch: header.epoch,
            hash: hash(header_bytes, &body_hash),
            received_at_ms: envelope.uint("received_at_ms"),
            cursor: envelope.uint("cursor"),
            relay: relay.clone(),
            content_type: header.content_type,
            body_hash,
            envelope: envelope.clone(),
        })
    }

    /// The envelope's own signature verifies. EN-12, EN-30.
    pub fn is_signed(&self) -> bool {
        ed25519::verify(&self.sender_key, &self.hash, self.envelope.bytes("signature"))
    }

    /// EN-20: what has no authentic successor needs its own signature.
    pub fn check_signature(&self) -> Result<()> {
        ensure(self.is_signed(), Class::EnvelopeAuth, "the envelope's signature does not verify")
    }

    /// It announces its sender.
    pub fn is_invite(&self) -> bool {
        self.content_type == 2
    }

    /// The sender's own word without the body. EN-28.
    pub fn stub(&self) -> Stub {
        let (header, signature) = (self.envelope.bytes("header").to_vec(), self.envelope.array("signature"));
        Stub {
            sender_key: self.sender_key,
            sequence: self.sequence,
            previous: self.previous,
            hash: self.hash,
            header,
            body_hash: self.body_hash,
            signature,
        }
    }

    /// CL-09: the sender's record was verified.
    pub fn check_member(&self, is_member: bool) -> Result<()> {
        ensure(is_member, Class::EnvelopeAuth, "the sender is not a member")
    }

    /// EN-08.
    pub fn continues(&self, head: Head) -> bool {
        self.sequence == head.sequence.saturating_add(1) && self.previous == head.hash
    }

    /// Key of the epoch, AEAD, padding and plaintext: the rest of EN-20.
    pub fn open(&self, group_id: &Key, epochs: &BTreeMap<u32, Zeroizing<Key>>) -> Result<Content> {
        let secret = epochs
            .get(&self.epoch)
            .ok_or_else(|| Reject::new(Class::SessionEpoch, "the epoch's secret is not known"))?;
        let key = message_key(secret, group_id, self.epoch);
        let (header, ciphertext) = (self.envelope.bytes("header"), self.envelope.bytes("ciphertext"));
        let padded = xchacha_open(&key, &self.envelope.array("nonce"), header, ciphertext)
            .map(Zeroizing::new)
            .ok_or_else(|| Reject::new(Class::EnvelopeAuth, "the ciphertext does not open"))?;
        let plaintext = unpad(&padded).ok_or_else(|| Reject::new(Class::EnvelopeParse, "the padding is wrong"))?;
        let content = Content::decode(self.content_type, plaintext)?;
        check_skipped(&content.skipped(), self.sequence)?;
        Ok(content)
    }

    /// Bytes that it takes on hold or in quarantine.
    pub fn bytes(&self) -> usize {
        self.envelope.bytes("header").len() + self.envelope.bytes("ciphertext").len() + 24 + 64
    }

    pub fn envelope(&self) -> &Message {
        &self.envelope
    }
}

/// A whole envelope against one head. EN-20.
pub fn open(
    bytes: &[u8],
    group_id: &Key,
    epochs: &BTreeMap<u32, Zeroizing<Key>>,
    members: &[Key],
    head: Option<Head>,
) -> Result<(Parsed, Content)> {
    let envelope = decode(&ENVELOPE, bytes, Origin::Client)?;
    let parsed = Parsed::parse(&envelope, group_id, &Arc::from(""))?;
    let duplicate = head.is_some_and(|head| head.hash == parsed.hash);
    ensure(!duplicate, Class::EnvelopeReplay, "the envelope was accepted before")?;
    parsed.check_signature()?;
    parsed.check_member(members.contains(&parsed.sender_key))?;
    let head = head.unwrap_or(Head::NONE);
    if parsed.sequence > head.sequence.saturating_add(1) && epochs.contains_key(&parsed.epoch) {
        let content = parsed.open(group_id, epochs)?;
        let closed = closes(&content.skipped(), head.sequence, parsed.sequence);
        ensure(closed, Class::EnvelopeChain, "envelopes of its sender are missing before it")?;
        return Ok((parsed, content));
    }
    ensure(parsed.continues(head), Class::EnvelopeChain, "the envelope does not continue its sender's chain")?;
    let content = parsed.open(group_id, epochs)?;
    Ok((parsed, content))
}
