//! Keys, relays and padding in the forms of spec/overview.md, spec/client.md and spec/envelope.md.

use crate::crypto::Key;
use crate::error::{Class, Reject, Result, ensure};
use crate::hexadecimal;
use crate::limits::RELAY_ADDRESS_BYTES_MAX;

const ALPHABET: &[u8; 32] = b"ybndrfg8ejkmcpqxot1uwisza345h769";
const DEFAULT_PORT: u16 = 4433;

/// z-base-32, most significant bit first, unused trailing bits zero. OV-03, PA-01.
pub fn zbase32_encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut buffer, mut bits) = (0u32, 0);
    for &byte in bytes {
        buffer = buffer << 8 | u32::from(byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(ALPHABET[(buffer >> bits & 31) as usize] as char);
        }
        buffer &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(ALPHABET[(buffer << (5 - bits) & 31) as usize] as char);
    }
    text
}

/// `None` for another character, a length that no byte string has, or trailing bits that are not zero.
pub fn zbase32_decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let (mut buffer, mut bits) = (0u32, 0);
    for character in text.bytes() {
        let value = ALPHABET.iter().position(|&known| known == character)?;
        buffer = buffer << 5 | value as u32;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits) as u8);
            buffer &= (1 << bits) - 1;
        }
    }
    (bits < 5 && buffer == 0).then_some(bytes)
}

/// 52 characters of z-base-32 in lower case, or 64 of hexadecimal in either. OV-03.
pub fn parse_key(text: &str) -> Result<Key> {
    let bytes = match text.len() {
        52 => zbase32_decode(text),
        64 => hexadecimal::decode(text),
        _ => None,
    };
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| Reject::new(Class::InviteParse, "a key is 52 characters of z-base-32 or 64 of hexadecimal"))
}

/// A relay's address and the keys that its user knows. CL-34.
#[derive(Clone, Debug, PartialEq)]
pub struct RelayText {
    /// A name or an address, IPv6 without brackets.
    pub host: String,
    pub port: u16,
    pub node_id: Option<Key>,
    pub kem_hash: Option<Key>,
}

impl RelayText {
    pub fn parse(text: &str) -> Result<Self> {
        let (keys, address) = match text.split_once('@') {
            Some((keys, address)) => (Some(keys), address),
            None => (None, text),
        };
        let (node_id, kem_hash) =
            match keys.map(|keys| keys.split_once('.').map_or((keys, None), |(n, k)| (n, Some(k)))) {
                Some((node_id, kem_hash)) => (Some(parse_key(node_id)?), kem_hash.map(parse_key).transpose()?),
                None => (None, None),
            };
        let (host, port) = parse_address(address)?;
        let relay = RelayText { host, port, node_id, kem_hash };
        ensure(relay.address().len() <= RELAY_ADDRESS_BYTES_MAX, Class::InviteParse, "the address is too long")?;
        Ok(relay)
    }

    /// `host:port`, IPv6 in brackets.
    pub fn address(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

fn parse_address(address: &str) -> Result<(String, u16)> {
    let bad = |detail: &str| Reject::new(Class::InviteParse, detail);
    let (host, rest) = if let Some(inner) = address.strip_prefix('[') {
        let (host, rest) = inner.split_once(']').ok_or_else(|| bad("a bracket is not closed"))?;
        host.parse::<std::net::Ipv6Addr>().map_err(|_| bad("no IPv6 address stands in the brackets"))?;
        (host, rest)
    } else {
        let end = address.find(':').unwrap_or(address.len());
        let (host, rest) = address.split_at(end);
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        ensure(
            !host.is_empty() && host.chars().all(plain),
            Class::InviteParse,
            "the host is not a name or an address",
        )?;
        (host, rest)
    };
    let port = match rest.strip_prefix(':') {
        None if rest.is_empty() => DEFAULT_PORT,
        Some(digits) if (1..=5).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) => {
            digits.parse().ok().filter(|&port| port != 0).ok_or_else(|| bad("the port is not from 1 to 65535"))?
        }
        _ => return Err(bad("after the host comes a colon and a port")),
    };
    Ok((host.to_owned(), port))
}

/// Padmé for a length of at least 2. spec/envelope.md.
pub fn padme(length: u64) -> u64 {
    let exponent = u64::from(length.max(2).ilog2());
    let mantissa = u64::from(exponent.max(1).ilog2()) + 1;
    let unit = 1u64 << (exponent - mantissa.min(exponent));
    length.div_ceil(unit).saturating_mul(unit)
}
