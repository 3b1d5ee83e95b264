//! Transport records and the preface. WI-01 to WI-06.

use zeroize::Zeroizing;

use crate::crypto::{Key, chacha_open, chacha_seal};
use crate::error::{Class, Reject, Result, ensure};
use crate::limits::RECORD_BYTES_MAX;

const TAG_BYTES: usize = 16;
pub const PLAINTEXT_BYTES_MAX: usize = RECORD_BYTES_MAX - TAG_BYTES;

/// One direction's key and counter. HS-09, HS-16.
pub struct Cipher {
    key: Zeroizing<Key>,
    n: u64,
}

impl Cipher {
    pub fn new(key: Zeroizing<Key>) -> Self {
        Cipher { key, n: 0 }
    }

    pub fn at(key: Key, n: u64) -> Self {
        Cipher { key: Zeroizing::new(key), n }
    }

    fn next(&mut self) -> Result<u64> {
        ensure(self.n != u64::MAX, Class::HandshakeOrder, "the counter is used up")?;
        self.n += 1;
        Ok(self.n - 1)
    }

    /// The ciphertext of one transport message, without length.
    pub fn seal_bare(&mut self, plaintext: &[u8]) -> Result<Vec<u8>> {
        let n = self.next()?;
        Ok(chacha_seal(&self.key, n, plaintext))
    }

    /// u16 length and ciphertext of 1 to 65,519 bytes.
    pub fn seal(&mut self, plaintext: &[u8]) -> Result<Vec<u8>> {
        let fits = (1..=PLAINTEXT_BYTES_MAX).contains(&plaintext.len());
        ensure(fits, Class::FrameParse, "a record holds 1 to 65,519 bytes")?;
        let ciphertext = self.seal_bare(plaintext)?;
        let mut record = Vec::with_capacity(2 + ciphertext.len());
        record.extend_from_slice(&(ciphertext.len() as u16).to_be_bytes());
        record.extend_from_slice(&ciphertext);
        Ok(record)
    }

    /// The plaintext of a record without its length.
    pub fn open(&mut self, ciphertext: &[u8]) -> Result<Vec<u8>> {
        let n = self.next()?;
        chacha_open(&self.key, n, ciphertext)
            .ok_or_else(|| Reject { code: Some(1017), ..Reject::new(Class::FrameParse, "a record does not open") })
    }
}

/// The ciphertext's length from its two bytes. WI-05.
pub fn length(prefix: [u8; 2]) -> Result<usize> {
    let length = usize::from(u16::from_be_bytes(prefix));
    ensure(length > TAG_BYTES, Class::FrameParse, "a record is shorter than 17 bytes")?;
    Ok(length)
}

/// The ciphertext of one whole record.
pub fn split(record: &[u8]) -> Result<&[u8]> {
    let cut = || Reject::new(Class::FrameLength, "a record is cut short");
    let (prefix, ciphertext) = record.split_first_chunk::<2>().ok_or_else(cut)?;
    let length = length(*prefix)?;
    if ciphertext.len() < length {
        return Err(cut());
    }
    ensure(ciphertext.len() == length, Class::FrameParse, "something follows the record")?;
    Ok(ciphertext)
}

/// Version and kind as a relay reads them. WI-01, WI-02.
pub fn parse_preface(bytes: &[u8]) -> Result<(u8, u8)> {
    let [0x30, 0x4b, version, kind] = *bytes else {
        return Err(Reject::new(Class::HandshakeParse, "this is not the preface"));
    };
    ensure(matches!(version, 1 | 2), Class::TransportVersion, "the version is not known")?;
    ensure(kind == 0, Class::HandshakeParse, "the kind is not 0")?;
    Ok((version, kind))
}
