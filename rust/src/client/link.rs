//! One connection: the client side of the session machine. spec/session.md.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use quinn::{Connection, Endpoint};
use tokio::sync::mpsc;
use tokio::time::{Duration, Instant, timeout};

use super::answer::Answer;
use super::channel::{Hearing, Incoming, Sender, handshake, spawn_reader};
use super::error::{Error, Result};
use super::life::{Due, Life};
use super::quic;
use super::world::World;
use crate::crypto::Key;
use crate::error::{Class, Reject, number_of};
use crate::limits::HELLO_DEADLINE_MS;
use crate::noise::{Identity, Suite};
use crate::record::Cipher;
use crate::text::RelayText;
use crate::wire::Message;
use crate::wire::tables::FRAME;

/// The fields of HelloAck that the session keeps. SE-15.
#[derive(Clone, Debug, Default)]
pub struct Welcomed {
    /// Highest cursor of the group; a claim.
    pub head: u64,
    /// The stub of the relay's head of this device's chain, not verified yet. CL-21.
    pub own_head: Option<Message>,
    /// The relay's head of this device's chain: as HelloAck said, and then as PushAcks do.
    pub own_sequence: u64,
    /// The relay removes what every device acknowledged. CL-07.
    pub ack_removal: bool,
    pub push_items_max: usize,
    pub frame_bytes_max: usize,
    pub credit_bytes_max: usize,
}

pub struct Link {
    pub world: Arc<World>,
    connection: Connection,
    _endpoint: Endpoint,
    sender: Sender,
    frames: mpsc::Receiver<Incoming>,
    next_id: u32,
    pub identity: Identity,
    pub suite: Suite,
    pub handshake_hash: Key,
    /// Until when Hello must be answered. HS-15.
    pub hello_by: Instant,
    /// True from Hello to HelloAck.
    pub greeting: bool,
    /// Set by HelloAck.
    pub welcomed: Option<Welcomed>,
    /// The relay showed no other keys than those pinned. CL-37.
    pub is_trusted: bool,
    pub subscription: Option<Subscription>,
    /// Delivers that came while something else was awaited.
    pub deliveries: VecDeque<Message>,
    pub pings: HashSet<u32>,
    pub life: Life,
    /// After GoAway or Bye nothing new is asked.
    pub leaving: bool,
    /// GoAway's number. SE-21.
    pub go_away: Option<u32>,
    /// Shortest wait before another connection that the relay's last frame asks for, milliseconds. ER-05, SE-21.
    pub reconnect_after_ms: u64,
    pub said_bye: bool,
    /// It closed, or a deadline of this end is over: such a session proves no stability. CL-36.
    pub failed: bool,
    /// SE-26: the link died under a session, and is made again at once.
    pub dial_at_once: bool,
    /// The number of times that the app had asked for a new connection. CL-39.
    renewals: u64,
    pub since: Instant,
}

/// RL-44, RL-45.
#[derive(Clone, Copy)]
pub struct Subscription {
    /// Of the Subscribe.
    pub request_id: u32,
    /// The cursor up to which it has delivered.
    pub after: u64,
    /// Bytes that the relay may deliver; one envelope may overdraw it. CL-18.
    pub credit: i64,
}

impl Link {
    pub async fn open(
        relay: &RelayText,
        suite: Suite,
        world: &Arc<World>,
        check: impl FnOnce(&Identity) -> crate::error::Result<bool>,
    ) -> Result<Self> {
        let renewals = world.renewals();
        let mut is_trusted = false;
        let check = |identity: &Identity| check(identity).map(|trusted| is_trusted = trusted);
        let hello_by = world.now() + Duration::from_millis(HELLO_DEADLINE_MS);
        let (endpoint, connection) = quic::dial(relay, suite).await?;
        let opened = connection.open_bi().await;
        let (mut send, mut receive) = opened.map_err(|error| quic::ended(&error))?;
        let done = tokio::select! {
            done = handshake(&connection, (&mut send, &mut receive), suite, check) => done,
            () = world.sleep_until(hello_by) => Err(Error::silence("the handshake took too long")),
        };
        let (identity, outcome) = done.inspect_err(|error| {
            if let Error::Reject(reject) | Error::Lost(reject) = error {
                let number = reject.code.unwrap_or_else(|| number_of(reject.class));
                connection.close(number.into(), b"");
            }
        })?;
        let hearing = Arc::new(Hearing::new(world));
        let cipher = Cipher::new(outcome.k_receive);
        Ok(Link {
            world: world.clone(),
            sender: Sender::new(send, Cipher::new(outcome.k_send)),
            frames: spawn_reader(connection.clone(), receive, cipher, hearing.clone()),
            connection,
            _endpoint: endpoint,
            next_id: 1,
            identity,
            suite,
            handshake_hash: outcome.handshake_hash,
            hello_by,
            greeting: false,
            welcomed: None,
            subscription: None,
            deliveries: VecDeque::new(),
            pings: HashSet::new(),
            is_trusted,
            life: Life::new(world.now(), hearing),
            leaving: false,
            go_away: None,
            reconnect_after_ms: 0,
            said_bye: false,
            failed: false,
            dial_at_once: false,
            renewals,
            since: world.now(),
        })
    }

