//! Envelopes, chains, member records, invites and Welcomes.

use crate::common::{class, hex, ok, with_draws};
use serde_json::{Value, json};
use zerok_sync::crypto::ed25519;
use zerok_sync::envelope;
use zerok_sync::group::Device;
use zerok_sync::hexadecimal::encode;
use zerok_sync::pairing::verify_welcome;
use zerok_sync::wire::tables::{ENVELOPE, ENVELOPE_HEADER, EPOCH_SECRET, MEMBER_RECORD, WELCOME};
use zerok_sync::wire::{Message, Origin, decode};

pub const SECRET: [u8; 32] = [1; 32];
const SEED: [u8; 32] = [2; 32];

pub fn group_id() -> [u8; 32] {
    zerok_sync::group::group_id_of(&SECRET)
}

pub fn device() -> Device {
    Device::new(&SEED, &group_id())
}

pub fn seal(sequence: u64, previous: &Value, text: &str) -> Value {
    let input = json!({
        "device_seed": encode(&SEED), "group_id": encode(&group_id()), "epoch": 0, "epoch_secret": encode(&SECRET),
        "sequence": sequence.to_string(), "previous": previous,
        "content": {"message": {"id": "09".repeat(16), "text": text, "sent_at_ms": "5"}},
    });
    with_draws("envelope.seal", input, json!({"nonce": "03".repeat(24)}))
}

fn open(envelope: &Value, head: Option<(u64, &Value)>) -> Value {
    let mut input = json!({
        "envelope": envelope, "group_id": encode(&group_id()), "epochs": [{"epoch": 0, "secret": encode(&SECRET)}],
        "members": [encode(&device().device_key)],
    });
    if let Some((sequence, hash)) = head {
        input["head"] = json!({"sequence": sequence.to_string(), "hash": hash});
    }
    input
}

/// The envelope with another header, properly hashed and signed.
fn with_header(envelope: &Value, change: impl FnOnce(Message) -> Vec<u8>) -> Value {
    let envelope = decode(&ENVELOPE, &hex(envelope), Origin::Client).expect("an envelope");
    let header = change(decode(&ENVELOPE_HEADER, envelope.bytes("header"), Origin::Client).expect("a header"));
    let body_hash = envelope::body_hash(envelope.bytes("nonce"), envelope.bytes("ciphertext"));
    let hash = envelope::hash(&header, &body_hash);
    let changed = Message::new(&ENVELOPE)
        .with("header", header)
        .with("nonce", envelope.bytes("nonce"))
        .with("ciphertext", envelope.bytes("ciphertext"))
        .with("signature", device().sign(&hash));
    encode(&changed.encode()).into()
}

/// The header with one field set anew.
fn set(header: &Message, name: &str, value: u64) -> Message {
    let mut changed = Message::new(&ENVELOPE_HEADER);
    for (field, known) in header.fields().filter(|(field, _)| field.name != name) {
        changed.put(field, known.clone());
    }
    changed.with(name, value)
}

#[test]
fn en_20_checks_in_order() {
    let zero = json!("00".repeat(32));
    let first = seal(1, &zero, "hello");
    let sealed = &first["envelope"];
    let opened = ok("envelope.open", open(sealed, None));
    assert_eq!(opened["hash"], first["hash"]);
    assert_eq!(opened["content"]["message"]["text"], "hello");
    let refused = |envelope: &Value| class("envelope.open", open(envelope, None), json!({}));
    let version_2 = with_header(sealed, |header| set(&header, "version", 2).encode());
    assert_eq!(refused(&version_2), "envelope.version", "EN-05");
    let reserved = with_header(sealed, |header| set(&header, "content_type", 3).encode());
    assert_eq!(refused(&reserved), "envelope.parse", "EN-06");
    let unknown_field = with_header(sealed, |header| [header.encode(), vec![0x40, 1]].concat());
    assert_eq!(refused(&unknown_field), "envelope.parse", "EN-03");
    let wide = with_header(sealed, |header| [header.encode(), vec![0; 257 - header.encode().len()]].concat());
    assert_eq!(refused(&wide), "envelope.parse", "EN-04: only a ciphertext is ever too large");
    let other_epoch = with_header(sealed, |header| set(&header, "epoch", 1).encode());
    assert_eq!(refused(&other_epoch), "session.epoch", "EN-09");
    let changed = with_header(sealed, |header| set(&header, "content_type", 2).encode());
    assert_eq!(refused(&changed), "envelope.auth", "EN-11");
    let mut bytes = hex(sealed);
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    assert_eq!(refused(&encode(&bytes).into()), "envelope.auth", "EN-12");
    assert_eq!(refused(&json!("0a")), "frame.parse", "WI-14");
    assert_eq!(class("envelope.open", open(sealed, Some((1, &first["hash"]))), json!({})), "envelope.replay", "EN-22");
    assert_eq!(class("envelope.open", open(sealed, Some((1, &zero))), json!({})), "envelope.chain", "EN-08");
    let mut stranger = open(sealed, None);
    stranger["members"] = json!([]);
    assert_eq!(class("envelope.open", stranger, json!({})), "envelope.auth", "CL-09");
    let mut elsewhere = open(sealed, None);
    elsewhere["group_id"] = zero;
    assert_eq!(class("envelope.open", elsewhere, json!({})), "envelope.binding", "EN-07");
}

