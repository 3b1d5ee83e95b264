//! Actions that wait for the queue. CL-23, CL-24, CL-36.

use tokio::time::{Duration, Instant, sleep_until};

use super::actions::{Output, Stored};
use super::driver::{Driver, next_incoming};
use super::error::{Error, Result};
use super::link::Link;
use super::outbound::{Flushed, Rest};
use crate::error::{Class, Retry, row_of};

/// Part of an action's time that is left for its answer when it waits in vain.
const ANSWER_TIME: Duration = Duration::from_millis(100);

impl Driver {
    pub async fn sync(&mut self) -> Result<Output> {
        self.flush_patiently(None).await?;
        self.pull_new().await?;
        Ok(Output::Synced { cursor: self.cursor().0, unsynced: self.store.state().outbox.len() })
    }

    /// Flushes until the queue is empty, blocked for good, or the awaited message is stored; a lost connection is made
    /// again while there is time. CL-23, CL-24.
    pub async fn flush_patiently(&mut self, awaited: Option<[u8; 16]>) -> Result<Option<Stored>> {
        self.awaited = awaited.map(|id| (id, None));
        loop {
            let flushed = match self.connect().await {
                Ok(()) => self.flush().await,
                Err(error) => Err(error),
            };
            if let Some((_, Some(stored))) = self.awaited {
                return Ok(Some(stored));
            }
            let (until, error) = match flushed {
                Ok(Flushed::All) => return Ok(None),
                Ok(Flushed::Refused(_)) if awaited.is_none() => return Ok(None),
                Ok(Flushed::Refused(reject)) => return Err(Error::Reject(reject)),
                Ok(Flushed::Resting(Rest { until, reject })) => (until, Error::Reject(reject)),
                Err(error) if self.is_transient(&error) => {
                    let until = self.reconnect_at.unwrap_or_else(|| self.world.now() + self.backoff());
                    (until, error)
                }
                Err(error) => return Err(error),
            };
            if !self.pause(until).await {
                return Err(error);
            }
        }
    }

    /// True if another connection may succeed. An action does not wait for a relay that was never reached.
    fn is_transient(&self, error: &Error) -> bool {
        match error {
            Error::Lost(reject) => reject.class != Class::ResourceLimit || self.reached,
            Error::Reject(reject) | Error::Refused(reject) => {
                reject.code.is_some_and(|code| row_of(code).closes && row_of(code).retry != Retry::No)
            }
            _ => false,
        }
    }

    /// Serves the connection until an instant; false when the action's time is over before.
    async fn pause(&mut self, until: Instant) -> bool {
        let world = self.world.clone();
        let over = self.deadline.checked_sub(ANSWER_TIME).unwrap_or(self.deadline);
        loop {
            let (moves, renewals) = (world.moves(), world.renewals());
            let timer = self.link.as_ref().map_or(until, Link::next_timer);
            if timer.min(until) > world.now() {
                world.rest(moves);
            }
            tokio::select! {
                () = sleep_until(over) => return false,
                () = world.sleep_until(until) => return true,
                () = world.sleep_until(timer) => self.on_link_timer().await,
                () = world.moved(moves) => {}
                () = world.renewed(renewals) => return true,
                incoming = next_incoming(&mut self.link) => self.on_incoming(incoming).await,
            }
        }
    }
}
