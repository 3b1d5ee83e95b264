//! The one task that owns a session: its store, its connection and its timers.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::{mpsc, watch};
use tokio::time::{Duration, Instant, sleep_until, timeout_at};

use super::actions::{Action, Command, Output, Stored};
use super::channel::Incoming;
use super::error::{Error, Result};
use super::link::Link;
use super::types::{Delivered, Event, Options, Status};
use crate::crypto::Key;

use crate::limits::*;
use crate::store::{Change, Store};
use crate::text::RelayText;

pub struct Driver {
    pub store: Store,
    pub options: Options,
    pub relay: Option<RelayText>,
    pub link: Option<Link>,
    messages: mpsc::UnboundedSender<Delivered>,
    events: mpsc::UnboundedSender<Event>,
    status: watch::Sender<Status>,
    /// Milliseconds to add to the system's clock.
    clock_offset: i64,
    /// Lost connections are made again by themselves. CL-36, CL-37.
    pub persistent: bool,
    pub subscribed: bool,
    pub network: bool,
    pub attempt: u32,
    pub reconnect_at: Option<Instant>,
    /// Since when a sender's gap is open. EN-24.
    pub gaps: HashMap<Key, Instant>,
    /// The queue rests until then. CL-24.
    pub push_at: Option<Instant>,
    /// Own chain and HelloAck were compared on this connection. CL-21.
    pub reconciled: bool,
    /// The relay lost data; what it lacks of this device's is pushed again. CL-06.
    pub rolled_back: bool,
    /// The message whose storage is awaited.
    pub awaited: Option<([u8; 16], Option<Stored>)>,
    pub deadline: Instant,
}

enum Wake {
    Incoming(Incoming),
    Timer,
    Reconnected,
}

impl Driver {
    pub fn open(
        group_id: Option<Key>,
        relay: Option<RelayText>,
        options: Options,
        messages: mpsc::UnboundedSender<Delivered>,
        events: mpsc::UnboundedSender<Event>,
        status: watch::Sender<Status>,
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
        let mut driver = Driver {
            relay: relay.or(stored),
            store,
            options,
            link: None,
            messages,
            events,
            status,
            clock_offset: 0,
            persistent: false,
            subscribed: false,
            network: true,
            attempt: 0,
            reconnect_at: None,
            gaps: HashMap::new(),
            push_at: None,
            reconciled: false,
            rolled_back: false,
            awaited: None,
            deadline: Instant::now(),
        };
        driver.note_gaps();
        driver.publish();
        Ok(driver)
    }

