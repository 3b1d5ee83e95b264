//! Keys of groups and devices, member records, the Hello signature. spec/group.md, SE-10.

use zeroize::Zeroizing;

use crate::crypto::{Key, blake3, derive, ed25519, xwing_public};
use crate::error::{Class, Reject, Result, ensure};
use crate::wire::tables::{MEMBER_RECORD, MEMBER_RECORD_BODY};
use crate::wire::{Message, Origin, decode, decode_canonical};

const GROUP_ID: &[u8] = b"0k-sync/v1/group-id";
const DEVICE_KEY: &[u8] = b"0k-sync/v1/device-key";
const DEVICE_XWING: &[u8] = b"0k-sync/v1/device-xwing";
const AUTH: &[u8] = b"0k-sync/v1/auth";
const MESSAGE: &[u8] = b"0k-sync/v1/message";
const MEMBER: &[u8] = b"0k-sync/v1/member-record";
const HELLO: &[u8] = b"0k-sync/v1/hello";

/// GR-02.
pub fn group_id(auth_key_0: &Key) -> Key {
    blake3(&[GROUP_ID, auth_key_0])
}

/// The seed of auth_e; epoch 0 leaves the group id out. GR-05.
pub fn auth_seed(secret: &Key, group_id: &Key, epoch: u32) -> Zeroizing<Key> {
    let id: &[u8] = if epoch == 0 { &[] } else { group_id };
    Zeroizing::new(derive(secret, &[AUTH, id, &epoch.to_be_bytes()]))
}

/// The group id that an epoch 0 secret makes.
pub fn group_id_of(secret_0: &Key) -> Key {
    group_id(&ed25519::public(&auth_seed(secret_0, &[0; 32], 0)))
}

/// message_e. GR-05.
pub fn message_key(secret: &Key, group_id: &Key, epoch: u32) -> Zeroizing<Key> {
    Zeroizing::new(derive(secret, &[MESSAGE, group_id, &epoch.to_be_bytes()]))
}

/// One device in one group. GR-10.
pub struct Device {
    seed: Zeroizing<Key>,
    pub device_key: Key,
    pub xwing_key: Vec<u8>,
    pub group_id: Key,
}

impl Device {
    pub fn new(seed: &Key, group_id: &Key) -> Self {
        let signing: Zeroizing<Key> = Zeroizing::new(derive(seed, &[DEVICE_KEY, group_id]));
        let xwing: Zeroizing<Key> = Zeroizing::new(derive(seed, &[DEVICE_XWING, group_id]));
        Device {
            device_key: ed25519::public(&signing),
            xwing_key: xwing_public(&xwing),
            seed: signing,
            group_id: *group_id,
        }
    }

    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        ed25519::sign(&self.seed, message)
    }

    /// A MemberRecord, countersigned with auth_e of the epoch. GR-08, GR-09.
    pub fn member_record(&self, secret: &Key, epoch: u32) -> Vec<u8> {
        let body = Message::new(&MEMBER_RECORD_BODY)
            .with("group_id", self.group_id)
            .with("device_key", self.device_key)
            .with("xwing_key", self.xwing_key.clone())
            .with("epoch", epoch)
            .encode();
        let signed = [MEMBER, &body].concat();
        let auth_signature = ed25519::sign(&auth_seed(secret, &self.group_id, epoch), &signed);
        Message::new(&MEMBER_RECORD)
            .with("device_signature", self.sign(&signed))
            .with("auth_signature", auth_signature)
            .with("body", body)
            .encode()
    }

    /// SE-10.
    pub fn sign_hello(&self, handshake_hash: &Key) -> [u8; 64] {
        self.sign(&[HELLO, handshake_hash, &self.group_id].concat())
    }
}

pub fn verify_hello(device_key: &[u8], group_id: &[u8], handshake_hash: &[u8], signature: &[u8]) -> Result<()> {
    let signed = [HELLO, handshake_hash, group_id].concat();
    let valid = ed25519::verify(device_key, &signed, signature);
    ensure(valid, Class::SessionUnauthorized, "the Hello signature does not verify")
}

/// The content of a verified MemberRecord.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub device_key: Key,
    pub xwing_key: Vec<u8>,
    pub epoch: u32,
}

/// GR-14: the record's bytes; `auth_key` gives the public key of an epoch that is known.
pub fn verify_member(record: &[u8], group_id: &Key, auth_key: impl Fn(u32) -> Option<Key>) -> Result<Member> {
    verify_member_message(&decode(&MEMBER_RECORD, record, Origin::Client)?, group_id, auth_key)
}

pub fn verify_member_message(
    record: &Message,
    group_id: &Key,
    auth_key: impl Fn(u32) -> Option<Key>,
) -> Result<Member> {
    let refuse = |detail: &str| Reject::new(Class::SessionUnauthorized, detail);
    let body_bytes = record.bytes("body");
    let body = decode_canonical(&MEMBER_RECORD_BODY, body_bytes).map_err(|error| refuse(&error.detail))?;
    ensure(body.bytes("group_id") == group_id, Class::SessionUnauthorized, "the record is of another group")?;
    let device_key: Key = body.array("device_key");
    let epoch = body.uint("epoch") as u32;
    let auth_key = auth_key(epoch).ok_or_else(|| refuse("the record's epoch is not known"))?;
    let signed = [MEMBER, body_bytes].concat();
    let valid = ed25519::verify(&device_key, &signed, record.bytes("device_signature"))
        && ed25519::verify(&auth_key, &signed, record.bytes("auth_signature"));
    ensure(valid, Class::SessionUnauthorized, "the record's signatures do not verify")?;
    Ok(Member { device_key, xwing_key: body.bytes("xwing_key").to_vec(), epoch })
}
