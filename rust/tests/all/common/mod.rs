//! Files of the repository and ops of the adapter.

pub mod relay;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use zerok_sync::adapter::answer::Failure;
use zerok_sync::adapter::eval;

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub fn read(path: &str) -> Value {
    let path = repository().join(path);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

pub fn ok(op: &str, input: Value) -> Value {
    eval(&json!({"op": op, "in": input})).unwrap_or_else(|failure| panic!("{op}: {failure:?}"))
}

pub fn with_draws(op: &str, input: Value, draws: Value) -> Value {
    eval(&json!({"op": op, "in": input, "draws": draws})).unwrap_or_else(|failure| panic!("{op}: {failure:?}"))
}

/// The class with which it is refused.
pub fn class(op: &str, input: Value, draws: Value) -> &'static str {
    match eval(&json!({"op": op, "in": input, "draws": draws, "now_ms": "0"})) {
        Err(Failure::Reject(reject)) => reject.class.as_str(),
        other => panic!("{op} is not refused: {other:?}"),
    }
}

pub fn hex(value: &Value) -> Vec<u8> {
    zerok_sync::hexadecimal::decode(value.as_str().expect("text")).expect("hexadecimal")
}
