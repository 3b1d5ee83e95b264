//! The durable state of a device: a journal on disk, and the state that its changes add up to.

mod change;
mod journal;
mod state;

use std::io;
use std::path::Path;

pub use change::{Change, Pin};
pub use state::{Entry, Group, Log, Logged, State};

use crate::crypto::random;
use journal::Journal;

/// Changes take effect at once in memory, and together on disk with `commit`: the cursor never moves without the data
/// (CL-03).
pub struct Store {
    journal: Journal,
    state: State,
    pending: Vec<Change>,
}

impl Store {
    /// Opens a data directory or makes it; a second process is refused. GR-12, GR-13.
    pub fn open(directory: &Path) -> io::Result<Self> {
        let first = || vec![Change::Seed { seed: random() }];
        let (journal, transactions) = Journal::open(directory, first)?;
        let mut state = State::default();
        for change in transactions.into_iter().flatten() {
            state.apply(&change).map_err(|reject| io::Error::new(io::ErrorKind::InvalidData, reject))?;
        }
        Ok(Store { journal, state, pending: Vec::new() })
    }

    pub fn state(&self) -> &State {
        &self.state
    }

    pub fn apply(&mut self, change: Change) -> crate::error::Result<()> {
        self.state.apply(&change)?;
        self.pending.push(change);
        Ok(())
    }

    /// One durable transaction of what was applied.
    pub fn commit(&mut self) -> io::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        self.journal.append(&self.pending)?;
        self.pending.clear();
        Ok(())
    }
}
