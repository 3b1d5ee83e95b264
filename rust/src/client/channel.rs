//! Handshake and records on a control stream. WI-01 to WI-12.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use quinn::{Connection, ReadExactError, RecvStream, SendStream};
use tokio::sync::mpsc;
use tokio::time::{Duration, Instant};

use super::error::{Error, Result};
use super::quic::ended;
use super::world::World;
use crate::error::{Class, Reject, number_of};
use crate::limits::{PROBE_MS_MAX, QUIET_MS_MAX};
use crate::noise::{Handshake, Identity, Keys, Outcome, Suite};
use crate::record::{self, Cipher, PLAINTEXT_BYTES_MAX};
use crate::wire::frames::{FrameReader, encode};
use crate::wire::{Message, Origin};

/// The reports of the reading side; the last one is an end.
pub enum Incoming {
    Frame(Message),
    /// The stream ended between frames, without error.
    Finished,
    Ended(Error),
}

/// Frames that wait for the session; the relay waits when it is full.
const FRAMES_QUEUED: usize = 32;

/// Writes the preface and runs the handshake; `check` judges the relay's keys before message 3. HS-12, HS-30 to HS-45.
pub async fn handshake(
    connection: &Connection,
    (send, receive): (&mut SendStream, &mut RecvStream),
    suite: Suite,
    check: impl FnOnce(&Identity) -> crate::error::Result<()>,
) -> Result<(Identity, Outcome)> {
    let mut handshake = Handshake::new(suite, true, &suite.prologue(), &Keys::random())?;
    let first = handshake.write(&[])?;
    let mut bytes = suite.preface().to_vec();
    bytes.extend_from_slice(&prefixed(&first));
    send.write_all(&bytes).await.map_err(|_| lost(connection))?;
    handshake.read(&read_message(connection, receive).await?)?;
    let identity = handshake.identity().ok_or(Error::Misuse("message 2 shows the relay's keys"))?;
    check(&identity)?;
    let third = handshake.write(&[])?;
    send.write_all(&prefixed(&third)).await.map_err(|_| lost(connection))?;
    if !handshake.is_finished() {
        handshake.read(&read_message(connection, receive).await?)?;
    }
    Ok((identity, handshake.finish()?))
}

fn prefixed(message: &[u8]) -> Vec<u8> {
    [&(message.len() as u16).to_be_bytes(), message].concat()
}

async fn read_message(connection: &Connection, receive: &mut RecvStream) -> Result<Vec<u8>> {
    let mut prefix = [0; 2];
    read_exact(connection, receive, &mut prefix).await?;
    // WI-02: as a length this is impossible; it begins a version answer.
    if prefix == [0x30, 0x4b] {
        return Err(Reject::new(Class::TransportVersion, "the relay does not speak this version").into());
    }
    let length = usize::from(u16::from_be_bytes(prefix));
    let longest = Suite::Hybrid.lengths().iter().max().copied().unwrap_or_default();
    if length > longest {
        return Err(Reject::new(Class::HandshakeParse, "a handshake message is too long").into());
    }
    let mut message = vec![0; length];
    read_exact(connection, receive, &mut message).await?;
    Ok(message)
}

fn lost(connection: &Connection) -> Error {
    match connection.close_reason() {
        Some(reason) => ended(&reason),
        None => truncated(),
    }
}

fn truncated() -> Error {
    Error::Lost(Reject {
        code: Some(1023),
        ..Reject::new(Class::FrameLength, "the stream ended inside a frame or without a goodbye")
    })
}

/// An end of the stream may be followed by a close that says why: that word counts. SE-07.
async fn read_exact(connection: &Connection, receive: &mut RecvStream, buffer: &mut [u8]) -> Result<()> {
    match receive.read_exact(buffer).await {
        Ok(()) => Ok(()),
        Err(ReadExactError::ReadError(quinn::ReadError::ConnectionLost(error))) => Err(ended(&error)),
        Err(_) => Err(close_word(connection).await.unwrap_or_else(truncated)),
    }
}

/// Longest wait for the close after the end of the stream.
const CLOSE_WAIT: Duration = Duration::from_millis(500);

async fn close_word(connection: &Connection) -> Option<Error> {
    let reason = tokio::time::timeout(CLOSE_WAIT, connection.closed()).await.ok()?;
    match ended(&reason) {
        error @ Error::Reject(_) => Some(error),
        _ => None,
    }
}

/// The sending half of an open channel.
pub struct Sender {
    stream: SendStream,
    cipher: Cipher,
}

impl Sender {
    pub fn new(stream: SendStream, cipher: Cipher) -> Self {
        Sender { stream, cipher }
    }

