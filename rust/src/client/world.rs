//! Time and network as one session sees them. Tests may move both, also while an action is under way.

use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::watch;
use tokio::time::{Duration, Instant};

/// Shared by a session's handles, its driver and its connection.
pub struct World {
    clock: watch::Sender<Clock>,
    online: watch::Sender<bool>,
}

#[derive(Clone, Copy, Default)]
struct Clock {
    /// Milliseconds to add to the system's clock.
    offset_ms: i64,
    /// The lead of this clock over the system's.
    ahead: Duration,
}

impl Default for World {
    fn default() -> Self {
        World { clock: watch::Sender::new(Clock::default()), online: watch::Sender::new(true) }
    }
}

impl World {
    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> u64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as i64;
        now.saturating_add(self.clock.borrow().offset_ms).max(0) as u64
    }

    /// The instant that timers are measured by.
    pub fn now(&self) -> Instant {
        Instant::now() + self.clock.borrow().ahead
    }

    /// Waits until `now` has reached an instant; a clock that is moved meanwhile counts.
    pub async fn sleep_until(&self, instant: Instant) {
        let mut clock = self.clock.subscribe();
        loop {
            let ahead = clock.borrow_and_update().ahead;
            let Some(instant) = instant.checked_sub(ahead) else { return };
            tokio::select! {
                () = tokio::time::sleep_until(instant) => return,
                // The sender is `self`: it lives.
                _ = clock.changed() => {}
            }
        }
    }

    /// Timers stay where they are: they do not follow the calendar.
    pub fn set_now_ms(&self, now_ms: u64) {
        let ahead = (now_ms as i64).saturating_sub(self.now_ms() as i64);
        self.clock.send_modify(|clock| clock.offset_ms = clock.offset_ms.saturating_add(ahead));
    }

    pub fn advance_ms(&self, ms: u64) {
        self.clock.send_modify(|clock| {
            clock.offset_ms = clock.offset_ms.saturating_add(ms as i64);
            clock.ahead = clock.ahead.saturating_add(Duration::from_millis(ms));
        });
    }

    pub fn is_online(&self) -> bool {
        *self.online.borrow()
    }

    pub fn set_online(&self, online: bool) {
        self.online.send_replace(online);
    }

    /// Waits for the network to be cut off or given back.
    pub async fn becomes(&self, online: bool) {
        // The sender is `self`: it lives.
        let _ = self.online.subscribe().wait_for(|now| *now == online).await;
    }
}
