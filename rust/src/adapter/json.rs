//! Messages of the schema as JSON objects with its names, and back.

use serde_json::{Map, Value as Json};

use super::answer::Failure;
use super::args::{hex, number};
use crate::hexadecimal;
use crate::wire::schema::{Kind, Presence, Schema};
use crate::wire::{Message, Value};

pub fn from_message(message: &Message) -> Json {
    let mut object = Map::new();
    for (field, value) in message.fields() {
        let json = match (value, field.kind) {
            (Value::Uint(value), Kind::Bool) => Json::Bool(*value != 0),
            (Value::Uint(value), Kind::Uint64) => Json::String(value.to_string()),
            (Value::Uint(value), _) => Json::from(*value),
            (Value::Bytes(bytes), _) => Json::String(hexadecimal::encode(bytes)),
            (Value::Text(text), _) => Json::String(text.clone()),
            (Value::Message(message), _) => from_message(message),
        };
        if field.presence == Presence::Repeated {
            let list = object.entry(field.name).or_insert_with(|| Json::Array(Vec::new()));
            if let Json::Array(items) = list {
                items.push(json);
            }
        } else {
            object.insert(field.name.to_owned(), json);
        }
    }
    Json::Object(object)
}

pub fn to_message(schema: &'static Schema, json: &Json) -> Result<Message, Failure> {
    let wrong = |name: &str| Failure::Error(format!("`{name}` is not what {} has", schema.name));
    let mut message = Message::new(schema);
    for (name, json) in json.as_object().ok_or_else(|| wrong("the value"))? {
        let field = schema.by_name(name).ok_or_else(|| wrong(name))?;
        let items = match field.presence {
            Presence::Repeated => json.as_array().ok_or_else(|| wrong(name))?.iter().collect(),
            _ => vec![json],
        };
        for item in items {
            let value = match field.kind {
                Kind::Bool => Value::Uint(item.as_bool().ok_or_else(|| wrong(name))?.into()),
                Kind::Uint32 | Kind::Uint64 | Kind::Enum(_) => Value::Uint(number(item, name)?),
                Kind::Bytes => Value::Bytes(hex(item, name)?),
                Kind::Text => Value::Text(item.as_str().ok_or_else(|| wrong(name))?.to_owned()),
                Kind::Message(schema) => Value::Message(to_message(schema, item)?),
            };
            message.put(field, value);
        }
    }
    Ok(message)
}