    /// Writes a frame; a write that gets nowhere for QUIET_MS_MAX and PROBE_MS_MAX is a dead link. SE-24.
    pub async fn send(&mut self, connection: &Connection, frame: &Message, hearing: &Hearing) -> Result<()> {
        let bytes = encode(frame);
        let mut records = Vec::with_capacity(bytes.len() + 64);
        for piece in bytes.chunks(PLAINTEXT_BYTES_MAX) {
            records.extend_from_slice(&self.cipher.seal(piece)?);
        }
        let mut written = 0;
        while written < records.len() {
            let patience = hearing.world.now() + Duration::from_millis(QUIET_MS_MAX + PROBE_MS_MAX);
            tokio::select! {
                taken = self.stream.write(&records[written..]) => written += taken.map_err(|_| lost(connection))?,
                () = hearing.world.sleep_until(patience) => return Err(Error::silence("the relay takes nothing")),
            }
            if written < records.len() {
                hearing.note();
            }
        }
        Ok(())
    }
}

/// Reads frames until the stream ends; a violation closes the connection with its number (WI-06).
pub fn spawn_reader(
    connection: Connection,
    mut stream: RecvStream,
    mut cipher: Cipher,
    hearing: Arc<Hearing>,
) -> mpsc::Receiver<Incoming> {
    let (frames, received) = mpsc::channel(FRAMES_QUEUED);
    tokio::spawn(async move {
        let last = match read_frames(&connection, &mut stream, &mut cipher, &frames, &hearing).await {
            Ok(()) => Incoming::Finished,
            Err(error) => {
                if let Error::Reject(reject) = &error {
                    // A close code of the other end is no violation that this end found.
                    hearing.is_violated.store(connection.close_reason().is_none(), Ordering::Relaxed);
                    let number = reject.code.unwrap_or_else(|| number_of(reject.class));
                    connection.close(number.into(), b"");
                }
                Incoming::Ended(error)
            }
        };
        // Nobody listens any more when the session is gone.
        let _ = frames.send(last).await;
    });
    received
}

/// The news of the relay. SE-24, SE-25.
pub struct Hearing {
    world: Arc<World>,
    /// When a byte came last, and how often some came.
    heard: Mutex<(Instant, u64)>,
    /// A frame is partly there.
    is_partial: AtomicBool,
    /// The bytes that came break a rule. CL-36.
    is_violated: AtomicBool,
}

impl Hearing {
    pub fn new(world: &Arc<World>) -> Self {
        Hearing {
            world: world.clone(),
            heard: Mutex::new((world.now(), 0)),
            is_partial: AtomicBool::new(false),
            is_violated: AtomicBool::new(false),
        }
    }

    /// Bytes came, or own ones left.
    pub fn note(&self) {
        let now = self.world.now();
        // The lock is held for moments, and nothing panics meanwhile.
        if let Ok(mut heard) = self.heard.lock() {
            *heard = (now, heard.1 + 1);
        }
    }

    /// When there was life last, and how often.
    pub fn last(&self) -> (Instant, u64) {
        self.heard.lock().map_or_else(|_| (self.world.now(), 0), |heard| *heard)
    }

    pub fn is_violated(&self) -> bool {
        self.is_violated.load(Ordering::Relaxed)
    }

    pub fn is_partial(&self) -> bool {
        self.is_partial.load(Ordering::Relaxed)
    }
}

/// Reads exactly as much; every piece of it is a sign of life.
async fn fill(
    stream: &mut RecvStream,
    buffer: &mut [u8],
    hearing: &Hearing,
) -> std::result::Result<(), ReadExactError> {
    let mut filled = 0;
    while filled < buffer.len() {
        match stream.read(&mut buffer[filled..]).await? {
            Some(read) => filled += read,
            None => return Err(ReadExactError::FinishedEarly(filled)),
        }
        hearing.note();
        hearing.is_partial.store(true, Ordering::Relaxed);
    }
    Ok(())
}

async fn read_frames(
    connection: &Connection,
    stream: &mut RecvStream,
    cipher: &mut Cipher,
    frames: &mpsc::Sender<Incoming>,
    hearing: &Hearing,
) -> Result<()> {
    let mut reader = FrameReader::new(Origin::Relay);
    loop {
        let mut prefix = [0; 2];
        match fill(stream, &mut prefix, hearing).await {
            Ok(()) => {}
            Err(ReadExactError::FinishedEarly(0)) if reader.is_between_frames() => {
                return close_word(connection).await.map_or(Ok(()), Err);
            }
            Err(ReadExactError::ReadError(quinn::ReadError::ConnectionLost(error))) => return Err(ended(&error)),
            Err(_) => return Err(close_word(connection).await.unwrap_or_else(truncated)),
        }
        let mut ciphertext = vec![0; record::length(prefix)?];
        match fill(stream, &mut ciphertext, hearing).await {
            Ok(()) => {}
            Err(ReadExactError::ReadError(quinn::ReadError::ConnectionLost(error))) => return Err(ended(&error)),
            Err(_) => return Err(close_word(connection).await.unwrap_or_else(truncated)),
        }
        reader.push(&cipher.open(&ciphertext)?);
        while let Some(frame) = reader.next_frame()? {
            if frames.send(Incoming::Frame(frame)).await.is_err() {
                return Ok(());
            }
        }
        hearing.is_partial.store(!reader.is_between_frames(), Ordering::Relaxed);
    }
}
