//! Pins of relays. CL-30 to CL-33.

use super::driver::Driver;
use super::error::{Error, Result};
use super::types::{Event, Mode, Tofu};
use crate::error::{Class, Reject};
use crate::hexadecimal::encode;
use crate::noise::{self, Identity, Suite};
use crate::store::{Change, Pin};
use crate::text::RelayText;

/// The trusted keys of a relay, known before it is dialled.
#[derive(Clone)]
pub struct Trust {
    /// The keys that stand in the relay's text: always fixed.
    text: noise::Pin,
    stored: Option<Pin>,
    strict: bool,
}

impl Trust {
    fn stored_pin(&self) -> noise::Pin {
        self.stored.as_ref().map_or_else(noise::Pin::default, |pin| noise::Pin {
            node_id: Some(pin.node_id),
            kem_hash: pin.kem_hash.as_slice().try_into().ok(),
        })
    }

    fn is_fixed(&self) -> bool {
        self.strict || self.stored.as_ref().is_some_and(|pin| pin.fixed)
    }

    /// HS-13.
    pub fn allows(&self, suite: Suite) -> crate::error::Result<()> {
        self.text.allows(suite)?;
        self.stored_pin().allows(suite)
    }

    /// CL-32: the pin came from an invite or from the relay's text.
    pub fn has_fixed_pin(&self) -> bool {
        self.text.node_id.is_some() || self.stored.as_ref().is_some_and(|pin| pin.fixed)
    }

    /// HS-12: before message 3. True when it showed no other key than those pinned (CL-37).
    pub fn check(&self, identity: &Identity) -> crate::error::Result<bool> {
        self.text.check(identity)?;
        let stored = self.stored_pin().check(identity);
        if self.is_fixed() { stored.map(|()| true) } else { Ok(stored.is_ok()) }
    }

    fn is_changed(&self, identity: &Identity) -> bool {
        self.stored_pin().check(identity).is_err()
    }
}

impl Mode {
    pub fn suite(self) -> Suite {
        match self {
            Mode::Hybrid => Suite::Hybrid,
            Mode::Classical => Suite::Classical,
        }
    }
}

impl Driver {
    pub fn trust(&self, relay: &RelayText) -> Trust {
        Trust {
            text: noise::Pin { node_id: relay.node_id, kem_hash: relay.kem_hash },
            stored: self.store.state().pins.get(&relay.address()).cloned(),
            strict: self.options.tofu == Tofu::Strict,
        }
    }

    /// Stores what the handshake showed. CL-31, CL-33.
    pub fn learn_identity(&mut self, relay: &RelayText, trust: &Trust, identity: &Identity) -> Result<()> {
        let mut pin = trust.stored.clone().unwrap_or_default();
        if trust.is_changed(identity) {
            let before = encode(&pin.node_id);
            pin = Pin::default();
            self.emit(Event::RelayKeyChanged { before, after: encode(&identity.node_id) });
        }
        pin.node_id = identity.node_id;
        pin.fixed |= relay.node_id.is_some();
        if let Some(kem_hash) = identity.kem_hash {
            pin.kem_hash = kem_hash.to_vec();
        }
        self.pin(relay, pin)
    }

    /// HelloAck's signing key completes a pin or must be the pinned one.
    pub fn learn_signing_key(&mut self, relay: &RelayText, signing_key: &[u8]) -> Result<()> {
        let mut pin = self.store.state().pins.get(&relay.address()).cloned().unwrap_or_default();
        if !pin.signing_key.is_empty() && pin.signing_key != signing_key {
            if pin.fixed || self.options.tofu == Tofu::Strict {
                let detail = "the relay's signing key is not the pinned one";
                return Err(Error::Reject(Reject {
                    code: Some(1015),
                    ..Reject::new(Class::HandshakeIdentity, detail)
                }));
            }
            let node_id = encode(&pin.node_id);
            self.emit(Event::RelayKeyChanged { before: node_id.clone(), after: node_id });
        }
        pin.signing_key = signing_key.to_vec();
        self.pin(relay, pin)
    }

    pub fn pin(&mut self, relay: &RelayText, pin: Pin) -> Result<()> {
        let address = relay.address();
        if self.store.state().pins.get(&address) != Some(&pin) {
            self.store.apply(Change::Pinned { relay: address, pin })?;
            self.store.commit()?;
        }
        Ok(())
    }
}