#[test]
fn en_14_padding() {
    for (length, padded) in [(2, 2), (9, 10), (256, 256), (257, 272), (1025, 1088), (262_144, 262_144)] {
        assert_eq!(ok("padme.pad", json!({"len": length}))["len"], padded);
    }
    for length in [0, 1, 251, 252, 253, 5000] {
        let content = vec![7; length];
        let padded = envelope::pad(&content);
        assert_eq!(envelope::unpad(&padded), Some(&content[..]));
        let mut dirty = padded.to_vec();
        if dirty.len() > length + 4 {
            *dirty.last_mut().expect("a byte") = 1;
            assert_eq!(envelope::unpad(&dirty), None);
        }
        assert_eq!(envelope::unpad(&[&padded[..], &[0]].concat()), None);
    }
}

#[test]
fn gr_09_gr_14_member_records() {
    let record = device().member_record(&SECRET, 0);
    let auth_key = ed25519::public(&zerok_sync::group::auth_seed(&SECRET, &group_id(), 0));
    let input = |record: &[u8], auth_key: &[u8]| json!({"record": encode(record), "group_id": encode(&group_id()), "auth_key": encode(auth_key)});
    let verified = ok("member.verify", input(&record, &auth_key));
    assert_eq!(verified["device_key"], encode(&device().device_key));
    assert_eq!(class("member.verify", input(&record, &[9; 32]), json!({})), "session.unauthorized");
    assert_eq!(class("member.verify", input(&record[1..], &auth_key), json!({})), "frame.parse");
}

fn invite() -> Value {
    json!({
        "relay": {"address": "relay.example:4433", "node_id": "01".repeat(32)}, "mailbox_id": "02".repeat(16),
        "invite_key": "03".repeat(32), "expires_at_ms": "1000000",
    })
}

#[test]
fn pa_01_to_pa_08_links() {
    let link = ok("invite.make", json!({"invite": invite()}))["link"].as_str().expect("a link").to_owned();
    let parse = |link: &str, now: u64| {
        zerok_sync::adapter::eval(&json!({"op": "invite.parse", "in": {"link": link}, "now_ms": now.to_string()}))
    };
    let wrapped = link.as_bytes().chunks(60).map(|line| std::str::from_utf8(line).expect("ASCII")).collect::<Vec<_>>();
    for text in [
        link.clone(),
        format!(" \n{link}\t"),
        link.to_uppercase(),
        wrapped.join("\r\n> "),
        format!("\u{201c}<{link}>\u{201d}."),
        wrapped.join("\u{200b}"),
    ] {
        assert_eq!(parse(&text, 0).expect("an invite")["invite"], invite(), "PA-01, finding/T3");
    }
    assert!(parse(&link, 1_300_000).is_ok(), "PA-05");
    assert!(matches!(
        parse(&link, 1_300_001),
        Err(zerok_sync::adapter::answer::Failure::Reject(reject))
            if reject.class.as_str() == "invite.expired" && reject.detail.contains("5 minutes")
    ));
    let typo = link.replacen('y', "b", 1);
    assert!(parse(&typo, 0).is_err() && parse(&link[..link.len() - 1], 0).is_err(), "PA-04");
    for (memory, iterations, parallelism) in
        [(19_455, 16, 1), (1_048_577, 3, 1), (65_536, 0, 1), (65_536, 3, 17), (19_456, 1, 1)]
    {
        let mut weak = invite();
        weak["passphrase"] = json!({"salt": "04".repeat(16), "memory_kib": memory, "iterations": iterations, "parallelism": parallelism});
        assert_eq!(class("invite.make", json!({"invite": weak}), json!({})), "invite.parse", "PA-08");
    }
}

#[test]
fn pa_23_the_strength_of_a_passphrase() {
    let strength = |text: &str| ok("passphrase.new", json!({"text": text}))["strength"].clone();
    assert_eq!(strength("correct horse battery staple"), 560);
    for text in ["password1", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa", "abcdefghijklmnopqrstuvwxyz0123456789", ""] {
        assert_eq!(class("passphrase.new", json!({"text": text}), json!({})), "invite.parse", "{text}");
    }
}

#[test]
fn pa_20_a_claim_token_is_the_devices() {
    let token = |seed: u8, mailbox: u8| {
        ok("kdf.claim", json!({"seed": encode(&[seed; 32]), "mailbox_id": encode(&[mailbox; 16])}))["claim_token"]
            .clone()
    };
    assert_eq!(token(1, 1), token(1, 1));
    assert!(token(1, 1) != token(2, 1) && token(1, 1) != token(1, 2));
}

