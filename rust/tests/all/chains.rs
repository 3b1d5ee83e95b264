//! Chains, what is on hold, what a PushAck answers, and what is kept of a relay's log.

use serde_json::{Value, json};
use zerok_sync::chain::{Chains, Place};
use zerok_sync::envelope::{Head, Parsed};
use zerok_sync::held::{Held, Waits};
use zerok_sync::hexadecimal::encode;
use zerok_sync::store::{Change, Store};
use zerok_sync::wire::tables::{ENVELOPE, ERROR, MESSAGE, PUSH_ACK, PUSH_RESULT};
use zerok_sync::wire::{Message, Origin, decode};

use crate::common::relay::Directory;
use crate::common::{hex, ok};
use crate::envelopes::{device, group_id, seal};

#[test]
fn en_21_to_en_24_chains() {
    let zero = json!("00".repeat(32));
    let one = seal(1, &zero, "1");
    let two = seal(2, &one["hash"], "2");
    let three = seal(3, &two["hash"], "3");
    let fork = seal(2, &one["hash"], "2 again");
    let broken = seal(4, &one["hash"], "4");
    let order = [&one, &three, &one, &two, &fork, &three, &broken];
    let output = ok(
        "chain.verify",
        json!({
            "group_id": encode(&group_id()), "members": [encode(&device().device_key)],
            "envelopes": order.iter().map(|sealed| sealed["envelope"].clone()).collect::<Vec<_>>(),
        }),
    );
    let expected = ["accepted", "gap", "duplicate", "accepted", "fork", "duplicate", "rejected:envelope.chain"];
    assert_eq!(output["outcomes"], json!(expected));
    assert_eq!(output["heads"][0]["sequence"], "3");
    assert_eq!(output["heads"][0]["hash"], three["hash"]);
}

fn parsed(sealed: &Value) -> Parsed {
    let envelope = decode(&ENVELOPE, &hex(&sealed["envelope"]), Origin::Client).expect("an envelope");
    Parsed::parse(&envelope, &group_id(), &"relay".into()).expect("it parses")
}

fn accept(chains: &mut Chains, envelope: &Parsed) {
    chains.accept(envelope.stub());
}

/// Envelopes 1 to 3 of one chain, and another second one that the third does not continue.
pub fn chain_of_three() -> [Parsed; 4] {
    let one = seal(1, &json!("00".repeat(32)), "1");
    let two = seal(2, &one["hash"], "2");
    let three = seal(3, &two["hash"], "3");
    [&one, &two, &three, &seal(2, &one["hash"], "2 again")].map(parsed)
}

#[test]
fn en_24_a_place_that_was_given_up_is_filled_late() {
    let [one, two, three, other] = chain_of_three();
    let mut chains = Chains::default();
    accept(&mut chains, &one);
    assert_eq!(chains.place(&three), Place::Gap);
    accept(&mut chains, &three);
    assert_eq!(chains.place(&other), Place::Broken, "the third does not name it");
    assert_eq!(chains.place(&two), Place::Late);
    accept(&mut chains, &two);
    assert_eq!(chains.place(&two), Place::Duplicate);
    assert_eq!(chains.place(&other), Place::Fork, "EN-23");
    assert_eq!(chains.head(&one.sender_key), Head { sequence: 3, hash: three.hash });
}

#[test]
fn pa_12_a_head_of_the_welcome_is_a_witness() {
    let [one, two, three, other] = chain_of_three();
    let mut chains = Chains::default();
    chains.witness(two.stub());
    assert_eq!(chains.place(&other), Place::Fork);
    assert_eq!(chains.place(&two), Place::Gap, "it was not accepted");
    assert_eq!(chains.place(&three), Place::Gap);
    assert_eq!(chains.head(&two.sender_key), Head::NONE);
    accept(&mut chains, &one);
    assert_eq!(chains.place(&two), Place::Next);
}

#[test]
fn en_09_an_unknown_epoch_waits_until_its_place_is_taken() {
    let [one, two, _, other] = chain_of_three();
    let (mut chains, mut held) = (Chains::default(), Held::default());
    accept(&mut chains, &one);
    held.push(two.clone(), Waits::Epoch);
    assert!(held.woken(&chains, &one.sender_key, 1, 0).is_empty());
    assert!(held.lowest(&two.sender_key, 9).is_none() && held.first_timed().is_none(), "it is no gap");
    accept(&mut chains, &other);
    let woken = held.woken(&chains, &one.sender_key, 2, 1);
    assert_eq!(woken.iter().map(|held| held.hash).collect::<Vec<_>>(), [two.hash], "a fork");
}

