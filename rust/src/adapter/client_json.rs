//! The words of a client's session, as JSON of zkcp.md.

use serde_json::{Value, json};

use crate::client::{Body, Completeness, Delivered, Event, Expiring, Output, Retention, Status};
use crate::hexadecimal::encode;

pub fn output(output: Output) -> Value {
    match output {
        Output::Connected { node_id, version, handshake_hash } => {
            json!({"node_id": encode(&node_id), "version": version, "handshake_hash": encode(&handshake_hash)})
        }
        Output::Pushed { id, stored: None } => json!({"id": encode(&id)}),
        Output::Pushed { id, stored: Some(stored) } => {
            json!({"id": encode(&id), "cursor": stored.cursor.to_string(), "durable": stored.durable})
        }
        Output::Synced { cursor, unsynced } => json!({"cursor": cursor.to_string(), "unsynced": unsynced}),
        _ => json!({}),
    }
}

pub fn status(status: &Status) -> Value {
    let mut json = json!({"connected": status.connected, "unsynced": status.unsynced});
    let refused = status.refused.iter().map(|(id, code)| json!({"id": encode(id), "code": code}));
    let refused: Vec<Value> = refused.collect();
    if !refused.is_empty() {
        json["refused"] = refused.into();
    }
    if let Some(Retention { expires_after, bytes_max }) = status.retention {
        let age = expires_after.map(|age| ("expires_after_ms".to_string(), json!(age.as_millis() as u64)));
        let bytes = bytes_max.map(|bytes| ("bytes_max".to_string(), json!(bytes.to_string())));
        json["retention"] = Value::Object(age.into_iter().chain(bytes).collect());
    }
    json
}

pub fn message(delivered: &Delivered) -> Value {
    let mut json = content(&delivered.body);
    json["sender"] = encode(&delivered.sender).into();
    json["id"] = encode(&delivered.id).into();
    json["cursor"] = delivered.cursor.to_string().into();
    json
}

pub fn content(body: &Body) -> Value {
    match body {
        Body::Text(text) => json!({"text": text}),
        Body::Data(data) => json!({"data": encode(data)}),
    }
}

pub fn completeness(Completeness { missing, expired }: &Completeness) -> Value {
    let stretch = |name: &str, key: String, (from, to): &(u64, u64)| json!({name: key, "from": from.to_string(), "to": to.to_string()});
    let missing =
        missing.iter().flat_map(|(sender, ranges)| ranges.iter().map(|range| stretch("sender", encode(sender), range)));
    let expired =
        expired.iter().flat_map(|(relay, ranges)| ranges.iter().map(|range| stretch("relay", relay.clone(), range)));
    json!({"missing": missing.collect::<Vec<_>>(), "expired": expired.collect::<Vec<_>>()})
}

pub fn event(event: &Event) -> Value {
    match event {
        Event::Rejected { class, cursor } => {
            let mut json = json!({"type": "rejected", "class": class.as_str()});
            if let Some(cursor) = cursor {
                json["cursor"] = cursor.to_string().into();
            }
            json
        }
        Event::Gap { sender, from, to } => {
            json!({"type": "gap", "sender": encode(sender), "from": from.to_string(), "to": to.to_string()})
        }
        Event::Fork { sender, sequence } => {
            json!({"type": "fork", "sender": encode(sender), "sequence": sequence.to_string()})
        }
        Event::RolledBack => json!({"type": "rolled-back"}),
        Event::Expired { relay, sender, from, to } => {
            let mut json = json!({"type": "expired", "relay": relay, "from": from.to_string(), "to": to.to_string()});
            if let Some(sender) = sender {
                json["sender"] = encode(sender).into();
            }
            json
        }
        Event::Expiring { relay, what, at_ms } => {
            let what = if *what == Expiring::Unread { "unread" } else { "history" };
            json!({"type": "expiring", "relay": relay, "what": what, "at": at_ms})
        }
        Event::Withheld { relay, sender, from, to } => {
            let (from, to) = (from.to_string(), to.to_string());
            json!({"type": "withheld", "relay": relay, "sender": encode(sender), "from": from, "to": to})
        }
        Event::RelayKeyChanged { before, after } => {
            json!({"type": "relay-key-changed", "before": before, "after": after})
        }
        Event::Refused { code } => json!({"type": "refused", "code": code}),
        Event::MemberJoined { device, name } => {
            json!({"type": "member-joined", "device": encode(device), "name": name})
        }
        Event::Disconnected { code, class, .. } => {
            let mut json = json!({"type": "disconnected"});
            if let Some(code) = code {
                json["code"] = (*code).into();
            }
            if let Some(class) = class {
                json["class"] = class.as_str().into();
            }
            json
        }
    }
}
