//! The adapter as a process: bad lines and bad input leave it usable.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

#[test]
fn answers_every_request_and_ends_with_its_input() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_zerok-sync-adapter"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the adapter starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut ask = |request: Value| -> Value {
        writeln!(stdin, "{request}").expect("written");
        serde_json::from_str(&lines.next().expect("a line").expect("text")).expect("JSON")
    };
    let hello = ask(json!({"id": 1, "cmd": "hello", "protocol": 1}));
    let ops: Vec<String> = hello["ok"]["capabilities"].as_object().expect("an object").keys().cloned().collect();
    let hostile = [
        json!({}),
        json!(null),
        json!({"key": "", "nonce": "zz", "bytes": "0", "text": "", "link": "\u{0}", "len": "18446744073709551615"}),
        json!({"ikm": "", "salt": "", "info": "", "len": 100000000000u64, "bytes": "ffffffffffff", "from": "relay"}),
        json!({"after": "18446744073709551615", "segment": {"after": "18446744073709551615",
            "removed_through": "18446744073709551615", "cursors": ["0"], "next": "18446744073709551615", "head": "18446744073709551615"}}),
        json!({"password": "", "salt": "0102030405060708", "m_kib": 19456, "t": 2, "p": 1, "len": "18446744073709551615"}),
        json!({"text": "\u{e4}".repeat(26)}),
    ];
    let mut id = 1;
    for op in &ops {
        for input in &hostile {
            id += 1;
            let answer = ask(json!({"id": id, "cmd": "eval", "op": op, "in": input, "draws": {}}));
            assert_eq!(answer["id"], id, "{op} {input}");
            assert_eq!(answer.as_object().expect("an object").len(), 2, "{op} {input}: {answer}");
        }
    }
    for (op, input) in wrong_lengths() {
        let answer = ask(json!({"id": 1, "cmd": "eval", "op": op, "in": input, "draws": {}}));
        assert!(answer["error"].is_object(), "{op}: a member of another length is an error, not {answer}");
    }
    assert_eq!(ask(json!({"id": 0, "cmd": "ping", "nonce": "x"}))["ok"]["nonce"], "x");
    assert_eq!(ask(json!({"id": 0, "cmd": "open", "role": "relay"}))["unsupported"]["what"], "the role relay");
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
}

/// One member of each input has another length than zkcp.md gives.
fn wrong_lengths() -> Vec<(&'static str, Value)> {
    let zeros = |bytes: usize| "00".repeat(bytes);
    vec![
        (
            "aead.xchacha20poly1305.open",
            json!({"key": zeros(31), "nonce": zeros(24), "ad": "", "ciphertext": zeros(16)}),
        ),
        (
            "aead.xchacha20poly1305.open",
            json!({"key": zeros(32), "nonce": zeros(23), "ad": "", "ciphertext": zeros(16)}),
        ),
        ("kem.mlkem768.decaps", json!({"dz": zeros(63), "ct": zeros(1088)})),
        ("record.open", json!({"key": zeros(31), "n": "0", "record": zeros(19)})),
        ("preface.parse", json!({"bytes": "304b01"})),
        ("member.verify", json!({"record": "", "group_id": zeros(31), "auth_key": zeros(32)})),
        ("envelope.open", json!({"envelope": "", "group_id": zeros(31), "epochs": [], "members": []})),
    ]
}
