//! Role `client`: `open`, `do`, `observe`, `env`, `close`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::answer::{Answer, Failure};
use super::args::Args;
use super::client_json::{self, event, message, output};
use crate::client::{Body, Dropped, Error, Inbox, Mode, Options, SyncSession, Tofu};
use crate::hexadecimal::encode;

/// Actions that this implementation has.
pub const ACTIONS: &[&str] = &[
    "connect",
    "reconnect",
    "pair_create",
    "pair_join",
    "pair_cancel",
    "push",
    "pull",
    "sync",
    "subscribe",
    "queue_drop",
    "queue_retry",
    "disconnect",
];

/// Part of an action's time that is left for the answer.
const ANSWER_SHARE: f64 = 0.95;
const DEADLINE_MS: u64 = 10_000;
/// The time that a moved clock waits for an idle client unless the request says.
const IDLE_MS: u64 = 5_000;

struct Handle {
    session: SyncSession,
    seen: RefCell<Seen>,
    changed: Notify,
}

#[derive(Default)]
struct Seen {
    messages: Vec<Value>,
    events: Vec<Value>,
}

/// The open handles.
#[derive(Default)]
pub struct Clients {
    handles: RefCell<HashMap<String, Rc<Handle>>>,
    opened: RefCell<u64>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Reject(reject) | Error::Refused(reject) | Error::Lost(reject) => Failure::Reject(reject),
            other => Failure::Error(other.to_string()),
        }
    }
}

impl Clients {
    pub async fn open(&self, request: &Value) -> Answer {
        let request = Args::of(request)?;
        if request.text("role")? != "client" {
            return Err(Failure::Unsupported(format!("the role {}", request.text("role")?)));
        }
        let config = request.object("config")?;
        let mut options = Options::new(request.text("dir")?);
        options.mode = match config.text_if("mode")?.unwrap_or("hybrid") {
            "hybrid" => Mode::Hybrid,
            "classical" => Mode::Classical,
            _ => return Err(Failure::Error("`mode` is neither hybrid nor classical".into())),
        };
        options.tofu = match config.text_if("tofu")?.unwrap_or("permissive") {
            "permissive" => Tofu::Permissive,
            "strict" => Tofu::Strict,
            _ => return Err(Failure::Error("`tofu` is neither permissive nor strict".into())),
        };
        options.device_name = config.text_if("device_name")?.unwrap_or_default().to_owned();
        options.access_token = config.text_if("access_token")?.map(str::to_owned);
        let relays: Vec<&str> = config.text_if("relay")?.into_iter().collect();
        let (session, inbox) = SyncSession::new(None, &relays, options)?;
        if let Some(now_ms) = request.u64_if("now_ms")? {
            session.set_clock(now_ms);
        }
        let handle = Rc::new(Handle { session, seen: RefCell::default(), changed: Notify::new() });
        tokio::task::spawn_local(collect(handle.clone(), inbox));
        let opened = self.opened.replace_with(|opened| *opened + 1) + 1;
        let name = format!("client-{opened}");
        self.handles.borrow_mut().insert(name.clone(), handle);
        Ok(json!({"handle": name}))
    }

    fn handle(&self, request: &Args) -> Result<Rc<Handle>, Failure> {
        let name = request.text("handle")?;
        let handle = self.handles.borrow().get(name).cloned();
        handle.ok_or_else(|| Failure::Error(format!("there is no handle {name}")))
    }

    pub async fn act(&self, request: &Value) -> Answer {
        let request = Args::of(request)?;
        let action = request.text("action")?;
        let handle = self.handle(&request)?;
        let time = request.u64_if("deadline_ms")?.unwrap_or(DEADLINE_MS);
        let session = handle.session.with_timeout(Duration::from_millis(time).mul_f64(ANSWER_SHARE));
        let empty = json!({});
        let args = Args::of(request.get("args").unwrap_or(&empty))?;
        let passphrase = args.text_if("passphrase")?.map(str::to_owned);
        match action {
            "connect" => session.connect().await.map(output).map_err(Failure::from),
            "reconnect" => session.reconnect().await.map(output).map_err(Failure::from),
            "queue_drop" => {
                let dropped = session.discard(args.array("id")?).await?;
                Ok(dropped.map_or_else(|| json!({}), |Dropped { body, .. }| client_json::content(&body)))
            }
            "queue_retry" => Ok(session.retry(args.array("id")?).await.map(|()| json!({}))?),
            "pair_create" => {
                let (invite, group_id) = session.pair(passphrase).await?;
                Ok(json!({"invite": invite, "group_id": encode(&group_id)}))
            }
            "pair_join" => {
                let group_id = session.pair_join(args.text("invite")?, passphrase).await?;
                Ok(json!({"group_id": encode(&group_id)}))
            }
            "pair_cancel" => Ok(session.cancel_invite(args.text("invite")?).await.map(|()| json!({}))?),
            "push" => {
                let body = match args.text_if("text")? {
                    Some(text) => Body::Text(text.to_owned()),
                    None => Body::Data(args.bytes("data")?),
                };
                Ok(output(session.push(body, args.array_if("id")?, args.bool_if("wait")?).await?))
            }
            "pull" => {
                let (messages, cursor) = session.pull(args.u64_if("after_cursor")?).await?;
                let messages: Vec<Value> = messages.iter().map(message).collect();
                Ok(json!({"messages": messages, "cursor": cursor.to_string()}))
            }
            "sync" => Ok(output(session.sync().await?)),
            "subscribe" => Ok(session.subscribe().await.map(|()| json!({}))?),
            "disconnect" => Ok(session.disconnect().await.map(|()| json!({}))?),
            _ => Err(Failure::Unsupported(format!("the action {action}"))),
        }
    }

