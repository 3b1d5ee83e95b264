#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod adapter;
pub mod chain;
pub mod client;
pub mod crypto;
pub mod cursor;
pub mod envelope;
pub mod error;
pub mod group;
pub mod held;
pub mod hexadecimal;
pub mod limits;
pub mod noise;
pub mod padding;
pub mod pairing;
pub mod passphrase;
pub mod push;
pub mod ranges;
pub mod record;
pub mod skipped;
pub mod store;
pub mod stub;
pub mod text;
pub mod wire;
