//! The durable state of a device: a journal on disk, and the state that its changes add up to.

mod change;
mod disk;
mod evidence;
mod journal;
mod outbox;
mod quarantine;
mod snapshot;
mod state;

use std::io;
use std::path::Path;

pub use change::{Change, Pin};
pub use disk::{Disk, Files};
pub use evidence::Evidence;
pub use outbox::{Entry, Outbox};
pub use quarantine::{Quarantine, Rejected};
pub use state::{Group, Log, Logged, State};

use crate::crypto::random;
use journal::Journal;

/// A smaller journal is not worth a compaction.
const COMPACTED_BYTES_MIN: u64 = 64 * 1024;

/// Changes take effect at once in memory, and together on disk with `commit`: the cursor never moves without the data
/// (CL-03).
pub struct Store {
    journal: Journal,
    state: State,
    pending: Vec<Change>,
    /// The length at which the live part of the journal is measured next.
    measure_at: u64,
    /// A commit failed, and the state on disk could not be read again yet.
    stale: bool,
}

impl Store {
    /// Opens a data directory or makes it; a second process is refused. GR-12, GR-13.
    pub fn open(directory: &Path) -> io::Result<Self> {
        Store::open_on(directory, Box::new(Files))
    }

    /// Opens a data directory on a disk that may be a test's.
    pub fn open_on(directory: &Path, disk: Box<dyn Disk>) -> io::Result<Self> {
        let first = || vec![Change::Seed { seed: random() }];
        let (journal, transactions) = Journal::open(directory, disk, first)?;
        let state = replay(transactions)?;
        Ok(Store { journal, state, pending: Vec::new(), measure_at: COMPACTED_BYTES_MIN, stale: false })
    }

    pub fn state(&self) -> &State {
        &self.state
    }

    pub fn apply(&mut self, change: Change) -> crate::error::Result<()> {
        self.state.apply(&change)?;
        self.pending.push(change);
        Ok(())
    }

    /// One durable transaction of what was applied. When it fails, nothing of it was applied.
    pub fn commit(&mut self) -> io::Result<()> {
        if self.stale {
            self.revert()?;
            return Err(io::Error::other("the data directory failed before, and what came since is undone"));
        }
        if self.pending.is_empty() {
            return Ok(());
        }
        if let Err(error) = self.journal.append(&self.pending) {
            // The state must not run ahead of the disk: what was applied would be taken for stored.
            self.stale = true;
            // The next commit tries it again.
            let _ = self.revert();
            return Err(error);
        }
        self.pending.clear();
        if self.journal.length() >= self.measure_at {
            self.compact()?;
        }
        Ok(())
    }

    fn revert(&mut self) -> io::Result<()> {
        self.pending.clear();
        self.state = replay(self.journal.read()?)?;
        self.stale = false;
        Ok(())
    }

    /// Writes the journal anew when more than half of it is over. The measure follows the growth, so that its cost is in
    /// proportion to what is written.
    fn compact(&mut self) -> io::Result<()> {
        let length = self.journal.length();
        let live = journal::size(self.state.changes().map(|change| vec![change]))?;
        self.measure_at = length + (live / 4).max(COMPACTED_BYTES_MIN);
        if length <= live.saturating_mul(2) {
            return Ok(());
        }
        // The transaction is stored all the same: a compaction that fails is tried again later.
        if self.journal.replace(self.state.changes().map(|change| vec![change])).is_ok() {
            self.measure_at = live.saturating_mul(2).max(COMPACTED_BYTES_MIN);
        }
        Ok(())
    }
}

fn replay(transactions: Vec<Vec<Change>>) -> io::Result<State> {
    let mut state = State::default();
    for change in transactions.into_iter().flatten() {
        state.apply(&change).map_err(|reject| io::Error::new(io::ErrorKind::InvalidData, reject))?;
    }
    Ok(state)
}
