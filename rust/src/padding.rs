//! The one padding function of the protocol. EN-14.

use zeroize::Zeroizing;

use crate::text::padme;

/// The smallest padded plaintext, bytes. EN-14.
const PADDED_BYTES_MIN: u64 = 256;

/// u32 length, content, zeros up to Padmé. EN-14.
pub fn pad(content: &[u8]) -> Zeroizing<Vec<u8>> {
    let length = padme((content.len() as u64 + 4).max(PADDED_BYTES_MIN)) as usize;
    let mut padded = Zeroizing::new(Vec::with_capacity(length));
    padded.extend_from_slice(&(content.len() as u32).to_be_bytes());
    padded.extend_from_slice(content);
    padded.resize(length, 0);
    padded
}

pub fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let (prefix, rest) = padded.split_first_chunk::<4>()?;
    let length = u32::from_be_bytes(*prefix);
    let whole = padme((u64::from(length) + 4).max(PADDED_BYTES_MIN));
    let (content, padding) = rest.split_at_checked(length as usize)?;
    (whole == padded.len() as u64 && padding.iter().all(|&byte| byte == 0)).then_some(content)
}
