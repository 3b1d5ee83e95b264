//! LEB128 of Protocol Buffers, minimal only.

pub enum Malformed {
    /// The varint needs more bytes.
    Truncated,
    /// The varint is not minimal, or exceeds 64 bits or `bytes_max`.
    Invalid,
}

/// Value and number of bytes.
pub fn read(bytes: &[u8], bytes_max: usize) -> Result<(u64, usize), Malformed> {
    let mut value = 0u64;
    for (index, &byte) in bytes.iter().take(bytes_max).enumerate() {
        if index == 9 && byte > 1 {
            return Err(Malformed::Invalid);
        }
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            let minimal = byte != 0 || index == 0;
            return if minimal { Ok((value, index + 1)) } else { Err(Malformed::Invalid) };
        }
    }
    Err(if bytes.len() < bytes_max { Malformed::Truncated } else { Malformed::Invalid })
}

pub fn write(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
