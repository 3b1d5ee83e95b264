//! Signs that the other end still lives. SE-22, SE-24, SE-25.

use std::sync::Arc;

use tokio::time::{Duration, Instant};

use super::channel::Hearing;
use crate::limits::*;

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// The step that is due now.
#[derive(Debug, PartialEq)]
pub enum Due {
    Nothing,
    Ping,
    /// The session is over; the link is dialled again at once, or under CL-36. SE-26.
    Dead {
        at_once: bool,
    },
}

/// The times of one connection.
pub struct Life {
    hearing: Arc<Hearing>,
    sent: Instant,
    pinged: Instant,
    /// From when on something has been unanswered.
    waiting_since: Option<Instant>,
    /// When the network took the last byte of the request that is unanswered. SE-25.
    asked: Option<Instant>,
    /// When a Ping was sent because of the quiet, and how often there had been life. SE-24.
    probe: Option<(Instant, u64)>,
}

impl Life {
    pub fn new(now: Instant, hearing: Arc<Hearing>) -> Self {
        Life { hearing, sent: now, pinged: now, waiting_since: None, asked: None, probe: None }
    }

    pub fn hearing(&self) -> &Hearing {
        &self.hearing
    }

    /// A frame was written.
    pub fn sent(&mut self, now: Instant) {
        self.sent = now;
    }

    /// A request other than Ping was written.
    pub fn ask(&mut self, now: Instant) {
        self.asked = Some(now);
        self.waiting_since.get_or_insert(now);
    }

    /// The request was answered, or nobody waits for it any more.
    pub fn answered(&mut self, pings_wait: bool, now: Instant) {
        self.asked = None;
        self.ponged(pings_wait, now);
    }

    pub fn pinged(&mut self, now: Instant) {
        self.pinged = now;
        // A Ping of SE-22 may wait for its answer as long as any request does.
        if self.quiet_since().is_some_and(|quiet| quiet + ms(QUIET_MS_MAX) <= now) {
            self.probe = Some((now, self.hearing.last().1));
        }
        self.waiting_since.get_or_insert(now);
    }

    pub fn ponged(&mut self, pings_wait: bool, now: Instant) {
        let waits = self.asked.is_some() || pings_wait;
        self.waiting_since = if waits { Some(self.waiting_since.unwrap_or(now)) } else { None };
    }

    /// SE-24.
    fn quiet_since(&self) -> Option<Instant> {
        self.waiting_since.map(|since| since.max(self.hearing.last().0))
    }

    /// A probe that no life has answered yet.
    fn probe(&self) -> Option<Instant> {
        self.probe.filter(|(_, count)| *count == self.hearing.last().1).map(|(at, _)| at)
    }

    /// SE-22: after PING_INTERVAL_MS in which nothing was sent, or nothing heard.
    fn ping_at(&self) -> Instant {
        self.hearing.last().0.min(self.sent).max(self.pinged) + ms(PING_INTERVAL_MS)
    }

    fn quiet_at(&self) -> Option<Instant> {
        let quiet = self.quiet_since()?;
        Some(self.probe().map_or(quiet + ms(QUIET_MS_MAX), |at| at + ms(PROBE_MS_MAX)))
    }

    fn answer_at(&self) -> Option<Instant> {
        let patience = if self.hearing.is_partial() { ANSWER_ARRIVING_MS_MAX } else { ANSWER_MS_MAX };
        self.asked.map(|asked| asked + ms(patience))
    }

    pub fn next_timer(&self) -> Instant {
        let idle = self.hearing.last().0 + ms(IDLE_TIMEOUT_MS);
        let timers = [self.quiet_at(), self.answer_at()];
        timers.into_iter().flatten().fold(self.ping_at().min(idle), Instant::min)
    }

    pub fn due(&self, now: Instant) -> Due {
        let is_over = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        if is_over(self.quiet_at()) && self.probe().is_some() || self.hearing.last().0 + ms(IDLE_TIMEOUT_MS) <= now {
            return Due::Dead { at_once: true };
        }
        if is_over(self.answer_at()) {
            return Due::Dead { at_once: false };
        }
        if is_over(self.quiet_at()) || self.ping_at() <= now { Due::Ping } else { Due::Nothing }
    }
}
