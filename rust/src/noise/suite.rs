//! clatter's suites with what it leaves to its caller: the checks of HS-05 and HS-06, and given randomness.

use std::cell::RefCell;
use std::collections::VecDeque;

use clatter::bytearray::{ByteArray, SensitiveByteArray};
use clatter::crypto::cipher::ChaChaPoly;
use clatter::crypto::dh::X25519;
use clatter::crypto::hash::Blake2s;
use clatter::crypto::kem::rust_crypto_ml_kem::MlKem768;
use clatter::error::{DhError, DhResult, KemError, KemResult};
use clatter::rand_core::{CryptoRng, Error, RngCore};
use clatter::traits::{CryptoComponent, Dh, Kem, Rng};
use clatter::{HybridHandshakeCore, KeyPair, NqHandshakeCore};

use crate::crypto::{Key, mlkem, random, x25519_public};

pub type Classical = NqHandshakeCore<StrictX25519, ChaChaPoly, Blake2s, Draws>;
pub type Hybrid = HybridHandshakeCore<StrictX25519, StrictMlKem768, StrictMlKem768, ChaChaPoly, Blake2s, Draws>;
pub type DhPair = KeyPair<[u8; 32], SensitiveByteArray<[u8; 32]>>;
pub type KemPair = KeyPair<<MlKem768 as Kem>::PubKey, <MlKem768 as Kem>::SecretKey>;

thread_local! {
    static NEXT: RefCell<VecDeque<u8>> = const { RefCell::new(VecDeque::new()) };
}

/// Encapsulation randomness in the order of HS-10; what is not given comes from the operating system. clatter makes its
/// generator with `Default`, so what the next one gives is left in `NEXT`.
#[derive(Clone)]
pub struct Draws(VecDeque<u8>);

impl Draws {
    /// Runs `build`; the handshake that it makes draws these.
    pub fn give<T>(draws: &[Key], build: impl FnOnce() -> T) -> T {
        NEXT.with(|next| *next.borrow_mut() = draws.concat().into());
        build()
    }
}

impl Default for Draws {
    fn default() -> Self {
        Draws(NEXT.with(|next| std::mem::take(&mut *next.borrow_mut())))
    }
}

impl RngCore for Draws {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        let wanted = out.len();
        if self.0.len() >= wanted {
            out.iter_mut().zip(self.0.drain(..wanted)).for_each(|(to, from)| *to = from);
        } else {
            out.copy_from_slice(&random_bytes(out.len()));
        }
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(out);
        Ok(())
    }
}

impl CryptoRng for Draws {}

fn random_bytes(length: usize) -> Vec<u8> {
    (0..length).step_by(32).flat_map(|_| random::<32>()).take(length).collect()
}

/// X25519 that refuses an all-zero result. HS-05.
#[derive(Clone)]
pub struct StrictX25519;

impl CryptoComponent for StrictX25519 {
    fn name() -> &'static str {
        X25519::name()
    }
}

impl Dh for StrictX25519 {
    type PrivateKey = <X25519 as Dh>::PrivateKey;
    type PubKey = <X25519 as Dh>::PubKey;
    type Output = <X25519 as Dh>::Output;

    fn genkey_rng<R: Rng>(rng: &mut R) -> DhResult<DhPair> {
        X25519::genkey_rng(rng)
    }

    fn pubkey(secret: &Self::PrivateKey) -> Self::PubKey {
        X25519::pubkey(secret)
    }

    fn dh(secret: &Self::PrivateKey, public: &Self::PubKey) -> DhResult<Self::Output> {
        let shared = X25519::dh(secret, public)?;
        let zero = shared.as_slice().iter().fold(0, |any, byte| any | byte) == 0;
        // clatter has one error of this kind; only its type matters here.
        if zero { Err(DhError::KeyGeneration) } else { Ok(shared) }
    }
}

/// ML-KEM-768 that refuses to encapsulate to a key that is not reduced. HS-06.
#[derive(Clone)]
pub struct StrictMlKem768;

impl CryptoComponent for StrictMlKem768 {
    fn name() -> &'static str {
        MlKem768::name()
    }
}

impl Kem for StrictMlKem768 {
    type SecretKey = <MlKem768 as Kem>::SecretKey;
    type PubKey = <MlKem768 as Kem>::PubKey;
    type Ct = <MlKem768 as Kem>::Ct;
    type Ss = <MlKem768 as Kem>::Ss;

    fn genkey_rng<R: Rng>(rng: &mut R) -> KemResult<KemPair> {
        MlKem768::genkey_rng(rng)
    }

    fn encapsulate<R: Rng>(public: &[u8], rng: &mut R) -> KemResult<(Self::Ct, Self::Ss)> {
        mlkem::check(public).map_err(|_| KemError::Input)?;
        MlKem768::encapsulate(public, rng)
    }

    fn decapsulate(ciphertext: &[u8], secret: &[u8]) -> KemResult<Self::Ss> {
        MlKem768::decapsulate(ciphertext, secret)
    }
}

/// The pair of a secret.
pub fn dh_pair(secret: &Key) -> DhPair {
    KeyPair::new(x25519_public(secret), SensitiveByteArray::new(*secret))
}

/// The pair of d || z.
pub fn kem_pair(dz: &[u8; 64]) -> KemPair {
    KeyPair::new(
        ByteArray::from_slice(&mlkem::encapsulation_key(dz)),
        ByteArray::from_slice(&mlkem::decapsulation_key(dz)),
    )
}
