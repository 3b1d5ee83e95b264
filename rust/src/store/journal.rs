//! A file of transactions, one line each: 16 hexadecimal digits of BLAKE3, a space, a JSON list of changes.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::change::Change;
use super::disk::Disk;
use crate::crypto::blake3;
use crate::hexadecimal::encode;

const DIGEST_BYTES: usize = 8;
/// A compaction writes pieces of at least this many bytes.
const PIECE_BYTES: usize = 64 * 1024;

pub struct Journal {
    directory: PathBuf,
    disk: Box<dyn Disk>,
    file: File,
    /// Bytes of whole, synced transactions.
    length: u64,
    /// More than `length` may be in the file: a write failed.
    torn: bool,
    /// A rename may not outlive a power cut yet.
    renamed: bool,
    /// Held while the process lives. GR-12.
    _lock: File,
}

type Transaction = Vec<Change>;

impl Journal {
    /// The journal and its transactions; a new one begins with `first`. A last line that a crash cut off never was
    /// acknowledged, and is removed.
    pub fn open(
        directory: &Path,
        mut disk: Box<dyn Disk>,
        first: impl FnOnce() -> Transaction,
    ) -> io::Result<(Self, Vec<Transaction>)> {
        DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
        let lock = private().create(true).truncate(false).open(directory.join("lock"))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => io::Error::other("another process is using the data directory"),
            TryLockError::Error(error) => error,
        })?;
        let path = directory.join("journal");
        if !path.exists() {
            write_new(directory, &mut *disk, [first()].into_iter())?;
            disk.rename(&directory.join("journal.new"), &path)?;
        }
        let bytes = fs::read(&path)?;
        let (transactions, whole) = parse(&bytes)?;
        let file = OpenOptions::new().append(true).open(&path)?;
        let (length, torn) = (whole as u64, whole < bytes.len());
        let mut journal =
            Journal { directory: directory.to_owned(), disk, file, length, torn, renamed: true, _lock: lock };
        journal.mend()?;
        Ok((journal, transactions))
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    /// One durable transaction. When it fails the journal is as before, and the next one is tried anew.
    pub fn append(&mut self, transaction: &[Change]) -> io::Result<()> {
        self.mend()?;
        let line = line(transaction)?;
        self.torn = true;
        self.disk.write(&mut self.file, &line)?;
        self.disk.sync(&self.file)?;
        self.torn = false;
        self.length += line.len() as u64;
        Ok(())
    }

    /// Ends what an earlier failure left half done.
    fn mend(&mut self) -> io::Result<()> {
        if self.renamed {
            self.disk.sync_directory(&self.directory)?;
            self.renamed = false;
        }
        if self.torn {
            self.disk.truncate(&self.file, self.length)?;
            self.disk.sync(&self.file)?;
            self.torn = false;
        }
        Ok(())
    }

    /// The transactions on disk.
    pub fn read(&mut self) -> io::Result<Vec<Transaction>> {
        self.mend()?;
        let (transactions, whole) = parse(&fs::read(self.directory.join("journal"))?)?;
        if whole as u64 == self.length { Ok(transactions) } else { Err(damaged()) }
    }

    /// Replaces the journal by transactions that add up to the same state: a new file, synced, then renamed (GR-13). A
    /// crash at any step leaves the one or the other whole.
    pub fn replace(&mut self, transactions: impl Iterator<Item = Transaction>) -> io::Result<()> {
        let length = write_new(&self.directory, &mut *self.disk, transactions)?;
        let (new, path) = (self.directory.join("journal.new"), self.directory.join("journal"));
        let file = OpenOptions::new().append(true).open(&new)?;
        self.disk.rename(&new, &path)?;
        (self.file, self.length, self.torn, self.renamed) = (file, length, false, true);
        self.mend()
    }
}

/// Bytes that transactions take.
pub fn size(transactions: impl Iterator<Item = Transaction>) -> io::Result<u64> {
    transactions.map(|transaction| line(&transaction).map(|line| line.len() as u64)).sum()
}

/// GR-13: secrets are in files of mode 0600 from their creation.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(0o600);
    options
}

/// Writes and syncs `journal.new`, and gives its length.
fn write_new(
    directory: &Path,
    disk: &mut dyn Disk,
    transactions: impl Iterator<Item = Transaction>,
) -> io::Result<u64> {
    let mut file = private().create(true).truncate(true).open(directory.join("journal.new"))?;
    let (mut piece, mut length) = (Vec::new(), 0);
    for transaction in transactions {
        piece.extend_from_slice(&line(&transaction)?);
        if piece.len() >= PIECE_BYTES {
            disk.write(&mut file, &piece)?;
            length += piece.len() as u64;
            piece.clear();
        }
    }
    disk.write(&mut file, &piece)?;
    disk.sync(&file)?;
    Ok(length + piece.len() as u64)
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
