//! A device's session with its group. spec/client.md.

mod actions;
mod answer;
mod channel;
mod connection;
mod driver;
mod error;
mod expiry;
mod gaps;
mod harvest;
mod inbound;
mod judge;
mod life;
mod link;
mod outbound;
mod pair;
mod quic;
mod reconcile;
mod rejected;
mod schedule;
mod sorting;
mod timers;
mod trust;
mod types;
mod waiting;
mod world;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

pub use actions::Output;
pub use error::{Error, Result};
pub use types::{Body, Completeness, Delivered, Dropped, Event, Expiring, Mode, Options, Retention, Status, Tofu};

use actions::{Action, Command};
use driver::{Driver, Outlets};
use world::World;

use crate::crypto::{Key, random};
use crate::envelope::Content;
use crate::text::RelayText;
use crate::wire::tables::MESSAGE;
use crate::wire::{Message, Value};

/// The channels of messages and events that a session reports by itself.
pub struct Inbox {
    /// Messages of others, each once, after they were stored.
    pub messages: mpsc::UnboundedReceiver<Delivered>,
    pub events: mpsc::UnboundedReceiver<Event>,
}

/// A handle; copies share one session. The session ends with `close` or with the last handle.
#[derive(Clone)]
pub struct SyncSession {
    commands: mpsc::Sender<Command>,
    status: watch::Receiver<Status>,
    world: Arc<World>,
    timeout: Duration,
}

impl SyncSession {
    /// Opens or makes the data directory. `group_id` must be that of the directory's group, if both are there; the first
    /// of `relays` (CL-34) is used. Nothing is dialled before an action needs it. Runs on the current tokio runtime.
    pub fn new(group_id: Option<Key>, relays: &[&str], options: Options) -> Result<(Self, Inbox)> {
        let relay = relays.first().map(|text| RelayText::parse(text)).transpose()?;
        let timeout = options.timeout;
        let (command_sender, commands) = mpsc::channel(64);
        let (message_sender, messages) = mpsc::unbounded_channel();
        let (event_sender, events) = mpsc::unbounded_channel();
        let (status_sender, status) = watch::channel(Status::default());
        let world = Arc::new(World::default());
        let outlets = Outlets { messages: message_sender, events: event_sender, status: status_sender };
        let driver = Driver::open(group_id, relay, options, outlets, world.clone())?;
        tokio::spawn(driver.run(commands));
        Ok((SyncSession { commands: command_sender, status, world, timeout }, Inbox { messages, events }))
    }