/// C5: what waits is found by its place, and nothing else is looked at.
#[test]
fn en_24_what_waits_is_woken_by_the_place_before_it() {
    let [one, two, three, other] = chain_of_three();
    let (mut chains, mut held) = (Chains::default(), Held::default());
    for envelope in [&three, &other, &two] {
        held.push(envelope.clone(), Waits::Place);
        held.push(envelope.clone(), Waits::Place);
    }
    assert_eq!(held.bytes(), three.bytes() + other.bytes() + two.bytes(), "each once");
    accept(&mut chains, &one);
    let woken = held.woken(&chains, &one.sender_key, 1, 0);
    assert_eq!(woken.iter().map(|held| held.hash).collect::<Vec<_>>(), [other.hash, two.hash], "in the order received");
    assert_eq!(held.lowest(&one.sender_key, 2).map(|held| held.hash), Some(other.hash));
    assert_eq!(held.first_timed().map(|held| held.hash), Some(three.hash));
    for envelope in [&three, &other, &two] {
        held.remove(&envelope.hash);
    }
    assert!(held.bytes() == 0 && held.first_timed().is_none() && held.lowest(&one.sender_key, 9).is_none());
}

#[test]
fn cl_27_what_acknowledges_nothing() {
    let result = |status: u32, cursor: u64| Message::new(&PUSH_RESULT).with("status", status).with("cursor", cursor);
    let refused = result(4, 0).with("error", Message::new(&ERROR).with("code", 1036u32));
    let ack = |durable: bool, results: Vec<Message>| {
        Message::new(&PUSH_ACK).with_all("results", results).with("durable", durable)
    };
    let whole = |durable, results| zerok_sync::push::results(&ack(durable, results), 3).map(|results| results.len());
    assert_eq!(whole(true, vec![result(1, 7)]), Some(1), "the first items are enough");
    assert_eq!(whole(true, vec![result(2, 7), result(3, 0), refused.clone()]), Some(3));
    for (durable, results) in [
        (false, vec![result(1, 7)]),
        (true, vec![]),
        (true, vec![result(3, 0); 4]),
        (true, vec![result(0, 7)]),
        (true, vec![result(5, 7)]),
        (true, vec![result(1, 7), result(2, 0)]),
        (true, vec![refused, result(1, 7)]),
        (true, vec![result(4, 0)]),
    ] {
        assert_eq!(whole(durable, results.clone()), None, "{durable} {results:?}");
    }
}

/// CL-01: by relay; CL-06: a log that is read again replaces what was known of it; CL-07.
#[test]
fn cl_07_messages_outlive_the_process() {
    let directory = Directory::new();
    let open = || Store::open(&directory.join("device")).expect("a store");
    let logged = |relay: &str, cursor: u64| Change::Logged {
        relay: relay.into(),
        cursor,
        received_at_ms: 1,
        sender: [1; 32],
        plaintext: Message::new(&MESSAGE).with("id", [cursor as u8; 16]).with("text", "kept").encode(),
    };
    let mut store = open();
    for change in [logged("a", 3), logged("a", 5), logged("b", 2)] {
        store.apply(change).expect("applied");
    }
    store.commit().expect("on disk");
    drop(store);
    let mut store = open();
    let cursors = |store: &Store, relay: &str, above| -> Vec<u64> {
        store.state().logs.get(relay).into_iter().flat_map(|log| log.above(above)).map(|(cursor, _)| cursor).collect()
    };
    assert_eq!(cursors(&store, "a", 0), [3, 5]);
    assert_eq!(cursors(&store, "a", 3), [5]);
    assert_eq!(cursors(&store, "b", 0), [2]);
    store.apply(Change::Cursor { relay: "a".into(), after: 0, hash: Vec::new() }).expect("applied");
    assert!(cursors(&store, "a", 0).is_empty());
    assert_eq!(cursors(&store, "b", 0), [2]);
    assert!(store.state().seen.contains(&([1; 32], [5; 16])), "EN-16: not delivered again");
}
