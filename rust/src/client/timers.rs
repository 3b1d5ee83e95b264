//! Work that is due without an action: timers, and what the relay says by itself.

use tokio::time::{Duration, Instant, timeout_at};

use super::channel::Incoming;
use super::driver::Driver;
use super::error::Error;
use super::link::Link;
use crate::error::Class;
use crate::limits::ANSWER_MS_MAX;

impl Driver {
    /// Outside of an action: a failure shows in events and is tried again.
    pub async fn flush_in_time(&mut self) {
        let deadline = Instant::now() + Duration::from_millis(ANSWER_MS_MAX);
        match timeout_at(deadline, self.flush()).await {
            Ok(Err(error @ Error::Store(_))) => self.lose(&error),
            Ok(_) => {}
            Err(_) => self.lose(&Error::Deadline),
        }
    }

    /// When something is to be done next.
    pub fn next_timer(&self) -> Instant {
        let link = self.link.as_ref().map(Link::next_timer);
        let push = self.rest.as_ref().filter(|_| self.link.is_some()).map(|rest| rest.until);
        let reconnect = self.reconnect_at.filter(|_| self.world.is_online());
        let far = self.world.now() + Duration::from_secs(3600);
        [self.next_gap(), link, push, reconnect, self.next_expiry()].into_iter().flatten().min().unwrap_or(far)
    }

    pub async fn on_timer(&mut self) {
        self.tell_absences();
        self.close_gaps_in_time();
        self.on_link_timer().await;
        if self.link.is_some() && self.rest.as_ref().is_some_and(|rest| rest.until <= self.world.now()) {
            self.flush_in_time().await;
        }
    }

    pub fn close_gaps_in_time(&mut self) {
        if let Err(error) = self.close_gaps() {
            self.lose(&error);
        }
    }

    pub async fn on_link_timer(&mut self) {
        if let Some(link) = &mut self.link
            && let Err(error) = link.on_timer().await
        {
            self.lose(&error);
        }
    }

    pub async fn on_incoming(&mut self, incoming: Incoming) {
        let Some(link) = &mut self.link else { return };
        let sorted = match link.sort(incoming) {
            Ok(None) => Ok(()),
            Ok(Some(_)) => Err(link.violation(Class::FrameState, "an answer belongs to no request")),
            Err(error) => Err(error),
        };
        if let Err(error) = sorted {
            self.lose(&error);
        }
        self.drain_deliveries().await;
    }

    pub async fn drain_deliveries(&mut self) {
        // Any other failure has closed the connection and said so.
        if let Err(error @ Error::Store(_)) = self.take_deliveries().await {
            self.lose(&error);
        }
    }
}