    pub async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        loop {
            let reconnecting = self.reconnect_at.is_some_and(|at| at <= Instant::now());
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
                        self.handle(command).await;
                    }
                },
                wake = self.wait(reconnecting) => match wake {
                    Wake::Incoming(incoming) => self.on_incoming(incoming).await,
                    Wake::Timer => self.on_timer().await,
                    Wake::Reconnected => {}
                },
            }
            self.publish();
        }
        self.disconnect().await;
    }

    /// Waits for what happens by itself. A command may interrupt it.
    async fn wait(&mut self, reconnecting: bool) -> Wake {
        if reconnecting {
            self.reconnect().await;
            return Wake::Reconnected;
        }
        let timer = self.next_timer();
        tokio::select! {
            incoming = next_incoming(&mut self.link) => Wake::Incoming(incoming),
            () = sleep_until(timer) => Wake::Timer,
        }
    }

    async fn handle(&mut self, command: Command) {
        self.deadline = command.deadline;
        let waits = !matches!(command.action, Action::Push { wait: false, .. });
        let result = timeout_at(command.deadline, self.perform(command.action)).await;
        let result = result.unwrap_or_else(|_| {
            // What was asked may be answered later: nobody would know to what.
            self.lose(&Error::Deadline);
            Err(Error::Deadline)
        });
        self.awaited = None;
        self.publish();
        let _ = command.reply.send(result);
        if !waits && self.link.is_some() {
            self.deadline = Instant::now() + Duration::from_millis(HELLO_DEADLINE_MS);
            // A failure shows in events and is tried again.
            let _ = timeout_at(self.deadline, self.flush()).await;
        }
        self.drain_deliveries().await;
    }

    async fn perform(&mut self, action: Action) -> Result<Output> {
        match action {
            Action::Connect => {
                self.connect().await?;
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
            Action::Subscribe => {
                self.subscribed = true;
                self.connect().await?;
                self.subscribe().await?;
                Ok(Output::Done)
            }
            Action::PairCreate { passphrase } => self.pair_create(passphrase).await,
            Action::PairJoin { invite, passphrase } => self.pair_join(&invite, passphrase).await,
            Action::Resolve { id, retry } => {
                self.store.apply(if retry { Change::Retried { id } } else { Change::Dropped { id } })?;
                self.store.commit()?;
                Ok(Output::Done)
            }
            Action::Disconnect | Action::Close => {
                self.disconnect().await;
                Ok(Output::Done)
            }
            Action::SetClock { now_ms } => {
                let ahead = (now_ms as i64).saturating_sub(self.now_ms() as i64);
                self.clock_offset = self.clock_offset.saturating_add(ahead);
                Ok(Output::Done)
            }
            Action::AdvanceClock { ms } => {
                self.clock_offset = self.clock_offset.saturating_add(ms as i64);
                for since in self.gaps.values_mut() {
                    *since = since.checked_sub(Duration::from_millis(ms)).unwrap_or(*since);
                }
                Ok(Output::Done)
            }
            Action::SetOnline { online } => {
                self.network = online;
                if !online && let Some(mut link) = self.link.take() {
                    link.close(0);
                    self.emit(Event::Disconnected { code: None, class: None });
                }
                Ok(Output::Done)
            }
        }
    }

    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> u64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as i64;
        now.saturating_add(self.clock_offset).max(0) as u64
    }

    pub fn emit(&self, event: Event) {
        // An app that does not listen loses nothing else.
        let _ = self.events.send(event);
    }

    pub fn deliver(&self, message: Delivered) {
        let _ = self.messages.send(message);
    }

    fn publish(&self) {
        let state = self.store.state();
        self.status.send_replace(Status {
            connected: self.link.as_ref().is_some_and(|link| link.welcomed.is_some()),
            unsynced: state.outbox.len(),
            cursor: self.cursor().0,
            group_id: state.group.as_ref().map(|group| *group.id()),
            device_key: state.group.as_ref().map(|group| group.device.device_key),
        });
    }

    /// The pull cursor at this relay and H of the envelope there.
    pub fn cursor(&self) -> (u64, Vec<u8>) {
        let address = self.relay.as_ref().map(RelayText::address).unwrap_or_default();
        self.store.state().cursors.get(&address).cloned().unwrap_or_default()
    }

    async fn on_incoming(&mut self, incoming: Incoming) {
        let Some(link) = &mut self.link else { return };
        let sorted = match link.sort(incoming) {
            Ok(None) => Ok(()),
            Ok(Some(_)) => Err(link.violation("an answer belongs to no request")),
            Err(error) => Err(error),
        };
        if let Err(error) = sorted {
            self.lose(&error);
        }
        self.drain_deliveries().await;
    }

    async fn drain_deliveries(&mut self) {
        self.deadline = Instant::now() + Duration::from_millis(HELLO_DEADLINE_MS);
        // A failure has closed the connection and said so.
        let _ = self.take_deliveries().await;
    }

    fn next_timer(&self) -> Instant {
        let gap = self.gaps.values().map(|since| *since + Duration::from_millis(GAP_WAIT_MS)).min();
        let link = self.link.as_ref().map(Link::next_timer);
        let push = self.push_at.filter(|_| self.link.is_some());
        let far = Instant::now() + Duration::from_secs(3600);
        [gap, link, push, self.reconnect_at].into_iter().flatten().min().unwrap_or(far)
    }

    async fn on_timer(&mut self) {
        let now = Instant::now();
        self.deadline = now + Duration::from_millis(HELLO_DEADLINE_MS);
        if let Err(error) = self.close_gaps(now) {
            self.lose(&error);
        }
        if let Some(link) = &mut self.link
            && let Err(error) = link.on_timer().await
        {
            self.lose(&error);
        }
        if self.push_at.is_some_and(|at| at <= now) && self.link.is_some() {
            self.push_at = None;
            let _ = timeout_at(self.deadline, self.flush()).await;
        }
    }
}

async fn next_incoming(link: &mut Option<Link>) -> Incoming {
    match link {
        Some(link) => link.next().await,
        None => std::future::pending().await,
    }
}
