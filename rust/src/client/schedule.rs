//! When a connection is made again, and when the queue goes on. CL-36, CL-37, ER-05.

use tokio::time::Duration;

use super::driver::Driver;
use super::error::Error;
use super::types::Event;
use crate::crypto::random;
use crate::error::{Reject, Retry, number_of, row_of};
use crate::limits::*;
use crate::text::RelayText;

impl Driver {
    pub fn report_end(&mut self, reject: Option<&Reject>) {
        self.absence_begins();
        self.emit(Event::Disconnected {
            address: self.relay.as_ref().map(RelayText::address).unwrap_or_default(),
            code: reject.and_then(|reject| reject.code),
            class: reject.map(|reject| reject.class),
        });
    }

    /// Schedules another connection after one ended, or never came about, unless none is due. CL-36, CL-37.
    pub fn schedule_after(&mut self, error: &Error, told: Duration) {
        let number = error.reject().map_or(0, |reject| reject.code.unwrap_or_else(|| number_of(reject.class)));
        let refused = matches!(error, Error::Refused(_)) && row_of(number).retry == Retry::No;
        if refused && !matches!(number, 1017 | 1020..=1023 | 1041) {
            self.equal_ends = (0, 0);
            self.persistent &= matches!(number, 1001..=1003);
            let at = self.world.now() + Duration::from_millis(REFUSED_RETRY_MS);
            self.reconnect_at = Some(at).filter(|_| self.persistent);
            return;
        }
        self.equal_ends = match self.equal_ends {
            _ if !(1000..2000).contains(&number) => (0, 0),
            (last, count) if last == number => (number, count + 1),
            _ => (number, 1),
        };
        self.schedule_reconnect(told);
    }

    /// ER-05: the time that the relay asks for, within bounds, and then a time of CL-36.
    pub fn schedule_reconnect(&mut self, told: Duration) {
        if self.persistent {
            self.reconnect_at = Some(self.world.now() + bounded(told) + self.backoff());
        }
    }

    /// Uniform up to a window that doubles. CL-36.
    pub fn backoff(&mut self) -> Duration {
        let bound = if self.equal_ends.1 >= RECONNECT_EQUAL_MAX { RECONNECT_EQUAL_MS_MAX } else { RECONNECT_MS_MAX };
        let wait = draw(self.attempt, bound);
        self.attempt = self.attempt.saturating_add(1);
        wait
    }

    /// CL-24, ER-05: how long the queue rests.
    pub fn push_rest(&mut self, told_ms: u64) -> Duration {
        let wait = draw(self.push_attempt, RECONNECT_MS_MAX);
        self.push_attempt = self.push_attempt.saturating_add(1);
        bounded(Duration::from_millis(told_ms)) + wait
    }
}

/// ER-05: no relay holds a client for longer.
fn bounded(told: Duration) -> Duration {
    told.min(Duration::from_millis(RETRY_AFTER_MS_MAX))
}

fn draw(attempt: u32, bound_ms: u64) -> Duration {
    let window = RECONNECT_MS_MIN.saturating_mul(1 << attempt.min(16)).min(bound_ms);
    Duration::from_millis(u64::from_le_bytes(random()) % (window + 1))
}
