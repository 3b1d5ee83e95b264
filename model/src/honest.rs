//! The steps of honest devices and of an honest anchor.

use crate::judge::Verdict;
use crate::state::*;

impl Group {
    /// A rotation to everybody who is a member, but for one; it names the cut that the anchor has at this moment.
    pub(crate) fn rotate(&self, state: &State, by: u8, removes: Option<u8>) -> Option<State> {
        let device = state.devices[by as usize];
        let removed = removes.map_or(0, only);
        let stays = |who: &u8| self.is_member(state, device.tip, *who) && !has(removed, *who);
        let members = EVERYBODY.into_iter().filter(stays).fold(0, |all, who| all | only(who));
        let mut cuts = [0; 4];
        if let Some(gone) = removes {
            cuts[gone as usize] = state.head(gone);
        }
        let rotation = Rotation {
            previous: device.tip,
            signer: by,
            members,
            removed,
            cuts,
            welcomes: members,
            state_opens: true,
            receipted: false,
        };
        let mut next = state.clone();
        next.rotations.push(rotation);
        let index = state.rotations.len() as u8;
        let is_new = !state.rotations.contains(&rotation) && self.continues(&next, index);
        if self.has_flaw(Flaw::TakenEarly) {
            next.devices[by as usize].tip = index;
        }
        is_new.then_some(next)
    }

    /// The anchor receipts one rotation for each epoch, whose cuts are its own heads. RO-09.
    pub(crate) fn receipt(&self, state: &State, index: u8) -> Option<State> {
        let rotation = state.rotation(index);
        let is_evil = self.relays == Relays::AnchorEvil;
        let is_next = rotation.previous == state.anchor_tip || self.has_flaw(Flaw::NoCompareAndSet);
        let has_cuts = EVERYBODY
            .into_iter()
            .all(|device| !has(rotation.removed, device) || rotation.cuts[device as usize] == state.head(device));
        let takes = is_evil || is_next && has_cuts && self.continues(state, index);
        if rotation.receipted || !takes {
            return None;
        }
        let mut next = state.clone();
        next.rotations[index as usize].receipted = true;
        if !is_evil || rotation.previous == state.anchor_tip {
            next.anchor_tip = index;
        }
        Some(next)
    }

    /// A device judges a chain that somebody shows to it. RO-01 to RO-04.
    pub(crate) fn follow(&self, state: &State, device: u8, to: u8) -> Option<State> {
        let own = state.devices[device as usize];
        let chain = state.chain(to);
        let at = chain.iter().position(|&index| index == own.tip)?;
        let path = &chain[at + 1..];
        let &first = path.first()?;
        if !path.iter().all(|&index| self.continues(state, index)) {
            return None;
        }
        let mut next = state.clone();
        let mut follower = own;
        let opens = has(state.rotation(to).welcomes & state.rotation(to).members, device)
            && path.iter().all(|&index| state.rotation(index).state_opens);
        let first = state.rotation(first);
        if opens {
            let proven = path.iter().take_while(|&&index| self.counts(state.rotation(index)));
            follower.tip = proven.last().copied().unwrap_or(own.tip);
            follower.standing = if follower.tip == own.tip { own.standing } else { Standing::Current };
            next.healed |= own.standing == Standing::Waiting && follower.standing == Standing::Current;
        } else if self.counts(first) {
            follower.standing = match () {
                _ if has(first.removed, device) => Standing::Removed,
                _ if has(first.members, device) => Standing::Waiting,
                _ => Standing::LeftOut,
            };
        }
        next.devices[device as usize] = follower;
        (follower != own).then_some(next)
    }

    /// A device pushes under its newest epoch; the anchor takes it while the sender is in, and the epoch is not newer than its own.
    pub(crate) fn push(&self, state: &State, device: u8) -> Option<State> {
        let own = state.devices[device as usize];
        let anchor = state.chain(state.anchor_tip);
        if !anchor.contains(&own.tip) || state.removal(&anchor, device).is_some() {
            return None;
        }
        let sequence = state.head(device) + 1;
        let envelope = Envelope { sender: device, epoch: own.tip, sequence, is_twin: false, is_late: false };
        let index = state.envelopes.len() as u8;
        let mut next = state.clone();
        next.envelopes.push(envelope);
        next.log.push(index);
        next.devices[device as usize].accepted |= 1 << index;
        Some(next)
    }

    /// A device reads its next envelope at the anchor. The cursor stops before an epoch that is proven and not opened. RO-07.
    pub(crate) fn read(&self, state: &State, device: u8) -> Option<State> {
        let own = state.devices[device as usize];
        let &index = state.log.get(own.cursor as usize)?;
        let envelope = state.envelopes[index as usize];
        let is_proven = state.chain(state.anchor_tip).contains(&envelope.epoch);
        let is_unopened = self.judge(state, own.tip, &envelope) == Verdict::Unopened;
        if is_unopened && is_proven && !self.has_flaw(Flaw::CursorPasses) {
            return None;
        }
        let mut next = self.take(state, device, index);
        next.devices[device as usize].cursor += 1;
        Some(next)
    }

    /// A device accepts an envelope, or not.
    pub(crate) fn take(&self, state: &State, device: u8, index: u8) -> State {
        let own = state.devices[device as usize];
        let envelope = state.envelopes[index as usize];
        let mut next = state.clone();
        let has_place = |&(other, one): &(usize, &Envelope)| {
            one.sender == envelope.sender && one.sequence == envelope.sequence && own.accepted & (1 << other) != 0
        };
        if state.envelopes.iter().enumerate().any(|one| has_place(&one)) {
            return next;
        }
        let chain = state.chain(own.tip);
        match self.judge(state, own.tip, &envelope) {
            Verdict::Valid => {
                next.devices[device as usize].accepted |= 1 << index;
                next.took_late |= envelope.is_late && state.removal(&chain, envelope.sender).is_some();
            }
            Verdict::Refused => {
                let after = chain.iter().skip_while(|&&epoch| epoch != envelope.epoch);
                let stays = after.clone().all(|&epoch| has(state.rotation(epoch).members, envelope.sender));
                next.refused_honest |= HONEST.contains(&envelope.sender) && stays;
            }
            Verdict::Unopened => {}
        }
        next
    }
}
