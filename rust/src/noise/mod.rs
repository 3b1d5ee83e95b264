//! The Noise handshakes of spec/handshake.md on clatter.

mod suite;

use clatter::bytearray::ByteArray;
use clatter::error::HandshakeError;
use clatter::handshakepattern::{noise_hybrid_xx, noise_xx};
use clatter::traits::Handshaker;
use clatter::{HybridHandshakeParams, transportstate::TransportState};
use zeroize::Zeroizing;

use crate::crypto::{Key, blake3, mlkem, random};
use crate::error::{Class, Reject, Result, ensure};
use suite::{Classical, Draws, Hybrid, dh_pair, kem_pair};

/// The version is the suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suite {
    Classical,
    Hybrid,
}

impl Suite {
    pub fn by_version(version: u64) -> Option<Self> {
        match version {
            1 => Some(Suite::Classical),
            2 => Some(Suite::Hybrid),
            _ => None,
        }
    }

    pub fn by_name(name: &str) -> Option<Self> {
        [Suite::Classical, Suite::Hybrid].into_iter().find(|suite| suite.name() == name)
    }

    pub fn version(self) -> u8 {
        match self {
            Suite::Classical => 1,
            Suite::Hybrid => 2,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Suite::Classical => "Noise_XX_25519_ChaChaPoly_BLAKE2s",
            Suite::Hybrid => "Noise_hybridXX_25519+MLKEM768_ChaChaPoly_BLAKE2s",
        }
    }

    pub fn alpn(self) -> &'static [u8] {
        match self {
            Suite::Classical => b"/0k-sync/1",
            Suite::Hybrid => b"/0k-sync/2",
        }
    }

    /// Length of each message with an empty payload. HS-04.
    pub fn lengths(self) -> &'static [usize] {
        match self {
            Suite::Classical => &[32, 96, 64],
            Suite::Hybrid => &[1216, 3568, 2368, 1120],
        }
    }

    /// WI-01.
    pub fn preface(self) -> [u8; 4] {
        [0x30, 0x4b, self.version(), 0]
    }

    /// HS-01.
    pub fn prologue(self) -> Vec<u8> {
        let text = format!("0k-sync/{}", self.version());
        [text.as_bytes(), &self.preface()].concat()
    }
}

/// A party's keys and draws; the ML-KEM ones are unused in the classical suite.
pub struct Keys {
    pub s_x25519: Zeroizing<Key>,
    /// d || z.
    pub s_mlkem: Zeroizing<[u8; 64]>,
    pub e_x25519: Zeroizing<Key>,
    pub e_mlkem: Zeroizing<[u8; 64]>,
    /// ekem_m and skem_m in the party's order; random where none are given.
    pub encapsulations: Vec<Key>,
}

impl Keys {
    /// An initiator's: all fresh. HS-10.
    pub fn random() -> Self {
        Keys {
            s_x25519: Zeroizing::new(random()),
            s_mlkem: Zeroizing::new(random()),
            e_x25519: Zeroizing::new(random()),
            e_mlkem: Zeroizing::new(random()),
            encapsulations: Vec::new(),
        }
    }
}

/// The result of a finished handshake. HS-14.
pub struct Outcome {
    pub handshake_hash: Key,
    pub k_send: Zeroizing<Key>,
    pub k_receive: Zeroizing<Key>,
}

/// The relay's statics as message 2 showed them. HS-21.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    pub node_id: Key,
    pub kem_hash: Option<Key>,
}

/// The known static keys of a relay; `None` matches any key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pin {
    pub node_id: Option<Key>,
    pub kem_hash: Option<Key>,
}

impl Pin {
    /// HS-13: a relay with a pinned KEM key is not dialled without it.
    pub fn allows(&self, suite: Suite) -> Result<()> {
        let allowed = suite == Suite::Hybrid || self.kem_hash.is_none();
        ensure(allowed, Class::HandshakeDowngrade, "the relay has a pinned post-quantum key")
    }

    /// HS-12.
    pub fn check(&self, identity: &Identity) -> Result<()> {
        let differs = |pinned: Option<Key>, shown: Option<Key>| matches!((pinned, shown), (Some(p), Some(s)) if p != s);
        let other = differs(self.node_id, Some(identity.node_id)) || differs(self.kem_hash, identity.kem_hash);
        ensure(!other, Class::HandshakeIdentity, "the relay's keys are not the pinned ones")
    }
}

enum State {
    Classical(Box<Classical>),
    Hybrid(Box<Hybrid>),
}

/// One party's handshake. Writing and reading alternate; each is refused out of turn (HS-08).
pub struct Handshake {
    suite: Suite,
    initiator: bool,
    state: State,
    /// Messages written and read.
    messages: usize,
}

/// Largest Noise message, bytes.
const MESSAGE_BYTES_MAX: usize = 65_535;

impl Handshake {
    pub fn new(suite: Suite, initiator: bool, prologue: &[u8], keys: &Keys) -> Result<Self> {
        let s = dh_pair(&keys.s_x25519);
        let e = dh_pair(&keys.e_x25519);
        let state = Draws::give(&keys.encapsulations, || match suite {
            Suite::Classical => Classical::new(noise_xx(), prologue, initiator, Some(s), Some(e), None, None)
                .map(|state| State::Classical(Box::new(state))),
            Suite::Hybrid => Hybrid::new(
                HybridHandshakeParams::new(noise_hybrid_xx(), initiator)
                    .with_prologue(prologue)
                    .with_s(s)
                    .with_e(e)
                    .with_s_kem(kem_pair(&keys.s_mlkem))
                    .with_e_kem(kem_pair(&keys.e_mlkem)),
            )
            .map(|state| State::Hybrid(Box::new(state))),
        });
        Ok(Handshake { suite, initiator, state: state.map_err(reject)?, messages: 0 })
    }

