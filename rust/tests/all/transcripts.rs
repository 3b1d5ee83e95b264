//! The generated transcripts, message by message and end by end.

use crate::common::{class, ok, read, with_draws};
use serde_json::{Value, json};

fn party(draws: &Value, role: &str) -> Value {
    let party = &draws[role];
    let mut keys = party.clone();
    for key in ["s", "e"] {
        if let (Some(d), Some(z)) = (party[format!("{key}_mlkem_d")].as_str(), party[format!("{key}_mlkem_z")].as_str())
        {
            keys[format!("{key}_mlkem")] = format!("{d}{z}").into();
        }
    }
    keys
}

fn column(list: &Value, name: &str) -> Vec<Value> {
    list.as_array().expect("a list").iter().map(|item| item[name].clone()).collect()
}

fn from(messages: &Value, role: &str) -> Vec<Value> {
    let messages = messages.as_array().expect("a list").iter();
    messages.filter(|message| message["from"] == role).map(|message| message["message"].clone()).collect()
}

#[test]
fn hs_02_transcripts_are_reproduced() {
    for suite in ["classical", "hybrid"] {
        let file = read(&format!("generated/transcripts/{suite}.json"));
        let output = ok(
            "hs.transcript",
            json!({
                "suite": file["protocol_name"], "prologue": file["prologue"],
                "initiator": party(&file["draws"], "initiator"), "responder": party(&file["draws"], "responder"),
                "payloads": column(&file["messages"], "payload"), "transport": column(&file["transport"], "payload"),
            }),
        );
        assert_eq!(output["messages"], json!(column(&file["messages"], "message")), "{suite}");
        assert_eq!(output["transport"], json!(column(&file["transport"], "ciphertext")), "{suite}");
        for name in ["handshake_hash", "k_initiator_to_responder", "k_responder_to_initiator"] {
            assert_eq!(output[name], file[name], "{suite} {name}");
        }
    }
}

fn end(file: &Value, role: &str, version: u32, receive: Value) -> (Value, Value) {
    let keys = party(&file["draws"], role);
    let mut input = json!({"version": version, "s_x25519": keys["s_x25519"], "receive": receive});
    if version == 2 {
        input["s_mlkem"] = keys["s_mlkem"].clone();
    }
    (input, keys)
}

#[test]
fn each_end_alone_writes_the_same() {
    for (suite, version) in [("classical", 1), ("hybrid", 2)] {
        let file = read(&format!("generated/transcripts/{suite}.json"));
        for (role, other) in [("initiator", "responder"), ("responder", "initiator")] {
            let (input, draws) = end(&file, role, version, json!(from(&file["messages"], other)));
            let output = with_draws(&format!("hs.{role}"), input, draws);
            assert_eq!(output["send"], json!(from(&file["messages"], role)), "{suite} {role}");
            assert_eq!(output["handshake_hash"], file["handshake_hash"]);
            assert_eq!(output["k_send"], file[format!("k_{role}_to_{other}")]);
            assert_eq!(output["k_receive"], file[format!("k_{other}_to_{role}")]);
        }
    }
}

fn changed(message: &Value, change: impl FnOnce(&mut Vec<u8>)) -> Value {
    let mut bytes = crate::common::hex(message);
    change(&mut bytes);
    zerok_sync::hexadecimal::encode(&bytes).into()
}

#[test]
fn bad_messages_are_refused_with_their_class() {
    let file = read("generated/transcripts/hybrid.json");
    let refused = |role: &str, messages: Vec<Value>| {
        let (input, draws) = end(&file, role, 2, json!(messages));
        class(&format!("hs.{role}"), input, draws)
    };
    let (to_initiator, to_responder) = (from(&file["messages"], "responder"), from(&file["messages"], "initiator"));
    let cut = |message: &Value| changed(message, |bytes| bytes.truncate(bytes.len() - 1));
    let flip = |message: &Value, at: usize| changed(message, |bytes| bytes[at] ^= 1);
    // HS-04
    assert_eq!(refused("initiator", vec![cut(&to_initiator[0])]), "handshake.parse");
    assert_eq!(refused("responder", vec![json!("")]), "handshake.parse");
    // HS-08
    assert_eq!(refused("initiator", vec![]), "handshake.order");
    assert_eq!(refused("initiator", vec![to_initiator[0].clone()]), "handshake.order");
    let three = [to_initiator.clone(), vec![to_initiator[1].clone()]].concat();
    assert_eq!(refused("initiator", three), "handshake.order");
    // HS-03, HS-07: a changed ciphertext of ekem shows as a tag.
    for at in [0, 1090, 2310, 3567] {
        assert_eq!(refused("initiator", vec![flip(&to_initiator[0], at)]), "handshake.auth", "{at}");
    }
    assert_eq!(refused("responder", vec![to_responder[0].clone(), flip(&to_responder[1], 5)]), "handshake.auth");
    // HS-05: an ephemeral key of small order.
    let zero = changed(&to_responder[0], |bytes| bytes[..32].fill(0));
    assert_eq!(refused("responder", vec![zero]), "handshake.auth");
    // HS-06: also the key that nobody encapsulates to.
    let unreduced = |message: &Value, at: usize| changed(message, |bytes| bytes[at..at + 3].fill(0xff));
    assert_eq!(refused("responder", vec![unreduced(&to_responder[0], 32)]), "handshake.kem");
    assert_eq!(refused("initiator", vec![unreduced(&to_initiator[0], 1088 + 32)]), "handshake.kem");
}

