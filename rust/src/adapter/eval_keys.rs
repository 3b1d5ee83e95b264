//! `eval`: primitives, keys and text.

use serde_json::json;

use super::answer::{Answer, Failure};
use super::args::Args;
use crate::crypto::{self, ed25519, mlkem};
use crate::error::{Class, Reject, ensure};
use crate::group::{self, Device};
use crate::hexadecimal::encode;
use crate::pairing::check_parameters;
use crate::pairing::claim_token;
use crate::text::{RelayText, padme, parse_key};

const RELAY_X25519: &[u8] = b"0k-sync/v1/relay-x25519";
const RELAY_MLKEM768: &[u8] = b"0k-sync/v1/relay-mlkem768";
const RELAY_SIGNING: &[u8] = b"0k-sync/v1/relay-signing";

/// Largest key that the adapter derives with Argon2id, bytes.
const KEY_BYTES_MAX: u64 = 1024 * 1024;

pub fn eval(op: &str, input: &Args) -> Option<Answer> {
    Some(match op {
        "hash.blake3" => input.bytes("data").map(|data| json!({"hash": encode(&crypto::blake3(&[&data]))})),
        "kdf.hkdf-sha256" => hkdf(input),
        "kdf.argon2id" => argon2id(input),
        "aead.xchacha20poly1305.seal" => seal(input),
        "aead.xchacha20poly1305.open" => open(input),
        "kem.mlkem768.keygen" => input.array("dz").map(|dz| json!({"ek": encode(&mlkem::encapsulation_key(&dz))})),
        "kem.mlkem768.encaps" => encaps(input),
        "kem.mlkem768.decaps" => decaps(input),
        "kem.xwing.keygen" => input.array("seed").map(|seed| json!({"pk": encode(&crypto::xwing_public(&seed))})),
        "sig.ed25519.verify" => verify(input),
        "dh.x25519" => x25519(input),
        "nodeid.parse" => parse_node_id(input),
        "relay.parse" => parse_relay(input),
        "padme.pad" => input.u64("len").map(|length| json!({"len": padme(length)})),
        "kdf.group" => kdf_group(input),
        "kdf.device" => kdf_device(input),
        "kdf.claim" => kdf_claim(input),
        "kdf.relay" => kdf_relay(input),
        "member.make" => member_make(input),
        "member.verify" => member_verify(input),
        "hello.make" => hello_make(input),
        "hello.verify" => hello_verify(input),
        _ => return None,
    })
}

fn kdf_claim(input: &Args) -> Answer {
    let token = claim_token(&input.array("seed")?, &input.array("mailbox_id")?);
    Ok(json!({"claim_token": encode(&token)}))
}

fn hkdf(input: &Args) -> Answer {
    let length = input.u64("len")? as usize;
    let okm = crypto::hkdf_sha256(&input.bytes("ikm")?, &input.bytes("salt")?, &input.bytes("info")?, length);
    let okm = okm.ok_or_else(|| Failure::Error("`len` is above 8,160".into()))?;
    Ok(json!({"okm": encode(&okm)}))
}

fn argon2id(input: &Args) -> Answer {
    let parameters = (input.u32("m_kib")?, input.u32("t")?, input.u32("p")?);
    check_parameters(parameters)?;
    let length = input.u64("len")?.min(KEY_BYTES_MAX) as usize;
    let key = crypto::argon2id(&input.bytes("password")?, &input.bytes("salt")?, parameters, length);
    let key = key.ok_or_else(|| Failure::Error("Argon2id has no such salt or length".into()))?;
    Ok(json!({"key": encode(&key)}))
}

fn seal(input: &Args) -> Answer {
    let ciphertext = crypto::xchacha_seal(
        &input.array("key")?,
        &input.array("nonce")?,
        &input.bytes("ad")?,
        &input.bytes("plaintext")?,
    );
    Ok(json!({"ciphertext": encode(&ciphertext)}))
}

fn open(input: &Args) -> Answer {
    let key = input.array("key")?;
    let nonce = input.array("nonce")?;
    let plaintext = crypto::xchacha_open(&key, &nonce, &input.bytes("ad")?, &input.bytes("ciphertext")?)
        .ok_or_else(|| Reject::new(Class::EnvelopeAuth, "the ciphertext does not open"))?;
    Ok(json!({"plaintext": encode(&plaintext)}))
}

