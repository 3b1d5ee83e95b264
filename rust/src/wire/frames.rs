//! The frame stream: varint length, Frame. WI-10 to WI-15.

use super::message::{Message, Value};
use super::tables::FRAME;
use super::varint::{self, Malformed};
use super::walk::{Origin, decode};
use crate::error::{Class, Reject, Result, ensure};
use crate::limits::FRAME_BYTES_MAX;

pub fn encode(frame: &Message) -> Vec<u8> {
    let bytes = frame.encode();
    let mut out = Vec::with_capacity(bytes.len() + 5);
    varint::write(bytes.len() as u64, &mut out);
    out.extend_from_slice(&bytes);
    out
}

/// Name and message of a frame's body.
pub fn body(frame: &Message) -> Option<(&'static str, &Message)> {
    match frame.member() {
        Some((name, Value::Message(message))) => Some((name, message)),
        _ => None,
    }
}

/// Cuts a stream into frames, at most one frame ahead in memory.
pub struct FrameReader {
    origin: Origin,
    buffer: Vec<u8>,
}

impl FrameReader {
    pub fn new(origin: Origin) -> Self {
        FrameReader { origin, buffer: Vec::new() }
    }

    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole frame; `None` when more bytes are needed.
    pub fn next_frame(&mut self) -> Result<Option<Message>> {
        let (length, start) = match varint::read(&self.buffer, 5) {
            Ok(read) => read,
            Err(Malformed::Truncated) => return Ok(None),
            Err(Malformed::Invalid) => return Err(Reject::new(Class::FrameLength, "a frame's length is malformed")),
        };
        // WI-11: judged before anything is set aside for it.
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        ensure((1..=FRAME_BYTES_MAX).contains(&length), Class::FrameLength, "a frame's length is out of bounds")?;
        let Some(bytes) = self.buffer.get(start..start + length) else {
            return Ok(None);
        };
        let frame = decode(&FRAME, bytes, self.origin)?;
        ensure(frame.member().is_some(), Class::FrameType, "a frame has no known body")?;
        self.buffer.drain(..start + length);
        Ok(Some(frame))
    }

    /// WI-12: false inside a frame.
    pub fn is_between_frames(&self) -> bool {
        self.buffer.is_empty()
    }
}

/// All frames of a stretch that ends with one.
pub fn decode_all(bytes: &[u8], origin: Origin) -> Result<Vec<Message>> {
    let mut reader = FrameReader::new(origin);
    reader.push(bytes);
    let mut frames = Vec::new();
    while let Some(frame) = reader.next_frame()? {
        frames.push(frame);
    }
    ensure(reader.is_between_frames(), Class::FrameLength, "the stream ends inside a frame")?;
    Ok(frames)
}
