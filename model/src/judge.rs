//! The rules that every honest device and relay applies. RO-01 to RO-07.

use crate::state::*;

/// A verdict on an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Valid,
    Refused,
    /// Its epoch is not opened here.
    Unopened,
}

impl Group {
    pub(crate) fn has_flaw(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    /// RO-05: listed, or countersigned in that very epoch and never removed.
    pub(crate) fn is_member(&self, state: &State, epoch: u8, device: u8) -> bool {
        let chain = state.chain(epoch);
        let countersigned = |index: u8| device == SHADOW && state.shadow_records & (1 << index) != 0;
        let counts = if self.has_flaw(Flaw::OldAuthKey) {
            chain.iter().any(|&index| countersigned(index))
        } else {
            countersigned(epoch)
        };
        has(state.rotation(epoch).members, device) || counts && state.removal(&chain, device).is_none()
    }

    /// RO-01, RO-02.
    pub(crate) fn continues(&self, state: &State, index: u8) -> bool {
        let rotation = state.rotation(index);
        let chain = state.chain(rotation.previous);
        let was_removed = |device: u8| state.removal(&chain, device).is_some();
        let was_member = |device: u8| chain.iter().any(|&epoch| self.is_member(state, epoch, device));
        let is_old = |device: u8| self.is_member(state, rotation.previous, device);
        let members = EVERYBODY.into_iter().filter(|&device| has(rotation.members, device));
        let mut removed = EVERYBODY.into_iter().filter(|&device| has(rotation.removed, device));
        let are_members = members.clone().all(|device| is_old(device) && !was_removed(device));
        rotation.members & rotation.removed == 0
            && has(rotation.members, rotation.signer)
            && is_old(rotation.signer)
            && (are_members || self.has_flaw(Flaw::MembersUnchecked))
            && removed.all(|device| was_member(device) && !was_removed(device))
    }

    /// RO-03.
    pub(crate) fn counts(&self, rotation: &Rotation) -> bool {
        rotation.receipted || self.has_flaw(Flaw::NoReceipt)
    }

    /// RO-05, RO-06, as a device that took `tip` judges.
    pub(crate) fn judge(&self, state: &State, tip: u8, envelope: &Envelope) -> Verdict {
        let chain = state.chain(tip);
        let Some(at) = chain.iter().position(|&index| index == envelope.epoch) else { return Verdict::Unopened };
        let is_valid = if let Some(removal) = state.removal(&chain, envelope.sender) {
            let cut = state.rotation(removal).cuts[envelope.sender as usize];
            let is_of_cut = envelope.sequence == cut && (!envelope.is_twin || self.has_flaw(Flaw::CutHashIgnored));
            let is_before = chain.iter().position(|&index| index == removal).is_some_and(|removed| at < removed);
            is_before && (envelope.sequence < cut || is_of_cut || self.has_flaw(Flaw::CutIgnored))
        } else if envelope.epoch == tip {
            self.is_member(state, envelope.epoch, envelope.sender)
        } else {
            has(state.rotation(chain[at + 1]).members, envelope.sender)
        };
        if is_valid { Verdict::Valid } else { Verdict::Refused }
    }
}
