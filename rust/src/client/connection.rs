//! Making, keeping and losing the connection. CL-30 to CL-37.

use tokio::time::{Duration, Instant, sleep_until, timeout_at};

use super::answer::Answer;
use super::driver::Driver;
use super::error::{Error, Result};
use super::link::{Link, Welcomed};
use super::types::Event;
use crate::crypto::random;
use crate::error::{Reject, Retry, number_of, row_of};
use crate::limits::*;
use crate::store::Change;
use crate::text::RelayText;
use crate::wire::tables::{ENROLMENT, HELLO, MEMBER_RECORD, SUBSCRIBE};
use crate::wire::{Message, Origin, Value, decode};

/// Share of an action's time that dialling may take, so that it can still say why it failed.
const DIAL_SHARE: f64 = 0.8;
const CREDIT_BYTES: u32 = 1024 * 1024;

impl Driver {
    pub fn relay(&self) -> Result<RelayText> {
        self.relay.clone().ok_or(Error::Misuse("no relay is configured"))
    }

    /// A connection after Hello. What is there already is used.
    pub async fn connect(&mut self) -> Result<()> {
        self.ensure_group()?;
        if self.link.as_ref().is_some_and(|link| link.leaving) {
            self.lose(&Error::Closed);
        }
        if self.link.as_ref().is_some_and(|link| link.welcomed.is_some()) {
            return Ok(());
        }
        if self.link.is_none() {
            self.dial().await?;
        }
        let relay = self.relay_id();
        let enrolled = self.store.state().enrolled.contains(&relay);
        match self.hello(!enrolled).await {
            // CL-37: the relay may have lost the record and gets it again.
            Err(Error::Reject(reject)) if enrolled && reject.code == Some(1002) => {
                self.store.apply(Change::Enrolled { relay, enrolled: false })?;
                self.store.commit()?;
                self.dial().await?;
                self.hello(true).await?;
            }
            other => other?,
        }
        self.persistent = true;
        if self.subscribed {
            self.subscribe().await?;
        }
        Ok(())
    }

    pub async fn dial(&mut self) -> Result<()> {
        let relay = self.relay()?;
        let suite = self.options.mode.suite();
        let trust = self.trust(&relay);
        trust.allows(suite)?;
        let left = self.deadline.saturating_duration_since(Instant::now()).mul_f64(DIAL_SHARE);
        let world = self.world.clone();
        let link = tokio::select! {
            biased;
            () = world.becomes(false) => Err(Error::unreachable("the network is cut off")),
            link = Link::open(&relay, suite, &world, |identity| trust.check(identity)) => link,
            () = sleep_until(Instant::now() + left) => Err(Error::unreachable("the relay cannot be reached")),
        }?;
        let identity = link.identity.clone();
        self.link = Some(link);
        self.reconciled = false;
        self.reconnect_at = None;
        self.learn_identity(&relay, &trust, &identity)
    }

    /// SE-10 to SE-16.
    async fn hello(&mut self, enrol: bool) -> Result<()> {
        let relay = self.relay()?;
        let link = self.link.as_ref().ok_or(Error::Closed)?;
        let group = self.store.state().group()?;
        let mut hello = Message::new(&HELLO)
            .with("group_id", *group.id())
            .with("device_key", group.device.device_key)
            .with("signature", group.device.sign_hello(&link.handshake_hash));
        if enrol {
            let record =
                group.members.get(&group.device.device_key).ok_or(Error::Misuse("the own record is missing"))?;
            let auth_key = group.auth_key(0).ok_or(Error::Misuse("epoch 0 is missing"))?;
            let record = decode(&MEMBER_RECORD, record, Origin::Client)?;
            hello = hello.with("enrolment", Message::new(&ENROLMENT).with("record", record).with("auth_key", auth_key));
            if let Some(token) = &self.options.access_token {
                hello = hello.with("access_token", token.as_str());
            }
        }
        let link = self.link.as_mut().ok_or(Error::Closed)?;
        link.greeting = true;
        let (world, hello_by) = (self.world.clone(), link.hello_by);
        let answer = tokio::select! {
            answer = self.request("hello", hello, "hello_ack") => answer?,
            () = world.sleep_until(hello_by) => {
                let error = Error::silence("Hello is not answered");
                self.lose(&error);
                return Err(error);
            }
        };
        let ack = answer.map_err(|refusal| Error::Reject(refusal.reject))?;
        self.learn_signing_key(&relay, ack.bytes("signing_key")).inspect_err(|error| self.lose(error))?;
        let link = self.link.as_mut().ok_or(Error::Closed)?;
        link.greeting = false;
        link.welcomed = Some(welcomed(&ack));
        if enrol {
            self.store.apply(Change::Enrolled { relay: self.relay_id(), enrolled: true })?;
            self.store.commit()?;
        }
        Ok(())
    }

    pub async fn request(&mut self, body: &str, message: Message, expected: &str) -> Result<Answer> {
        let link = self.link.as_mut().ok_or(Error::Closed)?;
        if link.leaving {
            return Err(Error::Lost(Reject::from_number(3001, "the relay is about to stop")));
        }
        let answer = link.request(body, message, expected).await;
        answer.inspect_err(|error| self.lose(error))
    }

