//! Ed25519 with the strict verification of SC-20.

use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha512};

use super::Key;

pub fn public(seed: &Key) -> Key {
    SigningKey::from_bytes(seed).verifying_key().to_bytes()
}

pub fn sign(seed: &Key, message: &[u8]) -> [u8; 64] {
    SigningKey::from_bytes(seed).sign(message).to_bytes()
}

/// SC-20: [S]B = R + [k]A without cofactor, S < L, canonical A and R, neither of small order. The crate's `verify_strict`
/// takes non-canonical encodings, so the equation stands here.
pub fn verify(public: &[u8], message: &[u8], signature: &[u8]) -> bool {
    verify_equation(public, message, signature).unwrap_or(false)
}

fn verify_equation(public: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
    let (r, s) = signature.split_at_checked(32)?;
    let a = canonical_point(public)?;
    let s = Option::<Scalar>::from(Scalar::from_canonical_bytes(s.try_into().ok()?))?;
    let k = Scalar::from_bytes_mod_order_wide(
        &Sha512::new().chain_update(r).chain_update(public).chain_update(message).finalize().into(),
    );
    let expected = EdwardsPoint::vartime_double_scalar_mul_basepoint(&k, &-a, &s);
    Some(!expected.is_small_order() && expected.compress().as_bytes() == r)
}

/// A point in its one encoding and not of small order.
fn canonical_point(bytes: &[u8]) -> Option<EdwardsPoint> {
    let encoded = CompressedEdwardsY::from_slice(bytes).ok()?;
    let point = encoded.decompress()?;
    (point.compress() == encoded && !point.is_small_order()).then_some(point)
}
