//! A decoded message: the fields that are present, by the schema's names.

use super::schema::{Field, Kind, Presence, Schema};
use super::varint;

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Uint(u64),
    Bytes(Vec<u8>),
    Text(String),
    Message(Message),
}

/// Scalars with their default value are absent unless their presence is explicit.
#[derive(Clone)]
pub struct Message {
    pub schema: &'static Schema,
    fields: Vec<(&'static Field, Value)>,
}

impl std::fmt::Debug for Message {
    /// Names only: values may be secret. GR-11.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<_> = self.fields.iter().map(|(field, _)| field.name).collect();
        write!(formatter, "{}{names:?}", self.schema.name)
    }
}

impl PartialEq for Message {
    fn eq(&self, other: &Self) -> bool {
        self.schema.name == other.schema.name && self.encode() == other.encode()
    }
}

impl Message {
    pub fn new(schema: &'static Schema) -> Self {
        Message { schema, fields: Vec::new() }
    }

    /// Adds a field; the name is one of the schema's.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        if let Some(field) = self.schema.by_name(name) {
            self.put(field, value.into());
        } else {
            debug_assert!(false, "{} has no field {name}", self.schema.name);
        }
        self
    }

    /// Adds every item of a repeated field.
    pub fn with_all<V: Into<Value>>(self, name: &str, values: impl IntoIterator<Item = V>) -> Self {
        values.into_iter().fold(self, |message, value| message.with(name, value))
    }

    pub fn put(&mut self, field: &'static Field, value: Value) {
        if field.presence == Presence::Implicit && value.is_default() {
            return;
        }
        let at = self.fields.partition_point(|(known, _)| known.number <= field.number);
        self.fields.insert(at, (field, value));
    }

    pub fn fields(&self) -> impl Iterator<Item = &(&'static Field, Value)> {
        self.fields.iter()
    }

    /// All values of a field, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Value> {
        self.fields.iter().filter(move |(field, _)| field.name == name).map(|(_, value)| value)
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(field, _)| field.name == name).map(|(_, value)| value)
    }

    /// 0 when absent.
    pub fn uint(&self, name: &str) -> u64 {
        match self.get(name) {
            Some(Value::Uint(value)) => *value,
            _ => 0,
        }
    }

    /// Empty when absent.
    pub fn bytes(&self, name: &str) -> &[u8] {
        match self.get(name) {
            Some(Value::Bytes(bytes)) => bytes,
            _ => &[],
        }
    }

    /// A field that the walk has seen to have exactly N bytes; zeros for one that is empty.
    pub fn array<const N: usize>(&self, name: &str) -> [u8; N] {
        self.bytes(name).try_into().unwrap_or([0; N])
    }

    pub fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    pub fn message(&self, name: &str) -> Option<&Message> {
        match self.get(name) {
            Some(Value::Message(message)) => Some(message),
            _ => None,
        }
    }

    pub fn messages<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Message> {
        self.all(name).filter_map(|value| match value {
            Value::Message(message) => Some(message),
            _ => None,
        })
    }

    /// The member of the oneof that is present.
    pub fn member(&self) -> Option<(&'static str, &Value)> {
        self.fields
            .iter()
            .find(|(field, _)| field.presence == Presence::Member)
            .map(|(field, value)| (field.name, value))
    }

    /// Canonical bytes: ascending, minimal, defaults left out. OV-04.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for (field, value) in &self.fields {
            let wire_type = match field.kind {
                Kind::Bytes | Kind::Text | Kind::Message(_) => 2,
                _ => 0,
            };
            varint::write(u64::from(field.number) << 3 | wire_type, &mut out);
            match value {
                Value::Uint(value) => varint::write(*value, &mut out),
                Value::Bytes(bytes) => write_bytes(bytes, &mut out),
                Value::Text(text) => write_bytes(text.as_bytes(), &mut out),
                Value::Message(message) => write_bytes(&message.encode(), &mut out),
            }
        }
        out
    }
}

fn write_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    varint::write(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

impl Value {
    fn is_default(&self) -> bool {
        match self {
            Value::Uint(value) => *value == 0,
            Value::Bytes(bytes) => bytes.is_empty(),
            Value::Text(text) => text.is_empty(),
            Value::Message(_) => false,
        }
    }
}

macro_rules! from {
    ($($type:ty => $convert:expr,)*) => {
        $(impl From<$type> for Value {
            fn from(value: $type) -> Self {
                $convert(value)
            }
        })*
    };
}

from! {
    u64 => Value::Uint,
    u32 => |value| Value::Uint(u64::from(value)),
    bool => |value| Value::Uint(u64::from(value)),
    Vec<u8> => Value::Bytes,
    &[u8] => |value: &[u8]| Value::Bytes(value.to_vec()),
    String => Value::Text,
    &str => |value: &str| Value::Text(value.to_owned()),
    Message => Value::Message,
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Self {
        Value::Bytes(bytes.to_vec())
    }
}
