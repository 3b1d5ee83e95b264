//! ZKCP/1 (conformance/zkcp.md) on standard input and output.

pub mod answer;
mod args;
mod client_json;
mod content;
mod eval_envelope;
mod eval_handshake;
mod eval_keys;
mod eval_pairing;
mod eval_wire;
mod json;
mod role_client;
mod serve;

use serde_json::Value;

use answer::{Answer, Failure};
use args::Args;

use crate::error::Reject;
pub use serve::serve;

/// Ops that this implementation has.
pub const OPS: &[&str] = &[
    "hash.blake3",
    "kdf.hkdf-sha256",
    "kdf.argon2id",
    "aead.xchacha20poly1305.seal",
    "aead.xchacha20poly1305.open",
    "kem.mlkem768.keygen",
    "kem.mlkem768.encaps",
    "kem.mlkem768.decaps",
    "kem.xwing.keygen",
    "sig.ed25519.verify",
    "dh.x25519",
    "nodeid.parse",
    "relay.parse",
    "padme.pad",
    "kdf.group",
    "kdf.device",
    "kdf.claim",
    "kdf.relay",
    "member.make",
    "member.verify",
    "hello.make",
    "hello.verify",
    "hs.transcript",
    "hs.initiator",
    "hs.responder",
    "frame.encode",
    "frame.decode",
    "record.seal",
    "record.open",
    "preface.parse",
    "envelope.seal",
    "envelope.open",
    "envelope.hash",
    "chain.verify",
    "cursor.merge",
    "invite.make",
    "invite.parse",
    "passphrase.new",
    "welcome.seal",
    "welcome.open",
];

/// The op's output. `draws` and `now_ms` stand beside `in`.
pub fn eval(request: &Value) -> Answer {
    let request = Args::of(request)?;
    let op = request.text("op")?;
    let input = request.object("in")?;
    let answer = eval_keys::eval(op, &input)
        .or_else(|| eval_handshake::eval(op, &input, &request))
        .or_else(|| eval_wire::eval(op, &input))
        .or_else(|| eval_envelope::eval(op, &input, &request))
        .or_else(|| eval_pairing::eval(op, &input, &request));
    let answer = answer.unwrap_or_else(|| Err(Failure::Unsupported(op.to_owned())));
    // A pure function sends nothing, so its refusals have no wire number.
    answer.map_err(|failure| match failure {
        Failure::Reject(reject) => Failure::Reject(Reject { code: None, ..reject }),
        other => other,
    })
}
