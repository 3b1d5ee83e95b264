//! Handshake and records on a control stream. WI-01 to WI-12.

use quinn::{Connection, ReadExactError, RecvStream, SendStream};
use tokio::sync::mpsc;

use super::error::{Error, Result};
use super::quic::ended;
use crate::error::{Class, Reject, number_of};
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
const CLOSE_WAIT: std::time::Duration = std::time::Duration::from_millis(500);

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

    pub async fn send(&mut self, connection: &Connection, frame: &Message) -> Result<()> {
        let bytes = encode(frame);
        let mut records = Vec::with_capacity(bytes.len() + 64);
        for piece in bytes.chunks(PLAINTEXT_BYTES_MAX) {
            records.extend_from_slice(&self.cipher.seal(piece)?);
        }
        self.stream.write_all(&records).await.map_err(|_| lost(connection))
    }
}

/// Reads frames until the stream ends; a violation closes the connection with its number (WI-06).
pub fn spawn_reader(connection: Connection, mut stream: RecvStream, mut cipher: Cipher) -> mpsc::Receiver<Incoming> {
    let (frames, received) = mpsc::channel(FRAMES_QUEUED);
    tokio::spawn(async move {
        let last = match read_frames(&connection, &mut stream, &mut cipher, &frames).await {
            Ok(()) => Incoming::Finished,
            Err(error) => {
                if let Error::Reject(reject) = &error {
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

async fn read_frames(
    connection: &Connection,
    stream: &mut RecvStream,
    cipher: &mut Cipher,
    frames: &mpsc::Sender<Incoming>,
) -> Result<()> {
    let mut reader = FrameReader::new(Origin::Relay);
    loop {
        let mut prefix = [0; 2];
        match stream.read_exact(&mut prefix).await {
            Ok(()) => {}
            Err(ReadExactError::FinishedEarly(0)) if reader.is_between_frames() => {
                return close_word(connection).await.map_or(Ok(()), Err);
            }
            Err(ReadExactError::ReadError(quinn::ReadError::ConnectionLost(error))) => return Err(ended(&error)),
            Err(_) => return Err(close_word(connection).await.unwrap_or_else(truncated)),
        }
        let mut ciphertext = vec![0; record::length(prefix)?];
        read_exact(connection, stream, &mut ciphertext).await?;
        reader.push(&cipher.open(&ciphertext)?);
        while let Some(frame) = reader.next_frame()? {
            if frames.send(Incoming::Frame(frame)).await.is_err() {
                return Ok(());
            }
        }
    }
}