    /// The same session; its actions have this long.
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        SyncSession { timeout, ..self.clone() }
    }

    pub fn status(&self) -> Status {
        self.status.borrow().clone()
    }

    async fn act(&self, action: Action) -> Result<Output> {
        let (reply, answer) = oneshot::channel();
        let command = Command { action, deadline: Instant::now() + self.timeout, reply };
        self.commands.send(command).await.map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    }

    /// Handshake and Hello; makes a group where there is none.
    pub async fn connect(&self) -> Result<Output> {
        self.act(Action::Connect).await
    }

    /// A new connection at once, for a resume or a change of network: the present one is closed, and no wait goes on. CL-39.
    pub async fn reconnect(&self) -> Result<Output> {
        self.world.renew();
        self.act(Action::Reconnect).await
    }

    /// Stores a message in the outbox (CL-20); with `wait` until a relay has stored it durably. Gives its id.
    pub async fn push(&self, body: Body, id: Option<[u8; 16]>, wait: bool) -> Result<Output> {
        let id = id.unwrap_or_else(random);
        let message = Message::new(&MESSAGE).with("id", id);
        let message = match body {
            Body::Text(text) => message.with("text", Value::Text(text)),
            Body::Data(data) => message.with("data", Value::Bytes(data)),
        };
        self.act(Action::Push { id, content: Content::Message(message), wait }).await
    }

    /// Reads the log to its end. Without a cursor: what is new. With one: every message above it, own ones too.
    pub async fn pull(&self, after_cursor: Option<u64>) -> Result<(Vec<Delivered>, u64)> {
        match self.act(Action::Pull { after: after_cursor }).await? {
            Output::Pulled { messages, cursor } => Ok((messages, cursor)),
            _ => Err(Error::Closed),
        }
    }

    /// Sends what waits and reads what is new.
    pub async fn sync(&self) -> Result<Output> {
        self.act(Action::Sync).await
    }

    /// Starts the live subscription: messages arrive in the inbox from now on.
    pub async fn subscribe(&self) -> Result<()> {
        self.act(Action::Subscribe).await.map(drop)
    }

    /// The messages that this device knows of and lacks, also after a restart. CL-14.
    pub async fn completeness(&self) -> Result<Completeness> {
        match self.act(Action::Completeness).await? {
            Output::Complete(completeness) => Ok(completeness),
            _ => Err(Error::Closed),
        }
    }

    /// An invite link (a secret) for one device; makes the group if there is none.
    pub async fn pair(&self, passphrase: Option<String>) -> Result<(String, Key)> {
        match self.act(Action::PairCreate { passphrase }).await? {
            Output::Invited { link, group_id } => Ok((link, group_id)),
            _ => Err(Error::Closed),
        }
    }

    /// Joins the group of an invite; done when this device is enrolled and has announced itself. Gives the group id.
    pub async fn pair_join(&self, invite: &str, passphrase: Option<String>) -> Result<Key> {
        match self.act(Action::PairJoin { invite: invite.to_owned(), passphrase }).await? {
            Output::Joined { group_id } => Ok(group_id),
            _ => Err(Error::Closed),
        }
    }

    /// Takes an invite of this group back, whoever made it and whatever its age. PA-24.
    pub async fn cancel_invite(&self, invite: &str) -> Result<()> {
        self.act(Action::PairCancel { invite: invite.to_owned() }).await.map(drop)
    }

    /// Sends a message again that was refused for good (CL-47), or drops one that was refused, for good or for now (CL-61).
    pub async fn retry(&self, id: [u8; 16]) -> Result<()> {
        self.act(Action::Resolve { id, retry: true }).await.map(drop)
    }

    /// Deletes a refused message, and gives its content back; none for an announcement. CL-61, CL-70.
    pub async fn discard(&self, id: [u8; 16]) -> Result<Option<Dropped>> {
        match self.act(Action::Resolve { id, retry: false }).await? {
            Output::Dropped(dropped) => Ok(dropped),
            _ => Err(Error::Closed),
        }
    }

    /// Bye; the session stays usable.
    pub async fn disconnect(&self) -> Result<()> {
        self.act(Action::Disconnect).await.map(drop)
    }

    /// Bye, and the data directory is free again.
    pub async fn close(&self) -> Result<()> {
        self.act(Action::Close).await.map(drop)
    }

    /// Sets the clock that invites and messages see; for tests.
    pub fn set_clock(&self, now_ms: u64) {
        self.world.set_now_ms(now_ms);
    }

    /// From now on the clock moves by `advance_clock` alone; for tests.
    pub fn stop_clock(&self) {
        self.world.stop();
    }

    /// Resolves when everything that the last `advance_clock` made due is done, a connection to be made above all; for tests.
    pub async fn idle(&self) {
        self.world.idle().await;
    }

    /// Moves the clock and the timers on, also those of an action under way; for tests.
    pub fn advance_clock(&self, ms: u64) {
        self.world.advance_ms(ms);
    }

    /// Cuts the network off, which ends the connection, or gives it back; for tests.
    pub async fn set_online(&self, online: bool) {
        self.world.set_online(online);
        if !online {
            // An error says that the session is closed: then it is not connected either.
            let _ = self.status.clone().wait_for(|status| !status.connected).await;
        }
    }
}

impl Options {
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Options {
            data_dir: data_dir.into(),
            mode: Mode::Hybrid,
            tofu: Tofu::Permissive,
            device_name: String::new(),
            access_token: None,
            timeout: Duration::from_secs(10),
        }
    }
}
