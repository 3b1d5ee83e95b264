//! The strict wire walk. WI-13 to WI-20.

use super::message::{Message, Value};
use super::schema::{Field, Kind, Presence, Rule, Schema};
use super::varint;
use crate::error::{Class, Reject, Result, ensure};
use crate::limits::SAFE_INTEGER_MAX;

/// Whose frame it is: enum values that the schema does not name are refused in what a client sends. WI-19.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Client,
    Relay,
}

const DEPTH_MAX: usize = 8;

/// The message, or the class of WI-13 to WI-20.
pub fn decode(schema: &'static Schema, bytes: &[u8], origin: Origin) -> Result<Message> {
    Walk { origin, unknown: false }.message(schema, bytes, 0)
}

/// Decodes a message that is sealed or signed as its exact bytes, which must be canonical. OV-04.
pub fn decode_canonical(schema: &'static Schema, bytes: &[u8]) -> Result<Message> {
    let mut walk = Walk { origin: Origin::Client, unknown: false };
    let message = walk.message(schema, bytes, 0)?;
    let canonical = !walk.unknown && message.encode() == bytes;
    ensure(canonical, Class::FrameParse, "the message is not canonical")?;
    Ok(message)
}

struct Walk {
    origin: Origin,
    /// An unknown field was seen.
    unknown: bool,
}

fn bad(detail: &str) -> Reject {
    Reject::new(Class::FrameParse, detail)
}

impl Walk {
    fn message(&mut self, schema: &'static Schema, bytes: &[u8], depth: usize) -> Result<Message> {
        ensure(depth <= DEPTH_MAX, Class::FrameParse, "messages are nested too deeply")?;
        let mut input = Input { bytes };
        let mut message = Message::new(schema);
        let mut seen = Vec::with_capacity(schema.fields.len());
        while !input.bytes.is_empty() {
            let key = input.varint()?;
            let number = u32::try_from(key >> 3).ok().filter(|&number| number < 1 << 29);
            let number = number.filter(|&number| number != 0).ok_or_else(|| bad("a field number is out of range"))?;
            let wire_type = key & 7;
            let Some(field) = schema.by_number(number) else {
                self.unknown = true;
                input.skip(wire_type)?;
                continue;
            };
            check_repetition(schema, field, &seen)?;
            seen.push(number);
            let value = self.value(field, wire_type, &mut input, depth)?;
            message.put(field, value);
        }
        for field in schema.fields {
            let absent = !seen.contains(&field.number);
            let required = field.presence == Presence::Required || matches!(field.rule, Rule::Exact(_));
            let optional = matches!(field.presence, Presence::Member | Presence::Repeated);
            ensure(!absent || !required || optional, Class::FrameParse, "a field that must be given is absent")?;
        }
        Ok(message)
    }

    fn value(&mut self, field: &Field, wire_type: u64, input: &mut Input, depth: usize) -> Result<Value> {
        let expected = match field.kind {
            Kind::Bytes | Kind::Text | Kind::Message(_) => 2,
            _ => 0,
        };
        ensure(wire_type == expected, Class::FrameParse, "a field has another wire type")?;
        if expected == 0 {
            let value = input.varint()?;
            self.check_number(field, value)?;
            return Ok(Value::Uint(value));
        }
        let bytes = input.delimited()?;
        check_length(field, bytes.len())?;
        Ok(match field.kind {
            Kind::Text => Value::Text(String::from_utf8(bytes.to_vec()).map_err(|_| bad("a string is not UTF-8"))?),
            Kind::Message(schema) => Value::Message(self.message(schema, bytes, depth + 1)?),
            _ => Value::Bytes(bytes.to_vec()),
        })
    }

    fn check_number(&self, field: &Field, value: u64) -> Result<()> {
        let max = match field.kind {
            Kind::Bool => 1,
            Kind::Uint64 => SAFE_INTEGER_MAX,
            _ => u64::from(u32::MAX),
        };
        ensure(value <= max, Class::FrameParse, "a number is out of range")?;
        match field.kind {
            Kind::Enum(values) if self.origin == Origin::Client => {
                ensure(values.contains(&value), Class::FrameParse, "an enum has a value without a name")
            }
            _ => Ok(()),
        }
    }
}

fn check_repetition(schema: &Schema, field: &Field, seen: &[u32]) -> Result<()> {
    let count = seen.iter().filter(|&&number| number == field.number).count();
    if let Rule::Items(max) = field.rule {
        return ensure(count < max, Class::ResourceLimit, "a list has too many items");
    }
    let member = |number: &u32| schema.by_number(*number).is_some_and(|f| f.presence == Presence::Member);
    let second = count > 0 && field.presence != Presence::Repeated
        || field.presence == Presence::Member && seen.iter().any(member);
    ensure(!second, Class::FrameParse, "a field is given twice")
}

fn check_length(field: &Field, length: usize) -> Result<()> {
    let fits = match field.rule {
        Rule::Exact(exact) => length == exact,
        Rule::ExactOrEmpty(exact) => length == exact || length == 0,
        Rule::Max(max) => length <= max,
        Rule::Any | Rule::Items(_) => true,
    };
    ensure(fits, Class::FrameParse, "a field has the wrong length")
}

struct Input<'a> {
    bytes: &'a [u8],
}

impl<'a> Input<'a> {
    fn take(&mut self, length: u64) -> Result<&'a [u8]> {
        let length = usize::try_from(length).map_err(|_| bad("a length is out of range"))?;
        let (taken, rest) =
            self.bytes.split_at_checked(length).ok_or_else(|| bad("a field ends beyond its message"))?;
        self.bytes = rest;
        Ok(taken)
    }

    fn varint(&mut self) -> Result<u64> {
        let (value, length) = varint::read(self.bytes, 10).map_err(|_| bad("a varint is malformed"))?;
        self.take(length as u64)?;
        Ok(value)
    }

    fn delimited(&mut self) -> Result<&'a [u8]> {
        let length = self.varint()?;
        self.take(length)
    }

    /// WI-14, WI-15: unknown fields are walked, groups and reserved wire types refused.
    fn skip(&mut self, wire_type: u64) -> Result<()> {
        match wire_type {
            0 => self.varint().map(drop),
            1 => self.take(8).map(drop),
            2 => self.delimited().map(drop),
            5 => self.take(4).map(drop),
            _ => Err(bad("a wire type is not allowed")),
        }
    }
}
