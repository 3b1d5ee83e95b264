//! `eval`: envelopes and chains.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::answer::{Answer, Failure};
use super::args::Args;
use super::content;
use crate::chain::{Chains, Place, authentic};
use crate::crypto::Key;
use crate::envelope::{self, Head, Parsed};
use crate::error::{Class, Reject};
use crate::group::Device;
use crate::held::{Held, Waits};
use crate::hexadecimal::encode;
use crate::wire::tables::ENVELOPE;
use crate::wire::{Origin, decode};

pub fn eval(op: &str, input: &Args, request: &Args) -> Option<Answer> {
    Some(match op {
        "envelope.seal" => seal(input, request),
        "envelope.open" => open(input),
        "envelope.hash" => hash(input),
        "chain.verify" => chain(input),
        _ => return None,
    })
}

fn seal(input: &Args, request: &Args) -> Answer {
    let device = Device::new(&input.array("device_seed")?, &input.array("group_id")?);
    let sequence = input.u64("sequence")?;
    let before = sequence.checked_sub(1).ok_or_else(|| Reject::new(Class::EnvelopeParse, "the sequence is 0"))?;
    let head = Head { sequence: before, hash: input.array("previous")? };
    let content = content::parse(&input.object("content")?)?;
    let nonce = request.object("draws")?.array("nonce")?;
    let epoch = (input.u32("epoch")?, &input.array("epoch_secret")?);
    let (envelope, hash) = envelope::seal(&device, epoch, head, &content, &nonce)?;
    Ok(json!({"envelope": encode(&envelope), "hash": encode(&hash)}))
}

fn keys(input: &Args, name: &str) -> Result<Vec<Key>, Failure> {
    let keys = input.bytes_list(name)?.into_iter().map(|key| key.try_into());
    keys.collect::<Result<_, _>>().map_err(|_| Failure::Error(format!("`{name}` holds something else than keys")))
}

fn open(input: &Args) -> Answer {
    let mut epochs = BTreeMap::new();
    for epoch in input.list("epochs")? {
        let epoch = Args::of(epoch)?;
        epochs.insert(epoch.u32("epoch")?, Zeroizing::new(epoch.array("secret")?));
    }
    let head = match input.object_if("head")? {
        Some(head) => Some(Head { sequence: head.u64("sequence")?, hash: head.array("hash")? }),
        None => None,
    };
    let members = keys(input, "members")?;
    let (signed, content) =
        envelope::open(&input.bytes("envelope")?, &input.array("group_id")?, &epochs, &members, head)?;
    Ok(json!({
        "sender_key": encode(&signed.sender_key),
        "sequence": signed.sequence.to_string(),
        "epoch": signed.epoch,
        "hash": encode(&signed.hash),
        "content": content::to_json(&content),
    }))
}

fn hash(input: &Args) -> Answer {
    let body_hash = envelope::body_hash(&input.bytes("nonce")?, &input.bytes("ciphertext")?);
    let hash = envelope::hash(&input.bytes("header")?, &body_hash);
    Ok(json!({"hash": encode(&hash)}))
}

fn chain(input: &Args) -> Answer {
    let group_id: Key = input.array("group_id")?;
    let members = keys(input, "members")?;
    let (mut chains, mut held) = (Chains::default(), Held::default());
    let relay = Arc::from("");
    let parse = |bytes: &Vec<u8>| Parsed::parse(&decode(&ENVELOPE, bytes, Origin::Client)?, &group_id, &relay);
    let parsed: Vec<_> = input.bytes_list("envelopes")?.iter().map(parse).collect();
    let authentic = authentic(&parsed, |_| false);
    let outcomes: Vec<String> = parsed
        .into_iter()
        .zip(authentic)
        .map(|(parsed, authentic)| match parsed.and_then(|parsed| known(parsed, authentic, &chains, &held)) {
            Ok(Known::Copy(outcome)) => outcome.into(),
            Ok(Known::New(parsed)) if !members.contains(&parsed.sender_key) => "held".into(), // CL-09
            Ok(Known::New(parsed)) => judge(*parsed, &mut chains, &mut held),
            Err(reject) => format!("rejected:{}", reject.class.as_str()),
        })
        .collect();
    let heads = chains.heads().into_iter().map(|(sender, head)| {
        json!({"sender_key": encode(&sender), "sequence": head.sequence.to_string(), "hash": encode(&head.hash)})
    });
    Ok(json!({"outcomes": outcomes, "heads": heads.collect::<Vec<Value>>()}))
}

/// An envelope of a segment beside what is accepted and held.
enum Known {
    /// Its H is that of an accepted or a held one, whatever its signature. EN-22.
    Copy(&'static str),
    New(Box<Parsed>),
}

/// EN-20 up to the sender's record.
fn known(parsed: Parsed, authentic: bool, chains: &Chains, held: &Held) -> Result<Known, Reject> {
    if chains.place(&parsed) == Place::Duplicate {
        return Ok(Known::Copy("duplicate"));
    }
    if held.contains(&parsed.hash) {
        return Ok(Known::Copy("gap"));
    }
    if !authentic {
        parsed.check_signature()?;
    }
    Ok(Known::New(Box::new(parsed)))
}

fn judge(signed: Parsed, chains: &mut Chains, held: &mut Held) -> String {
    match chains.place(&signed) {
        Place::Duplicate => "duplicate".into(),
        Place::Fork => "fork".into(),
        Place::Broken => format!("rejected:{}", Class::EnvelopeChain.as_str()),
        Place::Gap => {
            held.push(signed, Waits::Place);
            "gap".into()
        }
        Place::Next | Place::Late => {
            let mut awake = VecDeque::from([signed]);
            while let Some(signed) = awake.pop_front() {
                held.remove(&signed.hash);
                if matches!(chains.place(&signed), Place::Next | Place::Late) {
                    let before = chains.head(&signed.sender_key).sequence;
                    chains.accept(signed.stub());
                    awake.extend(held.woken(chains, &signed.sender_key, signed.sequence, before));
                }
            }
            "accepted".into()
        }
    }
}
