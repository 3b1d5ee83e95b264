//! `eval`: handshakes.

use serde_json::json;
use zeroize::Zeroizing;

use super::answer::{Answer, Failure};
use super::args::Args;
use crate::error::{Class, Reject, ensure};
use crate::hexadecimal::encode;
use crate::noise::{Handshake, Keys, Pin, Suite};
use crate::record::Cipher;

pub fn eval(op: &str, input: &Args, request: &Args) -> Option<Answer> {
    Some(match op {
        "hs.transcript" => transcript(input),
        "hs.initiator" => initiator(input, request),
        "hs.responder" => responder(input, request),
        _ => return None,
    })
}

/// A party of `hs.transcript`; `first` names the responder's encapsulation before skem.
fn party(suite: Suite, party: &Args, first: &[&str]) -> Result<Keys, Failure> {
    let mut keys = Keys::random();
    keys.s_x25519 = Zeroizing::new(party.array("s_x25519")?);
    keys.e_x25519 = Zeroizing::new(party.array("e_x25519")?);
    if suite == Suite::Hybrid {
        keys.s_mlkem = Zeroizing::new(party.array("s_mlkem")?);
        keys.e_mlkem = Zeroizing::new(party.array("e_mlkem")?);
        keys.encapsulations =
            first.iter().chain(&["skem_m"]).map(|name| party.array(name)).collect::<Result<_, _>>()?;
    }
    Ok(keys)
}

fn transcript(input: &Args) -> Answer {
    let suite = Suite::by_name(input.text("suite")?)
        .ok_or_else(|| Failure::Unsupported(format!("the suite {}", input.text("suite").unwrap_or_default())))?;
    let prologue = input.bytes("prologue")?;
    let initiator_keys = party(suite, &input.object("initiator")?, &[])?;
    let responder_keys = party(suite, &input.object("responder")?, &["ekem_m"])?;
    let mut initiator = Handshake::new(suite, true, &prologue, &initiator_keys)?;
    let mut responder = Handshake::new(suite, false, &prologue, &responder_keys)?;
    let payloads = input.bytes_list("payloads")?;
    if payloads.len() != suite.lengths().len() {
        return Err(Failure::Error("`payloads` has one item for each message".into()));
    }
    let mut messages = Vec::new();
    for (index, payload) in payloads.iter().enumerate() {
        let (writer, reader) = match index % 2 {
            0 => (&mut initiator, &mut responder),
            _ => (&mut responder, &mut initiator),
        };
        let message = writer.write(payload)?;
        if &reader.read_payload(&message)? != payload {
            return Err(Failure::Error("the reader got another payload".into()));
        }
        messages.push(encode(&message));
    }
    let (initiator, responder) = (initiator.finish()?, responder.finish()?);
    if initiator.handshake_hash != responder.handshake_hash || initiator.k_receive != responder.k_send {
        return Err(Failure::Error("the two ends disagree".into()));
    }
    let mut ciphers = [Cipher::new(initiator.k_send.clone()), Cipher::new(responder.k_send.clone())];
    let transport = input.bytes_list("transport")?;
    let transport =
        transport.iter().enumerate().map(|(index, payload)| ciphers[index % 2].seal_bare(payload).map(|c| encode(&c)));
    Ok(json!({
        "messages": messages,
        "handshake_hash": encode(&initiator.handshake_hash),
        "k_initiator_to_responder": encode(&*initiator.k_send),
        "k_responder_to_initiator": encode(&*initiator.k_receive),
        "transport": transport.collect::<Result<Vec<_>, Reject>>()?,
    }))
}

/// Suite and keys of one end, from `version`, the statics and the draws.
fn own_end(input: &Args, request: &Args, encapsulations: &[&str]) -> Result<(Suite, Keys), Failure> {
    let suite = Suite::by_version(input.u64("version")?)
        .ok_or_else(|| Reject::new(Class::TransportVersion, "the version is not known"))?;
    let draws = request.object("draws")?;
    let mut keys = Keys::random();
    keys.s_x25519 = Zeroizing::new(input.array("s_x25519")?);
    keys.e_x25519 = Zeroizing::new(draws.array("e_x25519")?);
    if suite == Suite::Hybrid {
        keys.s_mlkem = Zeroizing::new(input.array("s_mlkem")?);
        let (d, z): ([u8; 32], [u8; 32]) = (draws.array("e_mlkem_d")?, draws.array("e_mlkem_z")?);
        keys.e_mlkem[..32].copy_from_slice(&d);
        keys.e_mlkem[32..].copy_from_slice(&z);
        keys.encapsulations = encapsulations.iter().map(|name| draws.array(name)).collect::<Result<_, _>>()?;
    }
    Ok((suite, keys))
}

fn initiator(input: &Args, request: &Args) -> Answer {
    let (suite, keys) = own_end(input, request, &["skem_m"])?;
    let mut pin = Pin::default();
    if let Some(given) = input.object_if("pin")? {
        pin = Pin { node_id: given.array_if("node_id")?, kem_hash: given.array_if("kem_hash")? };
    }
    pin.allows(suite)?;
    let mut handshake = Handshake::new(suite, true, &suite.prologue(), &keys)?;
    let mut send = vec![encode(&handshake.write(&[])?)];
    let mut first = true;
    for message in input.bytes_list("receive")? {
        handshake.read(&message)?;
        if let (true, Some(identity)) = (first, handshake.identity()) {
            pin.check(&identity)?;
            send.push(encode(&handshake.write(&[])?));
        }
        first = false;
    }
    let identity = handshake.identity();
    let outcome = finish(handshake)?;
    let identity = identity.ok_or_else(|| Failure::Error("the relay has shown no key".into()))?;
    let mut output = json!({
        "send": send,
        "handshake_hash": encode(&outcome.handshake_hash),
        "k_send": encode(&*outcome.k_send),
        "k_receive": encode(&*outcome.k_receive),
        "node_id": encode(&identity.node_id),
    });
    if let Some(kem_hash) = identity.kem_hash {
        output["kem_hash"] = encode(&kem_hash).into();
    }
    Ok(output)
}

fn responder(input: &Args, request: &Args) -> Answer {
    let (suite, keys) = own_end(input, request, &["ekem_m", "skem_m"])?;
    let mut handshake = Handshake::new(suite, false, &suite.prologue(), &keys)?;
    let mut send = Vec::new();
    for message in input.bytes_list("receive")? {
        handshake.read(&message)?;
        if !handshake.is_finished() {
            send.push(encode(&handshake.write(&[])?));
        }
    }
    let outcome = finish(handshake)?;
    Ok(json!({
        "send": send,
        "handshake_hash": encode(&outcome.handshake_hash),
        "k_send": encode(&*outcome.k_send),
        "k_receive": encode(&*outcome.k_receive),
    }))
}

fn finish(handshake: Handshake) -> Result<crate::noise::Outcome, Failure> {
    ensure(handshake.is_finished(), Class::HandshakeOrder, "a handshake message is missing")?;
    Ok(handshake.finish()?)
}
