//! The one task that owns a session: its store, its connection and its timers.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout_at};

use super::actions::{Action, Command, Output, Stored};
use super::channel::Incoming;
use super::error::{Error, Result};
use super::expiry::Expiry;
use super::link::Link;
use super::outbound::Rest;
use super::types::{Delivered, Event, Options, Retention, Status};
use super::world::World;
use crate::crypto::Key;
use crate::hexadecimal::encode;
use crate::limits::*;
use crate::store::Store;
use crate::text::RelayText;

/// The channels on which a session reports.
pub struct Outlets {
    pub messages: mpsc::UnboundedSender<Delivered>,
    pub events: mpsc::UnboundedSender<Event>,
    pub status: watch::Sender<Status>,
}

pub struct Driver {
    pub store: Store,
    pub options: Options,
    pub relay: Option<RelayText>,
    pub link: Option<Link>,
    outlets: Outlets,
    pub world: Arc<World>,
    /// Lost connections are made again by themselves. CL-36, CL-37.
    pub persistent: bool,
    pub subscribed: bool,
    /// A connection came about once: actions wait for the next one.
    pub reached: bool,
    /// A delivery is being taken.
    pub delivering: bool,
    pub attempt: u32,
    pub push_attempt: u32,
    /// The number of the last unauthenticated failure, and how often it came in a row. CL-36.
    pub equal_ends: (u32, u32),
    /// CL-69.
    pub may_send_token: bool,
    /// When each relay's last roll-back was believed. CL-16.
    pub roll_backs: HashMap<String, Instant>,
    pub reconnect_at: Option<Instant>,
    pub opened: Instant,
    /// Relay and H of the heads that were reported as withheld. CL-11.
    pub withheld: HashSet<(String, Key)>,
    /// When the envelopes on hold came, by H. EN-24.
    pub held_since: HashMap<Key, Instant>,
    /// The queue rests. CL-24.
    pub rest: Option<Rest>,
    /// As the last HelloAck said. CL-19.
    pub retention: Option<Retention>,
    /// By NodeId: the relays that remove messages by age. CL-29.
    pub expiries: HashMap<String, Expiry>,
    /// The relays of which it was told that old messages go. CL-29.
    pub told_history: HashSet<String>,
    /// Own chain and HelloAck were compared on this connection. CL-21.
    pub reconciled: bool,
    /// The relay lost data; what it lacks of this device's is pushed again. CL-06.
    pub rolled_back: bool,
    /// The message whose storage is awaited.
    pub awaited: Option<([u8; 16], Option<Stored>)>,
    /// When the action under way must be over, by the system's clock.
    pub deadline: Instant,
}

enum Wake {
    Incoming(Incoming),
    Timer,
    /// Something changed that `wait` looks at.
    Again,
}

impl Driver {
    pub fn open(
        group_id: Option<Key>,
        relay: Option<RelayText>,
        options: Options,
        outlets: Outlets,
        world: Arc<World>,
    ) -> Result<Self> {
        if options.device_name.len() > DEVICE_NAME_BYTES_MAX {
            return Err(Error::Misuse("the device's name is longer than 64 bytes"));
        }
        let store = Store::open(&options.data_dir)?;
        let known = store.state().group.as_ref().map(|group| *group.id());
        if group_id.is_some() && known.is_some() && group_id != known {
            return Err(Error::Misuse("the data directory is of another group"));
        }
        let stored = store.state().relay.as_deref().map(RelayText::parse).transpose()?;
        let driver = Driver {
            relay: relay.or(stored),
            store,
            options,
            link: None,
            outlets,
            opened: world.now(),
            world,
            persistent: false,
            subscribed: false,
            reached: false,
            delivering: false,
            attempt: 0,
            push_attempt: 0,
            equal_ends: (0, 0),
            may_send_token: false,
            roll_backs: HashMap::new(),
            reconnect_at: None,
            withheld: HashSet::new(),
            held_since: HashMap::new(),
            rest: None,
            retention: None,
            expiries: HashMap::new(),
            told_history: HashSet::new(),
            reconciled: false,
            rolled_back: false,
            awaited: None,
            deadline: Instant::now(),
        };
        driver.publish();
        Ok(driver)
    }

