//! The primitives of spec/overview.md.

pub mod ed25519;
pub mod mlkem;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, XChaCha20Poly1305};
use x25519_dalek::{PublicKey, StaticSecret};

use crate::error::{Class, Reject, Result};

pub type Key = [u8; 32];

/// Fresh bytes from the operating system. OV-05.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Nothing here is safe without randomness, so the process ends.
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

pub fn blake3(parts: &[&[u8]]) -> Key {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

/// HKDF-SHA256 with any salt; `None` beyond 255 blocks.
pub fn hkdf_sha256(ikm: &[u8], salt: &[u8], info: &[u8], length: usize) -> Option<Vec<u8>> {
    if length > 255 * 32 {
        return None;
    }
    let mut okm = vec![0; length];
    hkdf::Hkdf::<sha2::Sha256>::new(Some(salt), ikm).expand(info, &mut okm).ok()?;
    Some(okm)
}

/// `HKDF(secret, label || rest, N)` of spec/overview.md.
pub fn derive<const N: usize>(secret: &[u8], info: &[&[u8]]) -> [u8; N] {
    let mut okm = [0; N];
    let info = info.concat();
    // N is at most 96: HKDF allows 8,160.
    hkdf::Hkdf::<sha2::Sha256>::new(Some(&[]), secret).expand(&info, &mut okm).expect("a short output");
    okm
}

/// EN-11, PA-10. The tag, 16 bytes, is last.
pub fn xchacha_seal(key: &Key, nonce: &[u8; 24], ad: &[u8], plaintext: &[u8]) -> Vec<u8> {
    XChaCha20Poly1305::new(key.into())
        .encrypt(nonce.into(), Payload { msg: plaintext, aad: ad })
        .expect("a message below 256 GiB")
}

pub fn xchacha_open(key: &Key, nonce: &[u8; 24], ad: &[u8], ciphertext: &[u8]) -> Option<Vec<u8>> {
    XChaCha20Poly1305::new(key.into()).decrypt(nonce.into(), Payload { msg: ciphertext, aad: ad }).ok()
}

/// Nonce: 4 zero bytes and n, little-endian.
fn noise_nonce(n: u64) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce[4..].copy_from_slice(&n.to_le_bytes());
    nonce
}

pub fn chacha_seal(key: &Key, n: u64, plaintext: &[u8]) -> Vec<u8> {
    ChaCha20Poly1305::new(key.into()).encrypt(&noise_nonce(n).into(), plaintext).expect("a message below 256 GiB")
}

pub fn chacha_open(key: &Key, n: u64, ciphertext: &[u8]) -> Option<Vec<u8>> {
    ChaCha20Poly1305::new(key.into()).decrypt(&noise_nonce(n).into(), ciphertext).ok()
}

pub fn x25519_public(secret: &Key) -> Key {
    *PublicKey::from(&StaticSecret::from(*secret)).as_bytes()
}

/// HS-05: an all-zero result is refused.
pub fn x25519(secret: &Key, public: &Key) -> Result<Key> {
    let shared = StaticSecret::from(*secret).diffie_hellman(&PublicKey::from(*public));
    if shared.was_contributory() {
        Ok(*shared.as_bytes())
    } else {
        Err(Reject::new(Class::HandshakeAuth, "the X25519 result is all zero"))
    }
}

/// Argon2id v1.3; `None` where the algorithm itself has no such parameters.
pub fn argon2id(
    password: &[u8],
    salt: &[u8],
    (memory_kib, iterations, parallelism): (u32, u32, u32),
    length: usize,
) -> Option<Vec<u8>> {
    let params = argon2::Params::new(memory_kib, iterations, parallelism, Some(length)).ok()?;
    let mut key = vec![0; length];
    argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password_into(password, salt, &mut key)
        .ok()?;
    Some(key)
}

/// X-Wing public key, 1216 bytes, of a 32-byte seed: SHAKE256 expands it to d, z and the X25519 secret.
pub fn xwing_public(seed: &Key) -> Vec<u8> {
    use sha3::digest::{ExtendableOutput, Update, XofReader};
    let mut expanded = [0; 96];
    let mut hasher = sha3::Shake256::default();
    hasher.update(seed);
    hasher.finalize_xof().read(&mut expanded);
    let mut dz = [0; 64];
    dz.copy_from_slice(&expanded[..64]);
    let mut secret = [0; 32];
    secret.copy_from_slice(&expanded[64..]);
    let mut public = mlkem::encapsulation_key(&dz);
    public.extend_from_slice(&x25519_public(&secret));
    public
}