/// EN-28, PA-12: a head is its sender's own word.
#[test]
fn pa_12_heads_are_stubs_of_members() {
    let sealed = decode(&ENVELOPE, &hex(&seal(1, &json!("00".repeat(32)), "1")["envelope"]), Origin::Client);
    let parsed = envelope::Parsed::parse(&sealed.expect("an envelope"), &group_id(), &"".into()).expect("it parses");
    let stub = parsed.stub();
    let member = decode(&MEMBER_RECORD, &device().member_record(&SECRET, 0), Origin::Client).expect("a record");
    let verify = |members: Vec<Message>, heads: Vec<Message>| {
        let welcome = Message::new(&WELCOME)
            .with("version", 1u32)
            .with("group_id", group_id())
            .with("epoch_secrets", Message::new(&EPOCH_SECRET).with("secret", SECRET))
            .with_all("members", members)
            .with_all("heads", heads);
        verify_welcome(welcome).map(|welcome| welcome.heads.len()).map_err(|reject| reject.class.as_str())
    };
    let mut forged = stub.clone();
    forged.signature[0] ^= 1;
    assert!(stub.encode().len() <= 352);
    assert_eq!(verify(vec![member.clone()], vec![stub.message()]), Ok(1));
    assert_eq!(verify(vec![member.clone()], vec![forged.message()]), Err("invite.parse"));
    assert_eq!(verify(vec![], vec![stub.message()]), Err("invite.parse"), "no member");
    assert_eq!(verify(vec![member], vec![stub.message(), stub.message()]), Err("invite.parse"), "two of one sender");
}

#[test]
fn pa_09_to_pa_12_welcomes() {
    let record = device().member_record(&SECRET, 0);
    let member = decode(&zerok_sync::wire::tables::MEMBER_RECORD, &record, Origin::Client).expect("a record");
    let secret = Message::new(&zerok_sync::wire::tables::EPOCH_SECRET).with("secret", SECRET);
    let relay = Message::new(&zerok_sync::wire::tables::RELAY_PIN)
        .with("address", "relay.example:4433")
        .with("node_id", [7; 32]);
    let sealed_welcome = |version: u32, group_id: [u8; 32], relays: usize| {
        let message = Message::new(&zerok_sync::wire::tables::WELCOME)
            .with("version", version)
            .with("group_id", group_id)
            .with_all("relays", vec![relay.clone(); relays])
            .with("members", member.clone())
            .with("epoch_secrets", secret.clone());
        encode(&message.encode())
    };
    let welcome = |version: u32, group_id: [u8; 32]| sealed_welcome(version, group_id, 1);
    let passphrase = |text: &str| json!({"text": text, "salt": "05".repeat(16), "memory_kib": 19_456, "iterations": 2, "parallelism": 1});
    let seal = |welcome: String, text: &str| {
        let input = json!({"welcome": welcome, "mailbox_id": "02".repeat(16), "invite_key": "03".repeat(32), "passphrase": passphrase(text)});
        with_draws("welcome.seal", input, json!({"nonce": "06".repeat(24)}))["payload"].clone()
    };
    let open = |payload: Value, text: &str| json!({"payload": payload, "mailbox_id": "02".repeat(16), "invite_key": "03".repeat(32), "passphrase": passphrase(text)});
    let payload = seal(welcome(1, group_id()), "cafe\u{301}");
    let opened = ok("welcome.open", open(payload.clone(), "caf\u{e9}"));
    assert_eq!(opened["devices"], json!([encode(&device().device_key)]), "PA-09");
    let refused = |input: Value| class("welcome.open", input, json!({}));
    assert_eq!(refused(open(payload.clone(), "cafe")), "invite.parse", "PA-10");
    assert_eq!(refused(open(payload, "")), "invite.parse", "PA-09");
    assert_eq!(refused(open(seal(welcome(2, group_id()), "x"), "x")), "invite.parse", "PA-12");
    assert_eq!(refused(open(seal(welcome(1, [8; 32]), "x"), "x")), "invite.parse", "PA-12");
    assert_eq!(refused(open(seal(sealed_welcome(1, group_id(), 0), "x"), "x")), "invite.parse", "PA-12, no relay");
}

#[test]
fn ov_03_keys_are_lower_case() {
    let key = "o".repeat(51) + "y";
    assert!(ok("nodeid.parse", json!({"text": key}))["nodeid"].is_string());
    assert_eq!(class("nodeid.parse", json!({"text": key.to_uppercase()}), json!({})), "invite.parse");
    assert_eq!(ok("nodeid.parse", json!({"text": "AB".repeat(32)}))["nodeid"], "ab".repeat(32));
}