fn encaps(input: &Args) -> Answer {
    let (ct, ss) = mlkem::encapsulate(&input.bytes("ek")?, &input.array("m")?)?;
    Ok(json!({"ct": encode(&ct), "ss": encode(&ss)}))
}

fn decaps(input: &Args) -> Answer {
    let ss = mlkem::decapsulate(&input.array("dz")?, &input.bytes("ct")?)?;
    Ok(json!({"ss": encode(&ss)}))
}

fn verify(input: &Args) -> Answer {
    let valid = ed25519::verify(&input.bytes("pk")?, &input.bytes("msg")?, &input.bytes("sig")?);
    ensure(valid, Class::EnvelopeAuth, "the signature does not verify")?;
    Ok(json!({}))
}

fn x25519(input: &Args) -> Answer {
    let public = input.array_or("pk", Class::HandshakeAuth)?;
    let shared = crypto::x25519(&input.array("sk")?, &public)?;
    Ok(json!({"shared": encode(&shared)}))
}

fn parse_node_id(input: &Args) -> Answer {
    Ok(json!({"nodeid": encode(&parse_key(input.text("text")?)?)}))
}

fn parse_relay(input: &Args) -> Answer {
    let relay = RelayText::parse(input.text("text")?)?;
    let mut output = json!({"host": relay.host, "port": relay.port});
    for (name, key) in [("nodeid", relay.node_id), ("kem_hash", relay.kem_hash)] {
        if let Some(key) = key {
            output[name] = encode(&key).into();
        }
    }
    Ok(output)
}

fn kdf_group(input: &Args) -> Answer {
    let (secret, epoch) = (input.array("secret")?, input.u32("epoch")?);
    let group_id = match input.array_if("group_id")? {
        Some(group_id) => group_id,
        None if epoch == 0 => group::group_id_of(&secret),
        None => return Err(Failure::Error("`group_id` is missing".into())),
    };
    let auth = ed25519::public(&group::auth_seed(&secret, &group_id, epoch));
    let message_key = group::message_key(&secret, &group_id, epoch);
    Ok(json!({"group_id": encode(&group_id), "auth_pub": encode(&auth), "message_key": encode(&*message_key)}))
}

fn kdf_device(input: &Args) -> Answer {
    let device = Device::new(&input.array("seed")?, &input.array("group_id")?);
    Ok(json!({"device_key": encode(&device.device_key), "xwing_key": encode(&device.xwing_key)}))
}

fn kdf_relay(input: &Args) -> Answer {
    let seed: [u8; 32] = input.array("seed")?;
    let mlkem_key = mlkem::encapsulation_key(&crypto::derive(&seed, &[RELAY_MLKEM768]));
    Ok(json!({
        "node_id": encode(&crypto::x25519_public(&crypto::derive(&seed, &[RELAY_X25519]))),
        "kem_hash": encode(&crypto::blake3(&[&mlkem_key])),
        "mlkem_key": encode(&mlkem_key),
        "signing_key": encode(&ed25519::public(&crypto::derive(&seed, &[RELAY_SIGNING]))),
    }))
}

fn member_make(input: &Args) -> Answer {
    let device = Device::new(&input.array("device_seed")?, &input.array("group_id")?);
    let record = device.member_record(&input.array("epoch_secret")?, input.u32("epoch")?);
    Ok(json!({"record": encode(&record)}))
}

fn member_verify(input: &Args) -> Answer {
    let auth_key = input.array("auth_key")?;
    let member = group::verify_member(&input.bytes("record")?, &input.array("group_id")?, |_| Some(auth_key))?;
    Ok(json!({
        "device_key": encode(&member.device_key),
        "xwing_key": encode(&member.xwing_key),
        "epoch": member.epoch,
    }))
}

fn hello_make(input: &Args) -> Answer {
    let device = Device::new(&input.array("device_seed")?, &input.array("group_id")?);
    let signature = device.sign_hello(&input.array("handshake_hash")?);
    Ok(json!({"device_key": encode(&device.device_key), "signature": encode(&signature)}))
}

fn hello_verify(input: &Args) -> Answer {
    let (group_id, hash): ([u8; 32], [u8; 32]) = (input.array("group_id")?, input.array("handshake_hash")?);
    group::verify_hello(&input.bytes("device_key")?, &group_id, &hash, &input.bytes("signature")?)?;
    Ok(json!({}))
}
