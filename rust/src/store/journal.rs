//! An append-only file of transactions, one line each: 16 hexadecimal digits of BLAKE3, a space, a JSON list of changes.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use super::change::Change;
use crate::crypto::blake3;
use crate::hexadecimal::encode;

const DIGEST_BYTES: usize = 8;

pub struct Journal {
    file: File,
    /// Held while the process lives. GR-12.
    _lock: File,
}

type Transaction = Vec<Change>;

impl Journal {
    /// The journal and its transactions; a new one begins with `first`. A last line that a crash cut off never was
    /// acknowledged, and is removed.
    pub fn open(directory: &Path, first: impl FnOnce() -> Transaction) -> io::Result<(Self, Vec<Transaction>)> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
        let lock = private().create(true).truncate(false).open(directory.join("lock"))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => io::Error::other("another process is using the data directory"),
            TryLockError::Error(error) => error,
        })?;
        let path = directory.join("journal");
        if !path.exists() {
            create(directory, &path, &line(&first())?)?;
        }
        let bytes = fs::read(&path)?;
        let (transactions, whole) = parse(&bytes)?;
        let file = OpenOptions::new().append(true).open(&path)?;
        if whole < bytes.len() {
            file.set_len(whole as u64)?;
            file.sync_all()?;
        }
        Ok((Journal { file, _lock: lock }, transactions))
    }

    pub fn append(&mut self, transaction: &[Change]) -> io::Result<()> {
        self.file.write_all(&line(transaction)?)?;
        self.file.sync_data()
    }
}

/// GR-13: secrets are in files of mode 0600 from their creation.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    options
}

fn create(directory: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = directory.join("journal.new");
    let mut file = private().create(true).truncate(true).open(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    File::open(directory)?.sync_all()
}

fn line(transaction: &[Change]) -> io::Result<Vec<u8>> {
    let json = serde_json::to_vec(transaction)?;
    let digest = encode(&blake3(&[&json])[..DIGEST_BYTES]);
    Ok([digest.as_bytes(), b" ", &json, b"\n"].concat())
}

/// The transactions and how many bytes they take.
fn parse(bytes: &[u8]) -> io::Result<(Vec<Transaction>, usize)> {
    let mut transactions = Vec::new();
    let mut whole = 0;
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let Some(transaction) = parse_line(line) else {
            // Only the last write can be cut off; any other damage is an error.
            let last = whole + line.len() == bytes.len();
            return if last { Ok((transactions, whole)) } else { Err(damaged()) };
        };
        transactions.push(transaction);
        whole += line.len();
    }
    Ok((transactions, whole))
}

fn parse_line(line: &[u8]) -> Option<Transaction> {
    let line = line.strip_suffix(b"\n")?;
    let (digest, json) = line.split_at_checked(2 * DIGEST_BYTES)?;
    let json = json.strip_prefix(b" ")?;
    let matches = encode(&blake3(&[json])[..DIGEST_BYTES]).as_bytes() == digest;
    matches.then(|| serde_json::from_slice(json).ok()).flatten()
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the journal is damaged; restore it from a copy or join again")
}
