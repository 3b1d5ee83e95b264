//! The part of an envelope that somebody signed, without the body. EN-12, EN-28.

use crate::crypto::{Key, ed25519};
use crate::envelope::{Head, Header, hash};
use crate::error::{Class, Result, ensure};
use crate::wire::tables::STUB;
use crate::wire::{Message, Origin, decode};

/// Place, chain and signature of one envelope verify from it alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Stub {
    pub sender_key: Key,
    pub sequence: u64,
    pub previous: Key,
    pub hash: Key,
    /// Canonical EnvelopeHeader, as it was received.
    pub header: Vec<u8>,
    pub body_hash: Key,
    pub signature: [u8; 64],
}

impl Stub {
    /// Reads a stub without its signature.
    pub fn parse(stub: &Message, group_id: &Key) -> Result<Self> {
        let header_bytes = stub.bytes("header");
        let header = Header::parse(header_bytes, group_id)?;
        let body_hash = stub.array("body_hash");
        Ok(Stub {
            sender_key: header.sender_key,
            sequence: header.sequence,
            previous: header.previous,
            hash: hash(header_bytes, &body_hash),
            header: header_bytes.to_vec(),
            body_hash,
            signature: stub.array("signature"),
        })
    }

    /// EN-28.
    pub fn verify(stub: &Message, group_id: &Key) -> Result<Self> {
        let stub = Stub::parse(stub, group_id)?;
        ensure(stub.is_signed(), Class::EnvelopeAuth, "the stub's signature does not verify")?;
        Ok(stub)
    }

    pub fn is_signed(&self) -> bool {
        ed25519::verify(&self.sender_key, &self.hash, &self.signature)
    }

    pub fn head(&self) -> Head {
        Head { sequence: self.sequence, hash: self.hash }
    }

    pub fn message(&self) -> Message {
        Message::new(&STUB)
            .with("header", self.header.clone())
            .with("body_hash", self.body_hash)
            .with("signature", self.signature)
    }

    pub fn encode(&self) -> Vec<u8> {
        self.message().encode()
    }

    /// Reads the bytes of a stub that was verified before.
    pub fn decode(bytes: &[u8], group_id: &Key) -> Result<Self> {
        Stub::parse(&decode(&STUB, bytes, Origin::Relay)?, group_id)
    }
}
