//! `eval`: invites and Welcomes.

use serde_json::json;

use super::answer::{Answer, Failure};
use super::args::Args;
use super::json::{from_message, to_message};
use crate::hexadecimal::encode;
use crate::pairing::{self, Passphrase};
use crate::passphrase;
use crate::wire::Message;
use crate::wire::tables::INVITE;

pub fn eval(op: &str, input: &Args, request: &Args) -> Option<Answer> {
    Some(match op {
        "invite.make" => invite_make(input),
        "invite.parse" => invite_parse(input, request),
        "passphrase.new" => passphrase_new(input),
        "welcome.seal" => welcome_seal(input, request),
        "welcome.open" => welcome_open(input),
        _ => return None,
    })
}

fn invite_make(input: &Args) -> Answer {
    let invite = input.get("invite").ok_or_else(|| Failure::Error("`invite` is missing".into()))?;
    let invite: Message = to_message(&INVITE, invite)?.with("version", 1u32);
    Ok(json!({"link": pairing::make_link(&invite)?}))
}

fn invite_parse(input: &Args, request: &Args) -> Answer {
    // `now_ms` stands beside `in`; the table of zkcp.md can be read as inside it too.
    let now_ms = match request.u64_if("now_ms")? {
        Some(now_ms) => now_ms,
        None => input.u64("now_ms")?,
    };
    let invite = pairing::parse_link(input.text("link")?, now_ms)?;
    let mut json = from_message(&invite);
    if let Some(object) = json.as_object_mut() {
        object.remove("version");
        object.insert("expires_at_ms".into(), invite.uint("expires_at_ms").to_string().into());
    }
    Ok(json!({"invite": json}))
}

fn passphrase_new(input: &Args) -> Answer {
    Ok(json!({"strength": passphrase::check(input.text("text")?)?}))
}

/// Text, salt and parameters, kept while a `Passphrase` borrows them.
struct Given<'a>(&'a str, Vec<u8>, (u32, u32, u32));

impl<'a> Given<'a> {
    fn parse(input: &Args<'a>) -> Result<Option<Self>, Failure> {
        let Some(given) = input.object_if("passphrase")? else {
            return Ok(None);
        };
        let parameters = (given.u32("memory_kib")?, given.u32("iterations")?, given.u32("parallelism")?);
        Ok(Some(Given(given.text("text")?, given.bytes("salt")?, parameters)))
    }

    fn passphrase(&self) -> Passphrase<'_> {
        Passphrase { text: self.0, salt: &self.1, parameters: self.2 }
    }
}

fn welcome_seal(input: &Args, request: &Args) -> Answer {
    let given = Given::parse(input)?;
    let payload = pairing::seal_welcome(
        &input.bytes("welcome")?,
        &input.array("mailbox_id")?,
        &input.array("invite_key")?,
        given.as_ref().map(Given::passphrase).as_ref(),
        &request.object("draws")?.array("nonce")?,
    )?;
    Ok(json!({"payload": encode(&payload)}))
}

fn welcome_open(input: &Args) -> Answer {
    let given = Given::parse(input)?;
    let welcome = pairing::open_welcome(
        &input.bytes("payload")?,
        &input.array("mailbox_id")?,
        &input.array("invite_key")?,
        given.as_ref().map(Given::passphrase).as_ref(),
    )?;
    Ok(json!({
        "group_id": encode(&welcome.group_id),
        "devices": welcome.members.iter().map(|member| encode(&member.device_key)).collect::<Vec<_>>(),
        "relays": welcome.relays.iter().map(|relay| relay.text("address")).collect::<Vec<_>>(),
    }))
}