    /// The id of the request that comes next.
    pub fn next_request_id(&self) -> u32 {
        self.next_id
    }

    /// Sends a request and gives its id. SE-04.
    pub async fn send(&mut self, body: &str, message: Message) -> Result<u32> {
        let id = self.next_id;
        self.next_id = self.next_id.wrapping_add(1).max(1);
        self.write(id, body, message).await?;
        Ok(id)
    }

    /// Sends a frame that has no answer.
    pub async fn tell(&mut self, body: &str, message: Message) -> Result<()> {
        self.write(0, body, message).await
    }

    async fn write(&mut self, id: u32, body: &str, message: Message) -> Result<()> {
        let frame = Message::new(&FRAME).with("request_id", id).with(body, message);
        self.sender.send(&self.connection, &frame, self.life.hearing()).await?;
        self.life.sent(self.world.now());
        Ok(())
    }

    /// Sends a request, whose answer `answer` waits for.
    pub async fn ask(&mut self, body: &str, message: Message) -> Result<u32> {
        let id = self.send(body, message).await?;
        // HS-15 bounds the wait for HelloAck, in which the relay takes no Ping.
        if !self.greeting {
            self.life.ask(self.world.now());
        }
        Ok(id)
    }

    /// Waits for the answer, which is the frame `expected`; `None` when a Deliver comes before it, or the instant `until`.
    pub async fn answer(&mut self, id: u32, expected: &str, until: Option<Instant>) -> Result<Option<Answer>> {
        let world = self.world.clone();
        loop {
            let (moves, timer) = (world.moves(), self.next_timer());
            if until.is_some_and(|until| until <= world.now()) {
                return Ok(None);
            }
            let timer = until.map_or(timer, |until| timer.min(until));
            // A dial is over with HelloAck: until then this client is not idle.
            if timer > world.now() && !self.greeting {
                world.rest(moves);
            }
            let incoming = tokio::select! {
                incoming = self.next() => incoming,
                () = world.sleep_until(timer) => {
                    self.on_timer().await?;
                    continue;
                }
                () = world.moved(moves) => continue,
            };
            if let Some((answered, name, answer)) = self.sort(incoming)? {
                if answered != id || (answer.is_ok() && name != expected) {
                    return Err(self.violation(Class::FrameState, "an answer belongs to no request"));
                }
                self.life.answered(!self.pings.is_empty(), self.world.now());
                return Ok(Some(answer));
            }
            if !self.deliveries.is_empty() {
                return Ok(None);
            }
        }
    }

    pub async fn next(&mut self) -> Incoming {
        tokio::select! {
            incoming = self.frames.recv() => incoming.unwrap_or(Incoming::Finished),
            () = self.world.becomes(false) => Incoming::Ended(Error::unreachable("the network is cut off")),
            () = self.world.renewed(self.renewals) => Incoming::Ended(Error::unreachable("a new connection is wanted")),
        }
    }

    /// SE-02, SE-07, SE-56.
    pub fn violation(&mut self, class: Class, detail: &str) -> Error {
        self.failed = true;
        let number = number_of(class);
        self.close(number);
        Error::Reject(Reject { code: Some(number), ..Reject::new(class, detail) })
    }

    pub fn close(&mut self, number: u32) {
        self.connection.close(number.into(), b"");
    }

    /// SE-20: says Bye and waits for the relay to end the stream.
    pub async fn bye(mut self) {
        const GOODBYE: Duration = Duration::from_secs(2);
        let farewell = async {
            self.said_bye = true;
            self.tell("bye", Message::new(&crate::wire::tables::BYE)).await?;
            while let Incoming::Frame(_) = self.next().await {}
            Result::Ok(())
        };
        // The relay's silence changes nothing: this end is done.
        let _ = timeout(GOODBYE, farewell).await;
        self.close(0);
    }

    /// CL-39: closes without a word, or a wait for one.
    pub fn drop_now(self) {
        self.connection.close(0u32.into(), b"");
    }

    /// When the link next wants attention: a ping or the end. SE-22, SE-24, SE-25.
    pub fn next_timer(&self) -> Instant {
        self.life.next_timer()
    }

    pub async fn on_timer(&mut self) -> Result<()> {
        match self.life.due(self.world.now()) {
            Due::Nothing => Ok(()),
            Due::Ping => {
                let id = self.send("ping", Message::new(&crate::wire::tables::PING)).await?;
                self.pings.insert(id);
                self.life.pinged(self.world.now());
                Ok(())
            }
            Due::Dead { at_once } => {
                self.failed = true;
                self.dial_at_once = at_once && self.welcomed.is_some();
                Err(Error::silence("the relay is silent"))
            }
        }
    }
}
