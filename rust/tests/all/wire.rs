//! The strict wire walk, records and cursors. spec/wire.md.

use crate::common::{class, ok};
use serde_json::{Value, json};
use zerok_sync::hexadecimal::encode;
use zerok_sync::wire::Origin;
use zerok_sync::wire::frames::FrameReader;

fn decoded(from: &str, bytes: &[u8]) -> Value {
    ok("frame.decode", json!({"from": from, "bytes": encode(bytes)}))["frames"].clone()
}

fn refused(from: &str, bytes: &[u8]) -> &'static str {
    class("frame.decode", json!({"from": from, "bytes": encode(bytes)}), json!({}))
}

/// A frame with a length that fits.
fn framed(body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    zerok_sync::wire::varint::write(body.len() as u64, &mut bytes);
    bytes.extend_from_slice(body);
    bytes
}

fn samples() -> Vec<Value> {
    let envelope = json!({"header": "01", "nonce": "22".repeat(24), "ciphertext": "03", "signature": "44".repeat(64)});
    vec![
        json!({"request_id": 1, "ping": {}}),
        json!({"request_id": 7, "push": {"items": [{"envelope": envelope, "skip": true}, {"envelope": envelope}]}}),
        json!({"request_id": 9, "pull": {"after": "9007199254740991", "hash_at_after": "05".repeat(32), "bytes_max": 7}}),
        json!({"request_id": 9, "page": {"segment": {"after": "3", "removed_through": "3", "next": "3", "head": "9"}, "has_more": true}}),
        json!({"error": {"code": 1040, "detail": "rolled back"}}),
        json!({"bye": {}}),
    ]
}

#[test]
fn wi_10_frames_survive_whole_split_and_byte_by_byte() {
    let mut stream = Vec::new();
    for frame in samples() {
        let bytes = crate::common::hex(&ok("frame.encode", json!({"frame": frame}))["bytes"]);
        assert_eq!(decoded("relay", &bytes), json!([frame]));
        stream.extend_from_slice(&bytes);
    }
    assert_eq!(decoded("relay", &stream), json!(samples()));
    for size in [1, 3, stream.len()] {
        let mut reader = FrameReader::new(Origin::Relay);
        let mut count = 0;
        for piece in stream.chunks(size) {
            reader.push(piece);
            while reader.next_frame().expect("a frame").is_some() {
                count += 1;
            }
        }
        assert_eq!(count, samples().len());
        assert!(reader.is_between_frames());
    }
}

#[test]
fn wi_10_wi_11_wi_12_lengths() {
    assert_eq!(refused("client", &[0]), "frame.length");
    assert_eq!(refused("client", &[0x80, 0]), "frame.length");
    assert_eq!(refused("client", &[0x81, 0x80, 0x40]), "frame.length", "1 MiB and 1 byte");
    assert_eq!(refused("client", &[0xff, 0xff, 0xff, 0xff, 0x7f]), "frame.length");
    assert_eq!(refused("client", &[0xff, 0xff, 0xff, 0xff, 0xff]), "frame.length");
    assert_eq!(refused("client", &[0x81]), "frame.length");
    assert_eq!(refused("client", &[3, 8, 1]), "frame.length");
}

#[test]
fn wi_14_malformed_fields() {
    let ping: &[u8] = &[0x08, 1, 0x6a, 0];
    assert_eq!(decoded("client", &framed(ping)), json!([{"request_id": 1, "ping": {}}]));
    for (bytes, why) in [
        (&[0x00, 1][..], "field number 0"),
        (&[0x0b], "a group begins"),
        (&[0x0c], "a group ends"),
        (&[0x0e, 0], "wire type 6"),
        (&[0x0a, 0], "another wire type than the schema's"),
        (&[0x08, 1, 0x08, 1], "given twice"),
        (&[0x6a, 0, 0x72, 0], "two members of the oneof"),
        (&[0x08, 0x80, 0], "not minimal"),
        (&[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2], "beyond 64 bits"),
        (&[0x08, 0x80, 0x80, 0x80, 0x80, 0x10], "uint32 above 2^32-1 (WI-16)"),
        (&[0x6a, 5, 0], "beyond the enclosing message"),
        (&[0x3a, 4, 0x12, 2, 0xc3, 0x28], "not UTF-8"),
    ] {
        assert_eq!(refused("client", &framed(bytes)), "frame.parse", "{why}");
    }
}

