//! The properties of docs/model.md, and the model that stateright explores.

use crate::state::*;
use stateright::{Model, Property};

impl Model for Group {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State::start()]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let rotations = 1..state.rotations.len() as u8;
        for device in HONEST {
            let own = state.devices[device as usize];
            if matches!(own.standing, Standing::Removed | Standing::LeftOut) {
                continue;
            }
            actions.extend(rotations.clone().map(|to| Action::Follow { device, to }));
            actions.push(Action::Read(device));
            actions.extend((0..state.envelopes.len() as u8).map(|envelope| Action::Deliver { device, envelope }));
            if own.standing == Standing::Current && state.rotations.len() <= self.bounds.rotations {
                let other = HONEST[1 - device as usize];
                actions.extend([None, Some(EVE)].map(|removes| Action::Rotate { by: device, removes }));
                if self.bounds.quarrel {
                    actions.push(Action::Rotate { by: device, removes: Some(other) });
                }
            }
            let is_first = state.head(device) == 0;
            if own.standing == Standing::Current && is_first && state.envelopes.len() < self.bounds.envelopes {
                actions.push(Action::Push(device));
            }
        }
        actions.extend(rotations.map(Action::Receipt));
        self.evil_actions(state, actions);
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        match action {
            Action::Rotate { by, removes } => self.rotate(state, by, removes),
            Action::ForgeRotation { previous, form } => self.forge_rotation(state, previous, form),
            Action::Receipt(index) => self.receipt(state, index),
            Action::Follow { device, to } => self.follow(state, device, to),
            Action::Push(device) => self.push(state, device),
            Action::Forge { epoch, is_twin, is_pushed } => self.forge(state, epoch, is_twin, is_pushed),
            Action::Countersign(index) => {
                let mut next = state.clone();
                next.shadow_records |= 1 << index;
                Some(next)
            }
            Action::Read(device) => self.read(state, device),
            Action::Deliver { device, envelope } => {
                let next = self.take(state, device, envelope);
                (next != *state).then_some(next)
            }
        }
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always("a removed device is never a member again", |_, state: &State| {
                each_tip(state, |chain| {
                    chain.iter().all(|&index| {
                        let before = state.chain(index);
                        EVERYBODY.iter().all(|&device| {
                            !has(state.rotation(index).members, device) || state.removal(&before, device).is_none()
                        })
                    })
                })
            }),
            Property::always("nobody is a member whom no member let in", |_, state: &State| {
                each_tip(state, |chain| chain.iter().all(|&index| !has(state.rotation(index).members, SHADOW)))
            }),
            Property::always("a removed device learns no later secret", |_, state: &State| {
                each_tip(state, |chain| {
                    let removal = chain.iter().position(|&index| has(state.rotation(index).removed, EVE));
                    removal.is_none_or(|at| chain[at..].iter().all(|&index| !state.evil_knows(index)))
                })
            }),
            Property::always("what a removed device makes afterwards counts nowhere", |_, state: &State| {
                !state.took_late
            }),
            Property::always("a member's message is never refused", |_, state: &State| !state.refused_honest),
            Property::sometimes("the evil device is out, and both others go on", |_, state: &State| {
                state
                    .devices
                    .iter()
                    .all(|device| device.tip != GENESIS && state.removal(&state.chain(device.tip), EVE).is_some())
            }),
            Property::sometimes("a device that waited goes on", |_, state: &State| state.healed),
        ];
        if self.relays == Relays::AnchorHonest {
            properties.push(Property::always("all devices are on one chain", |_, state: &State| {
                let [ann, bob] = state.devices.map(|device| state.chain(device.tip));
                ann.starts_with(&bob) || bob.starts_with(&ann)
            }));
            properties.push(Property::always("no message of a member is lost", |_, state: &State| {
                state.devices.iter().all(|device| nothing_lost(state, device))
            }));
        }
        properties
    }
}

/// The chain of each honest device that is in the group.
fn each_tip(state: &State, holds: impl Fn(&[u8]) -> bool) -> bool {
    state.devices.iter().all(|device| holds(&state.chain(device.tip)))
}

/// Every envelope below the cursor, of an honest sender that is a member all the way, is accepted once its epoch is opened.
fn nothing_lost(state: &State, device: &Device) -> bool {
    let chain = state.chain(device.tip);
    state.log[..device.cursor as usize].iter().all(|&index| {
        let envelope = &state.envelopes[index as usize];
        let is_open = chain.contains(&envelope.epoch);
        let stays = chain.iter().skip_while(|&&epoch| epoch != envelope.epoch);
        let is_honest = HONEST.contains(&envelope.sender)
            && stays.clone().all(|&epoch| has(state.rotation(epoch).members, envelope.sender));
        !is_open || !is_honest || device.accepted & (1 << index) != 0
    })
}
