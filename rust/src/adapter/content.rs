//! A content of zkcp.md as a plaintext, and back.

use serde_json::{Value as Json, json};

use super::answer::Failure;
use super::args::Args;
use super::json::from_message;
use crate::envelope::Content;
use crate::error::{Class, Reject};
use crate::hexadecimal::encode;
use crate::wire::tables::{MEMBER_ANNOUNCEMENT, MEMBER_RECORD, MESSAGE, SEQUENCE_RANGE};
use crate::wire::{Message, Origin, decode};

pub fn parse(content: &Args) -> Result<Content, Failure> {
    if let Some(message) = content.object_if("message")? {
        return parse_message(&message).map(Content::Message);
    }
    let announcement = content.object("announcement")?;
    let record = decode(&MEMBER_RECORD, &announcement.bytes("record")?, Origin::Client)
        .map_err(|error| Reject::new(Class::EnvelopeParse, error.detail))?;
    let message = Message::new(&MEMBER_ANNOUNCEMENT).with("name", announcement.text("name")?).with("record", record);
    Ok(Content::Announcement(message))
}

fn parse_message(input: &Args) -> Result<Message, Failure> {
    let mut message =
        Message::new(&MESSAGE).with("id", input.bytes("id")?).with("sent_at_ms", input.u64("sent_at_ms")?);
    message = match input.text_if("text")? {
        Some(text) => message.with("text", text),
        None => message.with("data", input.bytes("data")?),
    };
    if let Some(metadata) = input.text_if("metadata")? {
        message = message.with("metadata", metadata);
    }
    if let Some(topic) = input.text_if("topic")? {
        message = message.with("topic", topic);
    }
    if input.get("skipped").is_some() {
        let mut ranges = Vec::new();
        for range in input.list("skipped")? {
            let range = Args::of(range)?;
            let (from, to) = (range.u64("from")?, range.u64("to")?);
            ranges.push(Message::new(&SEQUENCE_RANGE).with("from", from).with("to", to));
        }
        message = message.with_all("skipped", ranges.into_iter());
    }
    Ok(message)
}

pub fn to_json(content: &Content) -> Json {
    match content {
        Content::Message(message) => {
            let mut json = from_message(message);
            json["sent_at_ms"] = message.uint("sent_at_ms").to_string().into();
            json!({"message": json})
        }
        Content::Announcement(announcement) => {
            let record = announcement.message("record").map(|record| encode(&record.encode())).unwrap_or_default();
            json!({"announcement": {"name": announcement.text("name"), "record": record}})
        }
    }
}