#[test]
fn wi_15_unknown_fields_and_bodies() {
    let with_unknown =
        [0x08, 1, 0x6a, 0, 0xfa, 0x3f, 2, 9, 9, 0xf5, 0x3f, 1, 2, 3, 4, 0xf1, 0x3f, 1, 2, 3, 4, 5, 6, 7, 8];
    assert_eq!(decoded("client", &framed(&with_unknown)), json!([{"request_id": 1, "ping": {}}]));
    assert_eq!(refused("client", &framed(&[0x08, 1])), "frame.type");
    assert_eq!(refused("client", &framed(&[0xfa, 0x3f, 0])), "frame.type");
}

#[test]
fn wi_16_to_wi_20_values() {
    let frame = |frame: Value| crate::common::hex(&ok("frame.encode", json!({"frame": frame}))["bytes"]);
    let refused = |from, value| refused(from, &frame(value));
    assert_eq!(refused("client", json!({"pull": {"after": "9007199254740992", "bytes_max": 1}})), "frame.parse");
    assert_eq!(refused("client", json!({"mailbox_cancel": {}})), "frame.parse", "WI-18, absent");
    assert_eq!(refused("client", json!({"mailbox_cancel": {"mailbox_id": "00"}})), "frame.parse");
    assert_eq!(refused("relay", json!({"page": {"has_more": true}})), "frame.parse", "WI-20");
    assert_eq!(refused("client", json!({"go_away": {"code": 7}})), "frame.parse", "WI-19");
    decoded("relay", &frame(json!({"go_away": {"code": 7}})));
    let envelope = json!({"envelope": {"nonce": "22".repeat(24), "signature": "44".repeat(64)}});
    decoded("client", &frame(json!({"push": {"items": vec![envelope.clone(); 256]}})));
    assert_eq!(refused("client", json!({"push": {"items": vec![envelope; 257]}})), "resource.limit", "WI-17");
}

#[test]
fn wi_05_wi_06_records() {
    let key = "07".repeat(32);
    let record = ok("record.seal", json!({"key": key, "n": "5", "plaintext": "aabb"}))["record"].clone();
    let opened = ok("record.open", json!({"key": key, "n": "5", "record": record}));
    assert_eq!(opened["plaintext"], "aabb");
    let refused =
        |n: &str, record: &str| class("record.open", json!({"key": key, "n": n, "record": record}), json!({}));
    let record = record.as_str().expect("text");
    assert_eq!(refused("6", record), "frame.parse");
    assert_eq!(refused("18446744073709551615", record), "handshake.order", "HS-09");
    assert_eq!(refused("5", &record[..record.len() - 2]), "frame.length", "WI-12");
    assert_eq!(refused("5", &format!("0010{}", "00".repeat(16))), "frame.parse");
}

#[test]
fn cl_02_cl_04_cl_08_segments() {
    let merge = |after: &str, segment: [&str; 4], cursors: &[&str], more: bool| {
        let [a, removed, next, head] = segment;
        json!({"after": after, "has_more": more,
            "segment": {"after": a, "removed_through": removed, "cursors": cursors, "next": next, "head": head}})
    };
    assert_eq!(ok("cursor.merge", merge("2", ["2", "2", "4", "9"], &["3", "4"], true)), json!({"after": "4"}));
    let expired = json!({"after": "5", "expired": {"from": "3", "to": "4"}});
    assert_eq!(ok("cursor.merge", merge("2", ["2", "4", "5", "5"], &["5"], false)), expired);
    for bad in [
        merge("1", ["2", "2", "4", "9"], &["3", "4"], true),
        merge("2", ["2", "2", "4", "9"], &["3"], true),
        merge("2", ["2", "2", "4", "9"], &["4", "3"], true),
        merge("2", ["2", "2", "4", "3"], &["3", "4"], false),
        merge("2", ["2", "2", "2", "9"], &[], true),
        merge("2", ["2", "1", "2", "9"], &[], false),
    ] {
        assert_eq!(class("cursor.merge", bad, json!({})), "cursor.gap");
    }
}
