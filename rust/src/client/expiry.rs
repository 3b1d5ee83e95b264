//! Tells before a relay that removes messages by age removes some that are still needed. CL-29.

use tokio::time::{Duration, Instant};

use super::driver::Driver;
use super::types::{Event, Expiring, Retention};

/// The app is told when this part of the age is left.
const PART_LEFT: u32 = 4;

/// A relay that removes messages by age.
pub struct Expiry {
    age: Duration,
    /// The highest cursor that it had removed.
    floor: u64,
    /// Its clock when the session began, milliseconds since 1970, and ours.
    began_at: (u64, Instant),
    /// The end of the last session; `None` during one.
    gone_since: Option<Instant>,
    told_unread: bool,
}

impl Expiry {
    /// When the app is told of an absence that goes on.
    fn due(&self) -> Option<Instant> {
        self.gone_since.filter(|_| !self.told_unread).map(|since| since + self.age - self.age / PART_LEFT)
    }

    fn relay_now_ms(&self, now: Instant) -> u64 {
        let (relay_ms, began) = self.began_at;
        relay_ms.saturating_add(now.duration_since(began).as_millis() as u64)
    }
}

impl Driver {
    /// A session began: an absence is over, and the relay says anew what it removes. SE-18.
    pub fn expiry_begins(&mut self, retention: Retention, floor: u64, relay_ms: u64) {
        let relay = self.relay_id();
        self.expiries.remove(&relay);
        if let Some(age) = retention.expires_after {
            let began_at = (relay_ms, self.world.now());
            self.expiries.insert(relay, Expiry { age, floor, began_at, gone_since: None, told_unread: false });
        }
    }

    /// A session ended, or an attempt failed.
    pub fn absence_begins(&mut self) {
        let (now, relay) = (self.world.now(), self.relay_id());
        if let Some(expiry) = self.expiries.get_mut(&relay) {
            expiry.gone_since.get_or_insert(now);
        }
    }

    /// When an absence is told next.
    pub fn next_expiry(&self) -> Option<Instant> {
        self.expiries.values().filter_map(Expiry::due).min()
    }

    /// Tells of each absence that has lasted three quarters of its relay's age, once.
    pub fn tell_absences(&mut self) {
        let (now, now_ms) = (self.world.now(), self.now_ms());
        let mut told = Vec::new();
        for (relay, expiry) in &mut self.expiries {
            if expiry.due().is_some_and(|due| due <= now) {
                expiry.told_unread = true;
                let absent = expiry.gone_since.map_or(Duration::ZERO, |since| now.duration_since(since));
                told.push((relay.clone(), expiry.age.saturating_sub(absent)));
            }
        }
        for (relay, left) in told {
            let at_ms = now_ms + left.as_millis() as u64;
            self.emit(Event::Expiring { relay, what: Expiring::Unread, at_ms });
        }
    }

    /// The relay was read to its head: tells, once in a run, when the oldest message that it serves has a quarter of the
    /// age left.
    pub fn tell_history(&mut self) {
        let relay = self.relay_id();
        let Some(expiry) = self.expiries.get(&relay).filter(|_| !self.told_history.contains(&relay)) else { return };
        let (age_ms, relay_now_ms) = (expiry.age.as_millis() as u64, expiry.relay_now_ms(self.world.now()));
        let Some(log) = self.store.state().logs.get(&relay) else { return };
        let gone_at = |received_ms: u64| received_ms.saturating_add(age_ms);
        let mut left = log.above(expiry.floor).map(|(_, logged)| gone_at(logged.received_at_ms));
        let Some(left_ms) = left.find_map(|gone| gone.checked_sub(relay_now_ms).filter(|left| *left > 0)) else {
            return;
        };
        if left_ms <= age_ms / u64::from(PART_LEFT) {
            let at_ms = self.now_ms() + left_ms;
            self.told_history.insert(relay.clone());
            self.emit(Event::Expiring { relay, what: Expiring::History, at_ms });
        }
    }
}
