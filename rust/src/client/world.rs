//! Time and network as one session sees them. Tests may move both, also while an action is under way.

use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::watch;
use tokio::time::{Duration, Instant};

/// Shared by a session's handles, its driver and its connection.
pub struct World {
    clock: watch::Sender<Clock>,
    online: watch::Sender<bool>,
    /// The number of times that the app asked for a new connection. CL-39.
    renewals: watch::Sender<u64>,
    /// The last move of the clock after which the driver had nothing left to do.
    rested: watch::Sender<u64>,
}

#[derive(Clone, Copy, Default)]
struct Clock {
    /// Milliseconds to add to the system's clock.
    offset_ms: i64,
    /// The lead of this clock over the system's.
    ahead: Duration,
    /// The readings of the system's clocks when this one was stopped.
    stands: Option<(u64, Instant)>,
    /// The number of times that it was moved.
    moves: u64,
}

impl Clock {
    fn system_ms(&self) -> u64 {
        let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64;
        self.stands.map_or_else(now, |(ms, _)| ms)
    }

    fn system(&self) -> Instant {
        self.stands.map_or_else(Instant::now, |(_, instant)| instant)
    }
}

impl Default for World {
    fn default() -> Self {
        World {
            clock: watch::Sender::new(Clock::default()),
            online: watch::Sender::new(true),
            renewals: watch::Sender::new(0),
            rested: watch::Sender::new(0),
        }
    }
}

impl World {
    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> u64 {
        let clock = *self.clock.borrow();
        (clock.system_ms() as i64).saturating_add(clock.offset_ms).max(0) as u64
    }

    /// The instant that timers are measured by.
    pub fn now(&self) -> Instant {
        let clock = *self.clock.borrow();
        clock.system() + clock.ahead
    }

    /// Waits until `now` has reached an instant; a clock that is moved meanwhile counts.
    pub async fn sleep_until(&self, instant: Instant) {
        let mut clock = self.clock.subscribe();
        loop {
            let now = *clock.borrow_and_update();
            let Some(instant) = instant.checked_sub(now.ahead) else { return };
            if instant <= now.system() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep_until(instant), if now.stands.is_none() => return,
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

    /// From now on the clock moves by `advance_ms` alone.
    pub fn stop(&self) {
        self.clock.send_modify(|clock| clock.stands = Some((clock.system_ms(), clock.system())));
    }

    pub fn advance_ms(&self, ms: u64) {
        self.clock.send_modify(|clock| {
            clock.offset_ms = clock.offset_ms.saturating_add(ms as i64);
            clock.ahead = clock.ahead.saturating_add(Duration::from_millis(ms));
            clock.moves += 1;
        });
    }

    /// The number of times that the clock was moved.
    pub fn moves(&self) -> u64 {
        self.clock.borrow().moves
    }

    /// Waits for another move than the ones counted.
    pub async fn moved(&self, moves: u64) {
        // The sender is `self`: it lives.
        let _ = self.clock.subscribe().wait_for(|clock| clock.moves > moves).await;
    }

    /// The driver waits, and nothing was due after so many moves.
    pub fn rest(&self, moves: u64) {
        self.rested.send_replace(moves);
    }

    /// Waits until everything that the last move made due is done.
    pub async fn idle(&self) {
        let moves = self.moves();
        // The sender is `self`: it lives.
        let _ = self.rested.subscribe().wait_for(|rested| *rested >= moves).await;
    }

    /// The number of times that the app asked for a new connection.
    pub fn renewals(&self) -> u64 {
        *self.renewals.borrow()
    }

    /// CL-39: ends connections and waits from before.
    pub fn renew(&self) {
        self.renewals.send_modify(|renewals| *renewals += 1);
    }

    /// Waits for the app to ask for another connection than the ones counted.
    pub async fn renewed(&self, renewals: u64) {
        // The sender is `self`: it lives.
        let _ = self.renewals.subscribe().wait_for(|now| *now > renewals).await;
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
