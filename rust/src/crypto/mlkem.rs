//! ML-KEM-768 (FIPS 203) from explicit randomness, with the modulus check of HS-06.

use ml_kem::kem::{Decapsulate, DecapsulationKey, EncapsulationKey};
use ml_kem::{B32, EncapsulateDeterministic, EncodedSizeUser, KemCore, MlKem768, MlKem768Params};

use super::Key;
use crate::error::{Class, Reject, Result};

pub const KEY_BYTES: usize = 1184;
pub const CIPHERTEXT_BYTES: usize = 1088;
/// Bytes of the key that hold 12-bit coefficients; the last 32 are rho.
const COEFFICIENT_BYTES: usize = 1152;
const MODULUS: u16 = 3329;

fn keys(dz: &[u8; 64]) -> (DecapsulationKey<MlKem768Params>, EncapsulationKey<MlKem768Params>) {
    let mut d = B32::default();
    let mut z = B32::default();
    d.copy_from_slice(&dz[..32]);
    z.copy_from_slice(&dz[32..]);
    MlKem768::generate_deterministic(&d, &z)
}

/// 1184 bytes.
pub fn encapsulation_key(dz: &[u8; 64]) -> Vec<u8> {
    keys(dz).1.as_bytes().to_vec()
}

/// FIPS 203's expanded form, 2400 bytes.
pub fn decapsulation_key(dz: &[u8; 64]) -> Vec<u8> {
    keys(dz).0.as_bytes().to_vec()
}

/// HS-06: the right length, every coefficient below q.
pub fn check(ek: &[u8]) -> Result<()> {
    let reduced = ek.len() == KEY_BYTES
        && ek[..COEFFICIENT_BYTES].chunks_exact(3).all(|bytes| {
            let low = u16::from(bytes[0]) | u16::from(bytes[1] & 15) << 8;
            let high = u16::from(bytes[1] >> 4) | u16::from(bytes[2]) << 4;
            low < MODULUS && high < MODULUS
        });
    if reduced { Ok(()) } else { Err(Reject::new(Class::HandshakeKem, "the encapsulation key is not valid")) }
}

/// Ciphertext, 1088 bytes, and shared secret.
pub fn encapsulate(ek: &[u8], m: &Key) -> Result<(Vec<u8>, Key)> {
    check(ek)?;
    let bad = || Reject::new(Class::HandshakeKem, "the encapsulation key is not valid");
    let key = EncapsulationKey::<MlKem768Params>::from_bytes(ek.try_into().map_err(|_| bad())?);
    let (ct, ss) = key.encapsulate_deterministic(&(*m).into()).map_err(|()| bad())?;
    Ok((ct.to_vec(), ss.into()))
}

/// HS-07: a wrong ciphertext of the right length gives another secret, no error.
pub fn decapsulate(dz: &[u8; 64], ct: &[u8]) -> Result<Key> {
    let bad = || Reject::new(Class::HandshakeKem, "the ciphertext has the wrong length");
    let ct = ct.try_into().map_err(|_| bad())?;
    Ok(keys(dz).0.decapsulate(ct).map_err(|()| bad())?.into())
}
