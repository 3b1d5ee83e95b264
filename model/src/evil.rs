//! The steps of the evil device. It holds what it was given, and signs with its own keys only.

use crate::state::*;

const FORGERIES: [Forgery; 6] =
    [Forgery::Alone, Forgery::WithoutBob, Forgery::BobLeftOut, Forgery::Whole, Forgery::Rubbish, Forgery::WithShadow];

impl Group {
    pub(crate) fn evil_actions(&self, state: &State, actions: &mut Vec<Action>) {
        let known: Vec<u8> = (0..state.rotations.len() as u8).filter(|&index| state.evil_knows(index)).collect();
        let forged = state.rotations.iter().filter(|rotation| rotation.signer == EVE).count();
        if state.rotations.len() <= self.bounds.rotations && forged < self.bounds.forged {
            for &previous in &known {
                actions.extend(FORGERIES.map(|form| Action::ForgeRotation { previous, form }));
            }
        }
        if state.envelopes.len() < self.bounds.envelopes {
            for &epoch in &known {
                for (is_twin, is_pushed) in [(false, true), (false, false), (true, false)] {
                    actions.push(Action::Forge { epoch, is_twin, is_pushed });
                }
            }
        }
        if self.is_out(state) {
            let is_new = |index: &u8| state.shadow_records & (1 << index) == 0;
            actions.extend(known.into_iter().filter(is_new).map(Action::Countersign));
        }
    }

    /// No honest device, and no honest anchor, takes the evil device for a member any more. Whom it lets in until then is a
    /// member in its own right.
    fn is_out(&self, state: &State) -> bool {
        let devices = state.devices.iter().map(|device| device.tip);
        let tips: Vec<u8> = match self.relays {
            Relays::AnchorHonest => vec![state.anchor_tip],
            Relays::AnchorEvil => devices.collect(),
        };
        tips.into_iter().all(|tip| state.removal(&state.chain(tip), EVE).is_some())
    }

    pub(crate) fn forge_rotation(&self, state: &State, previous: u8, form: Forgery) -> Option<State> {
        let everybody = only(ANN) | only(BOB) | only(EVE);
        let members = match form {
            Forgery::Alone => only(EVE),
            Forgery::WithoutBob | Forgery::BobLeftOut => only(ANN) | only(EVE),
            Forgery::Whole | Forgery::Rubbish => everybody,
            Forgery::WithShadow => everybody | only(SHADOW),
        };
        let removed = if form == Forgery::BobLeftOut { 0 } else { everybody & !members };
        let rotation = Rotation {
            previous,
            signer: EVE,
            members,
            removed,
            cuts: EVERYBODY.map(|device| if has(removed, device) { state.head(device) } else { 0 }),
            welcomes: if form == Forgery::Rubbish { only(EVE) } else { members },
            state_opens: true,
            receipted: false,
        };
        if state.rotations.contains(&rotation) {
            return None;
        }
        let mut next = state.clone();
        next.rotations.push(rotation);
        Some(next)
    }

    /// An envelope with the next sequence, or a second one in the place of the newest one in the anchor's log.
    pub(crate) fn forge(&self, state: &State, epoch: u8, is_twin: bool, is_pushed: bool) -> Option<State> {
        let anchor = state.chain(state.anchor_tip);
        let is_late = state.removal(&anchor, EVE).is_some();
        let head = state.head(EVE);
        let sequence = if is_twin { head } else { head + 1 };
        let envelope = Envelope { sender: EVE, epoch, sequence, is_twin, is_late };
        let is_refused = is_pushed && (is_late || !anchor.contains(&epoch));
        if sequence == 0 || is_refused || state.envelopes.contains(&envelope) {
            return None;
        }
        let mut next = state.clone();
        if is_pushed {
            next.log.push(state.envelopes.len() as u8);
        }
        next.envelopes.push(envelope);
        Some(next)
    }
}
