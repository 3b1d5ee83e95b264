//! Rotation and membership of one group, as docs/model.md describes them: two honest devices, one evil one, and two relays of
//! which one is evil. Cryptography is perfect: who does not hold a secret can neither sign nor open with it.

mod evil;
mod honest;
mod judge;
mod properties;
mod state;

pub use state::{Action, Bounds, Flaw, Group, Relays, State};
