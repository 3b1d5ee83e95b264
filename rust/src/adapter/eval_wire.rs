//! `eval`: frames, records, preface, cursors.

use serde_json::{Value, json};

use super::answer::{Answer, Failure};
use super::args::{Args, number};
use super::json::{from_message, to_message};
use crate::cursor::{Segment, merge};
use crate::hexadecimal::encode;
use crate::record::{self, Cipher, parse_preface};
use crate::wire::tables::FRAME;
use crate::wire::{Origin, frames};

pub fn eval(op: &str, input: &Args) -> Option<Answer> {
    Some(match op {
        "frame.encode" => frame_encode(input),
        "frame.decode" => frame_decode(input),
        "record.seal" => record_seal(input),
        "record.open" => record_open(input),
        "preface.parse" => preface(input),
        "cursor.merge" => cursor_merge(input),
        _ => return None,
    })
}

fn frame_encode(input: &Args) -> Answer {
    let frame = input.get("frame").ok_or_else(|| Failure::Error("`frame` is missing".into()))?;
    Ok(json!({"bytes": encode(&frames::encode(&to_message(&FRAME, frame)?))}))
}

fn frame_decode(input: &Args) -> Answer {
    let origin = match input.text("from")? {
        "client" => Origin::Client,
        "relay" => Origin::Relay,
        _ => return Err(Failure::Error("`from` is neither client nor relay".into())),
    };
    let frames = frames::decode_all(&input.bytes("bytes")?, origin)?;
    Ok(json!({"frames": frames.iter().map(from_message).collect::<Vec<_>>()}))
}

fn record_seal(input: &Args) -> Answer {
    let record = Cipher::at(input.array("key")?, input.u64("n")?).seal(&input.bytes("plaintext")?)?;
    Ok(json!({"record": encode(&record)}))
}

fn record_open(input: &Args) -> Answer {
    let (key, record) = (input.array("key")?, input.bytes("record")?);
    let ciphertext = record::split(&record)?;
    let plaintext = Cipher::at(key, input.u64("n")?).open(ciphertext)?;
    Ok(json!({"plaintext": encode(&plaintext)}))
}

fn preface(input: &Args) -> Answer {
    let (version, kind) = parse_preface(&input.array::<4>("bytes")?)?;
    Ok(json!({"version": version, "kind": kind}))
}

fn cursor_merge(input: &Args) -> Answer {
    let segment = input.object("segment")?;
    let cursors: Vec<u64> =
        segment.list("cursors")?.iter().map(|value: &Value| number(value, "cursors")).collect::<Result<_, _>>()?;
    let segment = Segment {
        after: segment.u64("after")?,
        removed_through: segment.u64("removed_through")?,
        cursors: &cursors,
        next: segment.u64("next")?,
        head: segment.u64("head")?,
    };
    let moved = merge(input.u64("after")?, &segment, input.bool_if("has_more")?)?;
    let mut output = json!({"after": moved.after.to_string()});
    if let Some((from, to)) = moved.expired {
        output["expired"] = json!({"from": from.to_string(), "to": to.to_string()});
    }
    Ok(output)
}