#[test]
fn hs_12_hs_13_pins_are_checked() {
    let file = read("generated/transcripts/hybrid.json");
    let (mut input, draws) = end(&file, "initiator", 2, json!(from(&file["messages"], "responder")));
    let shown = with_draws("hs.initiator", input.clone(), draws.clone());
    input["pin"] = json!({"node_id": shown["node_id"], "kem_hash": shown["kem_hash"]});
    with_draws("hs.initiator", input.clone(), draws.clone());
    for name in ["node_id", "kem_hash"] {
        let mut other = input.clone();
        other["pin"][name] = "00".repeat(32).into();
        assert_eq!(class("hs.initiator", other, draws.clone()), "handshake.identity");
    }
    input["version"] = 1.into();
    assert_eq!(class("hs.initiator", input, draws), "handshake.downgrade");
}

#[test]
fn noise_vectors_of_others() {
    {
        let file = read("spec/vectors/noise/XX_25519_ChaChaPoly_BLAKE2s.json");
        for vector in file["vectors"].as_array().expect("a list") {
            let messages = &vector["messages"];
            let payloads = column(messages, "payload");
            let ciphertexts = column(messages, "ciphertext");
            // After three messages the responder speaks first.
            let mut transport = payloads[3..].to_vec();
            transport.insert(0, json!(""));
            let output = ok(
                "hs.transcript",
                json!({
                    "suite": vector["protocol_name"], "prologue": vector["init_prologue"],
                    "initiator": {"s_x25519": vector["init_static"], "e_x25519": vector["init_ephemeral"]},
                    "responder": {"s_x25519": vector["resp_static"], "e_x25519": vector["resp_ephemeral"]},
                    "payloads": payloads[..3], "transport": transport,
                }),
            );
            assert_eq!(output["messages"], json!(ciphertexts[..3]));
            if ciphertexts.len() > 3 {
                assert_eq!(output["transport"][1], ciphertexts[3]);
            }
        }
    }
}

#[test]
fn hybrid_noise_vector() {
    let file = read("spec/vectors/noise/hybridXX_25519+MLKEM768_ChaChaPoly_BLAKE2s.json");
    let party = |role: &str| {
        let keys = &file[role];
        let seed = |d: &str, z: &str| format!("{}{}", keys[d].as_str().expect("d"), keys[z].as_str().expect("z"));
        let mut party = json!({
            "s_x25519": keys["s_dh_secret"], "s_mlkem": keys["s_kem_seed_dz"], "e_x25519": keys["e_dh"],
            "e_mlkem": seed("e_kem_d", "e_kem_z"), "skem_m": keys["skem_m"],
        });
        if role == "resp" {
            party["ekem_m"] = keys["ekem_m"].clone();
        }
        party
    };
    let output = ok(
        "hs.transcript",
        json!({
            "suite": file["protocol_name"], "prologue": file["prologue"], "initiator": party("init"), "responder": party("resp"),
            "payloads": column(&file["messages"], "payload"), "transport": column(&file["transport"], "payload"),
        }),
    );
    assert_eq!(output["messages"], json!(column(&file["messages"], "ciphertext")));
    assert_eq!(output["transport"], json!(column(&file["transport"], "ciphertext")));
    assert_eq!(output["handshake_hash"], file["handshake_hash"]);
    assert_eq!(output["k_initiator_to_responder"], file["k_initiator_to_responder"]);
}