    pub async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        loop {
            let moves = self.world.moves();
            let due = self.reconnect_at.is_some_and(|at| at <= self.world.now());
            let reconnecting = due && self.world.is_online();
            tokio::select! {
                biased;
                command = commands.recv() => match command {
                    None => break,
                    Some(Command { action: Action::Close, reply, .. }) => {
                        self.disconnect().await;
                        drop(self);
                        // The handle may be gone.
                        let _ = reply.send(Ok(Output::Done));
                        return;
                    }
                    Some(command) => {
                        if reconnecting {
                            self.interrupt_reconnect();
                        }
                        self.close_gaps_in_time();
                        self.handle(command).await;
                    }
                },
                wake = self.wait(reconnecting, moves) => match wake {
                    Wake::Incoming(incoming) => self.on_incoming(incoming).await,
                    Wake::Timer => self.on_timer().await,
                    Wake::Again => {}
                },
            }
            self.publish();
        }
        self.disconnect().await;
    }

    /// Waits for what happens by itself. A command may interrupt it.
    async fn wait(&mut self, reconnecting: bool, moves: u64) -> Wake {
        if reconnecting {
            self.reconnect().await;
            return Wake::Again;
        }
        let timer = self.next_timer();
        let world = self.world.clone();
        if timer > world.now() {
            world.rest(moves);
        }
        tokio::select! {
            incoming = next_incoming(&mut self.link) => Wake::Incoming(incoming),
            () = world.sleep_until(timer) => Wake::Timer,
            () = world.moved(moves) => Wake::Again,
            () = world.becomes(!world.is_online()) => Wake::Again,
        }
    }

    async fn handle(&mut self, command: Command) {
        self.deadline = command.deadline;
        let waits = !matches!(command.action, Action::Push { wait: false, .. } | Action::Resolve { .. });
        let result = timeout_at(command.deadline, self.perform(command.action)).await;
        self.delivering = false;
        let result = result.unwrap_or_else(|_| {
            // A later answer could not be told from the answer to another request.
            self.lose(&Error::Deadline);
            Err(Error::Deadline)
        });
        // CL-68: what is not on disk is read again.
        if let Err(error @ Error::Store(_)) = &result {
            self.lose(error);
        }
        self.awaited = None;
        self.publish();
        let _ = command.reply.send(result);
        if !waits && self.link.is_some() {
            self.flush_in_time().await;
        }
        self.drain_deliveries().await;
    }

    async fn perform(&mut self, action: Action) -> Result<Output> {
        match action {
            Action::Connect | Action::Reconnect => {
                match action {
                    Action::Reconnect => self.renew().await?,
                    _ => self.connect().await?,
                }
                let link = self.link.as_ref().ok_or(Error::Closed)?;
                Ok(Output::Connected {
                    node_id: link.identity.node_id,
                    version: link.suite.version(),
                    handshake_hash: link.handshake_hash,
                })
            }
            Action::Push { id, content, wait } => self.push(id, content, wait).await,
            Action::Pull { after } => self.pull(after).await,
            Action::Sync => self.sync().await,
            Action::Completeness => Ok(Output::Complete(self.completeness())),
            Action::Subscribe => {
                self.subscribed = true;
                self.connect().await?;
                self.subscribe().await?;
                Ok(Output::Done)
            }
            Action::PairCreate { passphrase } => self.pair_create(passphrase).await,
            Action::PairJoin { invite, passphrase } => self.pair_join(&invite, passphrase).await,
            Action::PairCancel { invite } => self.pair_cancel(&invite).await,
            Action::Resolve { id, retry } => self.resolve(id, retry),
            Action::Disconnect | Action::Close => {
                self.disconnect().await;
                Ok(Output::Done)
            }
        }
    }

    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> u64 {
        self.world.now_ms()
    }

    pub fn emit(&self, event: Event) {
        // An app that does not listen loses nothing else.
        let _ = self.outlets.events.send(event);
    }

    pub fn deliver(&self, message: Delivered) {
        let _ = self.outlets.messages.send(message);
    }

    /// Shows the state as it is now.
    pub fn publish(&self) {
        let state = self.store.state();
        self.outlets.status.send_replace(Status {
            connected: self.link.as_ref().is_some_and(|link| link.welcomed.is_some()),
            unsynced: state.outbox.len(),
            refused: state.outbox.iter().filter_map(|entry| Some((entry.id, entry.refused?))).collect(),
            cursor: self.cursor().0,
            retention: self.retention,
            group_id: state.group.as_ref().map(|group| *group.id()),
            device_key: state.group.as_ref().map(|group| group.device.device_key),
            names: state.group.as_ref().map(|group| group.names.clone()).unwrap_or_default(),
        });
    }

    /// The relay's NodeId in hexadecimal, as it is connected, pinned or written; empty when nothing is known. CL-01.
    pub fn relay_id(&self) -> String {
        let connected = self.link.as_ref().map(|link| link.identity.node_id);
        let pinned = || {
            let relay = self.relay.as_ref()?;
            let pin = self.store.state().pins.get(&relay.address());
            pin.map(|pin| pin.node_id).or(relay.node_id)
        };
        connected.or_else(pinned).map(|node_id| encode(&node_id)).unwrap_or_default()
    }

    /// The pull cursor at this relay and H of the envelope there.
    pub fn cursor(&self) -> (u64, Vec<u8>) {
        self.store.state().cursors.get(&self.relay_id()).cloned().unwrap_or_default()
    }
}

pub async fn next_incoming(link: &mut Option<Link>) -> Incoming {
    match link {
        Some(link) => link.next().await,
        None => std::future::pending().await,
    }
}