    /// Frames that have no answer.
    pub async fn tell(&mut self, body: &str, message: Message) -> Result<()> {
        let link = self.link.as_mut().ok_or(Error::Closed)?;
        let told = link.tell(body, message).await;
        told.inspect_err(|error| self.lose(error))
    }

    /// The connection is over; whether and when another one is made. CL-36, CL-37.
    pub fn lose(&mut self, error: &Error) {
        let Some(mut link) = self.link.take() else {
            return;
        };
        let reject = match error {
            // Nobody did anything wrong.
            _ if !self.world.is_online() => None,
            Error::Reject(reject) | Error::Lost(reject) => Some(reject.clone()),
            Error::Deadline => Some(Reject::from_number(2007, "the action's time is over")),
            _ => None,
        };
        let number = reject.as_ref().map_or(0, |reject| reject.code.unwrap_or_else(|| number_of(reject.class)));
        link.close(number);
        self.emit(Event::Disconnected {
            code: reject.as_ref().and_then(|reject| reject.code),
            class: reject.as_ref().map(|reject| reject.class),
        });
        if matches!(error, Error::Reject(_)) && row_of(number).retry == Retry::No {
            self.persistent = false;
        }
        if self.world.now().duration_since(link.since) >= Duration::from_millis(RECONNECT_STABLE_MS) {
            self.attempt = 0;
        }
        self.schedule_reconnect(Duration::from_millis(link.reconnect_after_ms));
    }

    fn schedule_reconnect(&mut self, at_least: Duration) {
        if self.persistent {
            self.reconnect_at = Some(self.world.now() + self.backoff().max(at_least));
        }
    }

    /// Uniform up to a window that doubles. CL-36.
    pub fn backoff(&mut self) -> Duration {
        let window = RECONNECT_MS_MIN.saturating_mul(1 << self.attempt.min(16)).min(RECONNECT_MS_MAX);
        self.attempt = self.attempt.saturating_add(1);
        Duration::from_millis(u64::from_le_bytes(random()) % (window + 1))
    }

    pub fn attempt_succeeded(&mut self) {
        self.attempt = 0;
    }

    pub async fn disconnect(&mut self) {
        self.persistent = false;
        self.subscribed = false;
        self.reconnect_at = None;
        if let Some(link) = self.link.take() {
            link.bye().await;
            self.emit(Event::Disconnected { code: None, class: None });
        }
    }

    /// RL-44, RL-45.
    pub async fn subscribe(&mut self) -> Result<()> {
        let (after, hash) = self.cursor();
        let link = self.link.as_mut().ok_or(Error::Closed)?;
        if link.subscription.is_some() {
            return Ok(());
        }
        let subscribe = Message::new(&SUBSCRIBE)
            .with("after", after)
            .with("hash_at_after", hash)
            .with("credit_bytes", CREDIT_BYTES);
        let id = link.next_request_id();
        match self.request("subscribe", subscribe, "deliver").await? {
            Ok(first) => {
                let link = self.link.as_mut().ok_or(Error::Closed)?;
                link.subscription = Some((id, after));
                link.deliveries.push_front(first);
                self.take_deliveries().await
            }
            Err(refusal) if refusal.reject.code == Some(1040) => {
                self.roll_back()?;
                self.pull_log().await?;
                self.flush().await?;
                Box::pin(self.subscribe()).await
            }
            Err(refusal) => Err(Error::Reject(refusal.reject)),
        }
    }

    /// An action came in between: it dials anew if it needs to.
    pub fn interrupt_reconnect(&mut self) {
        self.lose(&Error::Closed);
    }

    pub async fn reconnect(&mut self) {
        let again = async {
            self.connect().await?;
            self.flush().await
        };
        let done = timeout_at(Instant::now() + Duration::from_millis(HELLO_DEADLINE_MS), again).await;
        self.reconnect_at = None;
        match done {
            Ok(Ok(_)) => {}
            Ok(Err(Error::Reject(reject))) if row_of(reject.code.unwrap_or(1000)).retry == Retry::No => {
                self.persistent = false;
            }
            Ok(Err(_)) => self.schedule_reconnect(Duration::ZERO),
            Err(_) => {
                self.lose(&Error::Deadline);
                self.schedule_reconnect(Duration::ZERO);
            }
        }
    }
}

fn welcomed(ack: &Message) -> Welcomed {
    let limits = ack.message("limits");
    // SE-16: a claim, clamped to the specification's limits; 0 says nothing.
    let clamp = |name: &str, max: usize| match limits.map_or(0, |limits| limits.uint(name)) {
        0 => max,
        claimed => max.min(claimed as usize),
    };
    Welcomed {
        head: ack.uint("head"),
        own_head: ack.message("own_head").cloned(),
        own_sequence: 0,
        ack_removal: ack.all("capabilities").any(|name| *name == Value::Text("ack-removal".into())),
        push_items_max: clamp("push_items_max", PUSH_ITEMS_MAX),
        frame_bytes_max: clamp("frame_bytes_max", FRAME_BYTES_MAX),
    }
}