    pub fn is_finished(&self) -> bool {
        self.messages == self.suite.lengths().len()
    }

    fn is_own_turn(&self) -> bool {
        !self.is_finished() && self.messages.is_multiple_of(2) == self.initiator
    }

    /// True if the other end writes next.
    pub fn is_waiting(&self) -> bool {
        !self.is_finished() && !self.is_own_turn()
    }

    pub fn write(&mut self, payload: &[u8]) -> Result<Vec<u8>> {
        ensure(self.is_own_turn(), Class::HandshakeOrder, "it is not this end's turn")?;
        let length = self.suite.lengths()[self.messages] + payload.len();
        ensure(length <= MESSAGE_BYTES_MAX, Class::HandshakeParse, "a handshake message is too long")?;
        let mut message = vec![0; length];
        match &mut self.state {
            State::Classical(state) => state.write_message(payload, &mut message),
            State::Hybrid(state) => state.write_message(payload, &mut message),
        }
        .map_err(reject)?;
        self.messages += 1;
        Ok(message)
    }

    /// A message with an empty payload, which has exactly its row's length. HS-04, HS-11.
    pub fn read(&mut self, message: &[u8]) -> Result<()> {
        ensure(self.is_waiting(), Class::HandshakeOrder, "a handshake message came out of turn")?;
        let exact = message.len() == self.suite.lengths()[self.messages];
        ensure(exact, Class::HandshakeParse, "a handshake message has the wrong length")?;
        self.read_payload(message).map(drop)
    }

    pub fn read_payload(&mut self, message: &[u8]) -> Result<Vec<u8>> {
        ensure(self.is_waiting(), Class::HandshakeOrder, "a handshake message came out of turn")?;
        let overhead = self.suite.lengths()[self.messages];
        let fits = (overhead..=MESSAGE_BYTES_MAX).contains(&message.len());
        ensure(fits, Class::HandshakeParse, "a handshake message has the wrong length")?;
        let mut payload = vec![0; message.len() - overhead];
        match &mut self.state {
            State::Classical(state) => state.read_message(message, &mut payload).map_err(reject)?,
            State::Hybrid(state) => {
                // HS-06: keys in clear are judged where they stand, also the one that nobody encapsulates to.
                if let Some(start) =
                    [Some(32), Some(mlkem::CIPHERTEXT_BYTES + 32)].get(self.messages).copied().flatten()
                {
                    mlkem::check(&message[start..start + mlkem::KEY_BYTES])?;
                }
                let read = state.read_message(message, &mut payload).map_err(reject)?;
                if let Some(remote) = state.get_remote_static() {
                    mlkem::check(remote.kem().as_slice())?;
                }
                read
            }
        };
        self.messages += 1;
        Ok(payload)
    }

    /// The other end's statics, once they were read.
    pub fn identity(&self) -> Option<Identity> {
        match &self.state {
            State::Classical(state) => state.get_remote_static().map(|node_id| Identity { node_id, kem_hash: None }),
            State::Hybrid(state) => state
                .get_remote_static()
                .map(|remote| Identity { node_id: *remote.dh(), kem_hash: Some(blake3(&[remote.kem().as_slice()])) }),
        }
    }

    pub fn finish(self) -> Result<Outcome> {
        ensure(self.is_finished(), Class::HandshakeOrder, "the handshake is not over")?;
        match self.state {
            State::Classical(state) => state.finalize().map(|transport| outcome(transport, self.initiator)),
            State::Hybrid(state) => state.finalize().map(|transport| outcome(transport, self.initiator)),
        }
        .map_err(reject)
    }
}

type Transport = TransportState<clatter::crypto::cipher::ChaChaPoly, clatter::crypto::hash::Blake2s>;

fn outcome(transport: Transport, initiator: bool) -> Outcome {
    let key = |bytes: &[u8]| {
        let mut key = Zeroizing::new([0; 32]);
        key.copy_from_slice(bytes);
        key
    };
    let mut handshake_hash = [0; 32];
    handshake_hash.copy_from_slice(transport.get_handshake_hash().as_slice());
    let ciphers = transport.take();
    let forth = key(ciphers.initiator_to_responder.take().0.as_slice());
    let back = key(ciphers.responder_to_initiator.take().0.as_slice());
    let (k_send, k_receive) = if initiator { (forth, back) } else { (back, forth) };
    Outcome { handshake_hash, k_send, k_receive }
}

/// clatter's failures in the classes of spec/handshake.md.
fn reject(error: HandshakeError) -> Reject {
    let class = match error {
        HandshakeError::Kem(_) => Class::HandshakeKem,
        HandshakeError::InvalidState | HandshakeError::ErrorState => Class::HandshakeOrder,
        HandshakeError::InvalidMessage | HandshakeError::BufferTooSmall => Class::HandshakeParse,
        _ => Class::HandshakeAuth,
    };
    Reject::new(class, error.to_string())
}
