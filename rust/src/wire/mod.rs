//! The wire format: schema tables, the strict walk, and the frame stream.

mod frame_tables;
pub mod frames;
pub mod message;
pub mod schema;
pub mod tables;
pub mod varint;
pub mod walk;

pub use message::{Message, Value};
pub use walk::{Origin, decode, decode_canonical};
