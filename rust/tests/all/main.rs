//! All tests in one program: they are linked once.

mod adapter;
mod chains;
mod cli;
mod common;
mod envelopes;
mod journal;
mod primitives;
mod transcripts;
mod two_devices;
mod wire;