    pub async fn observe(&self, request: &Value) -> Answer {
        let request = Args::of(request)?;
        let handle = self.handle(&request)?;
        let until = Instant::now() + Duration::from_millis(request.u64_if("deadline_ms")?.unwrap_or(0));
        if let Some(condition) = request.object_if("until")? {
            let messages = condition.u64_if("messages")?.unwrap_or(0) as usize;
            let event = condition.text_if("event")?;
            // When it does not come the answer is what there is.
            let _ = timeout_at(until, handle.wait(messages, event)).await;
        }
        let mut answer = json!({});
        for what in request.list("what")? {
            let name = what.as_str().unwrap_or_default();
            let status = handle.session.status();
            answer[name] = match name {
                "messages" => handle.seen.borrow().messages.clone().into(),
                "events" => handle.seen.borrow().events.clone().into(),
                "cursor" => status.cursor.to_string().into(),
                "status" => client_json::status(&status),
                "completeness" => client_json::completeness(&handle.session.completeness().await?),
                _ => return Err(Failure::Unsupported(format!("the observation {what}"))),
            };
        }
        Ok(answer)
    }

    pub async fn env(&self, request: &Value) -> Answer {
        let request = Args::of(request)?;
        let session = &self.handle(&request)?.session;
        match request.text_if("net")? {
            Some("offline") => session.set_online(false).await,
            Some("online") => session.set_online(true).await,
            Some(other) => return Err(Failure::Error(format!("`net` is {other}"))),
            None => {}
        }
        let (now_ms, ms) = (request.u64_if("set_now_ms")?, request.u64_if("advance_ms")?);
        if now_ms.is_none() && ms.is_none() {
            return Ok(json!({}));
        }
        session.stop_clock();
        if let Some(now_ms) = now_ms {
            session.set_clock(now_ms);
        }
        session.advance_clock(ms.unwrap_or(0));
        let until = Instant::now() + Duration::from_millis(request.u64_if("deadline_ms")?.unwrap_or(IDLE_MS));
        Ok(json!({"idle": timeout_at(until, session.idle()).await.is_ok()}))
    }

    pub async fn close(&self, request: &Value) -> Answer {
        let request = Args::of(request)?;
        let handle = self.handle(&request)?;
        self.handles.borrow_mut().remove(request.text("handle")?);
        handle.session.close().await?;
        Ok(json!({}))
    }

    pub async fn close_all(&self) {
        let handles: Vec<_> = self.handles.borrow_mut().drain().map(|(_, handle)| handle).collect();
        for handle in handles {
            // A session that is closed already is what is wanted.
            let _ = handle.session.close().await;
        }
    }
}

impl Handle {
    async fn wait(&self, messages: usize, event: Option<&str>) {
        loop {
            let changed = self.changed.notified();
            let there = {
                let seen = self.seen.borrow();
                let has_event = |wanted: &str| seen.events.iter().any(|event| event["type"] == wanted);
                seen.messages.len() >= messages && event.is_none_or(has_event)
            };
            if there {
                return;
            }
            changed.await;
        }
    }
}

async fn collect(handle: Rc<Handle>, mut inbox: Inbox) {
    let changed = |change: &dyn Fn(&mut Seen)| {
        change(&mut handle.seen.borrow_mut());
        handle.changed.notify_waiters();
    };
    loop {
        tokio::select! {
            Some(delivered) = inbox.messages.recv() => changed(&|seen| seen.messages.push(message(&delivered))),
            Some(happened) = inbox.events.recv() => changed(&|seen| seen.events.push(event(&happened))),
            else => return,
        }
    }
}
