//! Members of a request: missing or of the wrong JSON type is `error`.

use serde_json::{Map, Value};

use super::answer::Failure;
use crate::error::{Class, Reject};
use crate::hexadecimal;

type Result<T> = std::result::Result<T, Failure>;

pub struct Args<'a>(&'a Map<String, Value>);

fn wrong(name: &str, expected: &str) -> Failure {
    Failure::Error(format!("`{name}` is not {expected}"))
}

/// A u64 as a decimal string; a number is taken too.
pub fn number(value: &Value, name: &str) -> Result<u64> {
    let parsed = match value {
        Value::String(text) if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
        Value::Number(number) => number.as_u64(),
        _ => None,
    };
    parsed.ok_or_else(|| wrong(name, "a whole number"))
}

pub fn hex(value: &Value, name: &str) -> Result<Vec<u8>> {
    value.as_str().and_then(hexadecimal::decode).ok_or_else(|| wrong(name, "hexadecimal"))
}

impl<'a> Args<'a> {
    pub fn of(value: &'a Value) -> Result<Self> {
        value.as_object().map(Args).ok_or_else(|| wrong("the value", "an object"))
    }

    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name)
    }

    fn value(&self, name: &str) -> Result<&'a Value> {
        self.get(name).ok_or_else(|| Failure::Error(format!("`{name}` is missing")))
    }

    pub fn object(&self, name: &str) -> Result<Args<'a>> {
        self.value(name)?.as_object().map(Args).ok_or_else(|| wrong(name, "an object"))
    }

    pub fn object_if(&self, name: &str) -> Result<Option<Args<'a>>> {
        self.get(name).map(|_| self.object(name)).transpose()
    }

    pub fn text(&self, name: &str) -> Result<&'a str> {
        self.value(name)?.as_str().ok_or_else(|| wrong(name, "text"))
    }

    pub fn text_if(&self, name: &str) -> Result<Option<&'a str>> {
        self.get(name).map(|_| self.text(name)).transpose()
    }

    pub fn list(&self, name: &str) -> Result<&'a [Value]> {
        self.value(name)?.as_array().map(Vec::as_slice).ok_or_else(|| wrong(name, "a list"))
    }

    pub fn bytes_list(&self, name: &str) -> Result<Vec<Vec<u8>>> {
        self.list(name)?.iter().map(|value| hex(value, name)).collect()
    }

    pub fn bytes(&self, name: &str) -> Result<Vec<u8>> {
        hex(self.value(name)?, name)
    }

    pub fn array<const N: usize>(&self, name: &str) -> Result<[u8; N]> {
        self.bytes(name)?.try_into().map_err(|_| wrong(name, &format!("{N} bytes")))
    }

    /// Reads exactly N bytes; any other length is a `reject` with the class.
    pub fn array_or<const N: usize>(&self, name: &str, class: Class) -> Result<[u8; N]> {
        let bytes = self.bytes(name)?;
        bytes.try_into().map_err(|_| Reject::new(class, format!("{name} has the wrong length")).into())
    }

    pub fn array_if<const N: usize>(&self, name: &str) -> Result<Option<[u8; N]>> {
        self.get(name).map(|_| self.array(name)).transpose()
    }

    pub fn u64(&self, name: &str) -> Result<u64> {
        number(self.value(name)?, name)
    }

    pub fn u64_if(&self, name: &str) -> Result<Option<u64>> {
        self.get(name).map(|value| number(value, name)).transpose()
    }

    pub fn u32(&self, name: &str) -> Result<u32> {
        u32::try_from(self.u64(name)?).map_err(|_| wrong(name, "below 2^32"))
    }

    pub fn bool_if(&self, name: &str) -> Result<bool> {
        self.get(name).map_or(Ok(false), |value| value.as_bool().ok_or_else(|| wrong(name, "true or false")))
    }
}
