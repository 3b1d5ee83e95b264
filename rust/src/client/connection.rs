//! Making, keeping and losing the connection. CL-30 to CL-37.

use tokio::time::{Duration, Instant, sleep_until};

use super::answer::Answer;
use super::driver::Driver;
use super::error::{Error, Result};
use super::link::{Link, Subscription, Welcomed};
use super::types::Retention;
use crate::error::{Class, Reject, number_of};
use crate::limits::*;
use crate::store::Change;
use crate::text::RelayText;
use crate::wire::tables::{ENROLMENT, HELLO, MEMBER_RECORD, SUBSCRIBE};
use crate::wire::{Message, Origin, Value, decode};

/// Share of an action's time that dialling may take, so that it can still say why it failed.
const DIAL_SHARE: f64 = 0.8;
/// RL-45; as much as one Deliver holds.
const CREDIT_BYTES: u32 = PAGE_BYTES_MAX as u32;

impl Driver {
    pub fn relay(&self) -> Result<RelayText> {
        self.relay.clone().ok_or(Error::Misuse("no relay is configured"))
    }

    /// A connection after Hello. What is there already is used.
    pub async fn connect(&mut self) -> Result<()> {
        self.ensure_group()?;
        // CL-37: from here on every end but an authenticated refusal is tried again.
        self.persistent = true;
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
            // CL-38: the relay may have lost the record and gets it again.
            Err(Error::Refused(reject)) if enrolled && reject.code == Some(1002) => {
                self.store.apply(Change::Enrolled { relay, enrolled: false })?;
                self.store.commit()?;
                self.dial().await?;
                self.hello(true).await?;
            }
            other => other?,
        }
        self.reached = true;
        self.publish();
        if self.subscribed {
            self.subscribe().await?;
        }
        Ok(())
    }

    pub async fn dial(&mut self) -> Result<()> {
        let dialled = self.dial_once().await;
        if let Err(error) = &dialled {
            if error.reject().is_some_and(|reject| reject.code.is_some() || reject.class != Class::ResourceLimit) {
                self.report_end(error.reject());
            }
            self.schedule_after(error, Duration::ZERO);
            self.absence_begins();
        }
        dialled
    }

    async fn dial_once(&mut self) -> Result<()> {
        let relay = self.relay()?;
        let suite = self.options.mode.suite();
        let trust = self.trust(&relay);
        trust.allows(suite)?;
        let left = self.deadline.saturating_duration_since(Instant::now()).mul_f64(DIAL_SHARE);
        let world = self.world.clone();
        let renewals = world.renewals();
        let link = tokio::select! {
            biased;
            () = world.becomes(false) => Err(Error::unreachable("the network is cut off")),
            () = world.renewed(renewals) => Err(Error::unreachable("a new connection is wanted")),
            link = Link::open(&relay, suite, &world, |identity| trust.check(identity)) => link,
            () = sleep_until(Instant::now() + left) => Err(Error::unreachable("the relay cannot be reached")),
        }?;
        let identity = link.identity.clone();
        self.link = Some(link);
        self.may_send_token = trust.has_fixed_pin();
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
        }
        // CL-69: not to whoever answers at the address.
        if let Some(token) = self.options.access_token.as_ref().filter(|_| self.may_send_token) {
            hello = hello.with("access_token", token.as_str());
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
        let retention = retention(&ack);
        self.retention = Some(retention);
        self.expiry_begins(retention, ack.uint("floor"), ack.uint("server_time_ms"));
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
        let asked = link.ask(body, message).await;
        let id = asked.inspect_err(|error| self.lose(error))?;
        loop {
            let gap = self.next_gap();
            let link = self.link.as_mut().ok_or(Error::Closed)?;
            let answer = link.answer(id, expected, gap).await;
            if let Some(answer) = answer.inspect_err(|error| self.lose(error))? {
                return Ok(answer);
            }
            // Gaps and the subscription go on meanwhile.
            self.close_gaps_in_time();
            Box::pin(self.take_deliveries()).await?;
        }
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
            Error::Deadline => Some(Reject::from_number(2007, "the action's time is over")),
            other => other.reject().cloned(),
        };
        link.close(reject.as_ref().map_or(0, |reject| reject.code.unwrap_or_else(|| number_of(reject.class))));
        self.report_end(reject.as_ref());
        let stable = self.world.now().duration_since(link.since) >= Duration::from_millis(RECONNECT_STABLE_MS);
        let broken = link.failed || link.life.hearing().is_violated() || matches!(error, Error::Deadline);
        if stable && !broken {
            self.attempt = 0;
        }
        if link.dial_at_once && self.persistent {
            self.reconnect_at = Some(self.world.now());
        } else {
            self.schedule_after(error, Duration::from_millis(link.reconnect_after_ms));
        }
    }

    /// CL-39: the app knows that the network is another one. The present connection has ended already.
    pub async fn renew(&mut self) -> Result<()> {
        if let Some(link) = self.link.take() {
            link.drop_now();
            self.report_end(None);
        }
        (self.attempt, self.push_attempt, self.equal_ends) = (0, 0, (0, 0));
        (self.rest, self.reconnect_at) = (None, None);
        self.roll_backs.clear();
        self.connect().await
    }

    pub async fn disconnect(&mut self) {
        self.persistent = false;
        self.subscribed = false;
        self.reconnect_at = None;
        if let Some(link) = self.link.take() {
            link.bye().await;
            self.report_end(None);
        }
    }

    /// RL-44, RL-45.
    pub async fn subscribe(&mut self) -> Result<()> {
        let (after, hash) = self.cursor();
        let link = self.link.as_mut().ok_or(Error::Closed)?;
        if link.subscription.is_some() {
            return Ok(());
        }
        let most = link.welcomed.as_ref().map_or(CREDIT_BYTES_MAX, |welcomed| welcomed.credit_bytes_max);
        let credit = CREDIT_BYTES.min(most as u32);
        let subscribe =
            Message::new(&SUBSCRIBE).with("after", after).with("hash_at_after", hash).with("credit_bytes", credit);
        let id = link.next_request_id();
        match self.request("subscribe", subscribe, "deliver").await? {
            Ok(first) => {
                let link = self.link.as_mut().ok_or(Error::Closed)?;
                link.subscription = Some(Subscription { request_id: id, after, credit: i64::from(credit) });
                let drawn = link.draw(&first);
                link.deliveries.push_front(first);
                drawn.inspect_err(|error| self.lose(error))?;
                self.take_deliveries().await
            }
            Err(refusal) if refusal.reject.code == Some(1040) => {
                self.roll_back()?;
                self.pull_from_start().await?;
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
        self.deadline = Instant::now() + Duration::from_millis(HELLO_DEADLINE_MS);
        let again = async {
            self.connect().await?;
            self.flush().await
        };
        let done = again.await;
        if let Err(error @ Error::Store(_)) = &done {
            self.lose(error);
        }
        if self.link.is_some() {
            self.reconnect_at = None;
        } else if self.reconnect_at.is_none_or(|at| at <= self.world.now()) {
            self.reconnect_at = None;
            self.schedule_reconnect(Duration::ZERO);
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
        credit_bytes_max: clamp("credit_bytes_max", CREDIT_BYTES_MAX),
    }
}

/// 0 stands for never. SE-18.
fn retention(ack: &Message) -> Retention {
    let positive = |name: &str| Some(ack.uint(name)).filter(|value| *value > 0);
    Retention {
        expires_after: positive("retention_seconds").map(Duration::from_secs),
        bytes_max: positive("retention_bytes"),
    }
}
