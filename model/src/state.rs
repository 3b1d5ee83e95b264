//! The state of a group: what was made, what is receipted, and where each device stands.

/// Honest devices.
pub const ANN: u8 = 0;
pub const BOB: u8 = 1;
/// The evil device.
pub const EVE: u8 = 2;
/// A key that the evil device made up.
pub const SHADOW: u8 = 3;
/// Every key, the honest ones first.
pub const EVERYBODY: [u8; 4] = [ANN, BOB, EVE, SHADOW];
pub const HONEST: [u8; 2] = [ANN, BOB];
/// The rotation number of epoch 0.
pub const GENESIS: u8 = 0;

/// A set of devices, one bit each.
pub type Devices = u8;

/// The set of one device.
pub const fn only(device: u8) -> Devices {
    1 << device
}

pub const fn has(devices: Devices, device: u8) -> bool {
    devices & only(device) != 0
}

/// A rotation; its index in the state stands for R and for the secret of its epoch.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub struct Rotation {
    pub previous: u8,
    pub signer: u8,
    pub members: Devices,
    pub removed: Devices,
    /// The sequence of each removed device's last envelope that counts.
    pub cuts: [u8; 4],
    /// The members whose welcome opens.
    pub welcomes: Devices,
    /// The sealed state opens, and holds the secret before.
    pub state_opens: bool,
    /// The anchor gave a receipt. The other relay is evil or of no weight: it may have given one for anything.
    pub receipted: bool,
}

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub struct Envelope {
    pub sender: u8,
    /// The rotation that began its epoch.
    pub epoch: u8,
    pub sequence: u8,
    /// Another envelope in the place of one that the anchor has.
    pub is_twin: bool,
    /// Made after the anchor receipted the removal of its sender.
    pub is_late: bool,
}

#[derive(Clone, Copy, Debug, Default, Hash, PartialEq, Eq)]
pub enum Standing {
    #[default]
    Current,
    Waiting,
    Removed,
    LeftOut,
}

/// An honest device. Each step of it is one transaction, so a crash between two steps changes nothing.
#[derive(Clone, Copy, Debug, Default, Hash, PartialEq, Eq)]
pub struct Device {
    /// The newest rotation that it took.
    pub tip: u8,
    pub standing: Standing,
    /// Envelopes of the anchor's log that it passed.
    pub cursor: u8,
    /// Accepted envelopes, one bit each.
    pub accepted: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct State {
    pub rotations: Vec<Rotation>,
    pub envelopes: Vec<Envelope>,
    /// The anchor's log.
    pub log: Vec<u8>,
    /// The newest rotation of the anchor's chain.
    pub anchor_tip: u8,
    pub devices: [Device; 2],
    /// The rotations whose auth key countersigned the shadow's record, one bit each.
    pub shadow_records: u8,
    /// A device that knew of a removal accepted what the removed device made afterwards.
    pub took_late: bool,
    /// A device refused an envelope of an honest member.
    pub refused_honest: bool,
    /// A device that waited took an epoch.
    pub healed: bool,
}

/// A mistake that an implementation could make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A rotation counts without a receipt of the anchor. RO-03.
    NoReceipt,
    /// Anybody may be in the list of a rotation. RO-02.
    MembersUnchecked,
    /// Envelopes of a removed device count, whatever their place. RO-06.
    CutIgnored,
    /// Another envelope in the place of the cut counts. RO-06.
    CutHashIgnored,
    /// A record that an older auth key countersigned makes a member. RO-05.
    OldAuthKey,
    /// The cursor passes an envelope of an epoch that is proven and not opened. RO-07.
    CursorPasses,
    /// A device takes its own rotation before the anchor receipted it. RO-03.
    TakenEarly,
    /// The anchor receipts a rotation that continues an older epoch. RO-09.
    NoCompareAndSet,
}

/// Which of the two relays is evil.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relays {
    /// The anchor is honest, the other relay receipts and delivers anything.
    AnchorHonest,
    /// The anchor receipts and delivers anything.
    AnchorEvil,
}

#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Rotations that anybody makes, receipted or not.
    pub rotations: usize,
    /// Those of them that the evil device makes.
    pub forged: usize,
    pub envelopes: usize,
    /// Ann and Bob may also remove each other.
    pub quarrel: bool,
}

/// The model: a group with its relays, bounds, and at most one flaw.
#[derive(Clone, Debug)]
pub struct Group {
    pub relays: Relays,
    pub bounds: Bounds,
    pub flaw: Option<Flaw>,
}

/// A rotation of the evil device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgery {
    /// It removes both others.
    Alone,
    /// It removes Bob.
    WithoutBob,
    /// It leaves Bob out, and removes nobody.
    BobLeftOut,
    /// Everybody stays.
    Whole,
    /// Everybody stays, and no welcome opens.
    Rubbish,
    /// Everybody stays, and a key that it made up comes in.
    WithShadow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A device makes a rotation that removes one device, or nobody.
    Rotate { by: u8, removes: Option<u8> },
    /// The evil device makes one of its own upon an epoch whose auth key it holds.
    ForgeRotation { previous: u8, form: Forgery },
    /// The anchor receipts a rotation.
    Receipt(u8),
    /// A device is shown the chain up to a rotation.
    Follow { device: u8, to: u8 },
    /// A device seals under its newest epoch and pushes.
    Push(u8),
    /// The evil device seals under an epoch whose secret it has; the anchor takes the envelope as long as it may.
    Forge { epoch: u8, is_twin: bool, is_pushed: bool },
    /// The evil device countersigns a record for a key that it made up.
    Countersign(u8),
    /// A device reads the next envelope of the anchor's log.
    Read(u8),
    /// A device is given an envelope by the relay that is evil.
    Deliver { device: u8, envelope: u8 },
}

impl State {
    pub fn start() -> State {
        let everybody = only(ANN) | only(BOB) | only(EVE);
        let genesis = Rotation {
            previous: GENESIS,
            signer: ANN,
            members: everybody,
            removed: 0,
            cuts: [0; 4],
            welcomes: everybody,
            state_opens: true,
            receipted: true,
        };
        State {
            rotations: vec![genesis],
            envelopes: vec![],
            log: vec![],
            anchor_tip: GENESIS,
            devices: [Device::default(); 2],
            shadow_records: 0,
            took_late: false,
            refused_honest: false,
            healed: false,
        }
    }

    pub fn rotation(&self, index: u8) -> &Rotation {
        &self.rotations[index as usize]
    }

    /// The chain of a rotation, from epoch 0 up to it.
    pub fn chain(&self, to: u8) -> Vec<u8> {
        let mut chain = vec![to];
        let mut at = to;
        while at != GENESIS {
            at = self.rotation(at).previous;
            chain.push(at);
        }
        chain.reverse();
        chain
    }

    /// The rotation of a chain that removed a device.
    pub fn removal(&self, chain: &[u8], device: u8) -> Option<u8> {
        chain.iter().copied().find(|&index| has(self.rotation(index).removed, device))
    }

    /// The sequence of a sender's last envelope in the anchor's log.
    pub fn head(&self, sender: u8) -> u8 {
        let sent = self.log.iter().map(|&index| &self.envelopes[index as usize]);
        sent.filter(|envelope| envelope.sender == sender).map(|envelope| envelope.sequence).max().unwrap_or(0)
    }

    /// The secret of a rotation's epoch is the evil device's: by a welcome, by its own hand, or by a later state.
    pub fn evil_knows(&self, index: u8) -> bool {
        let rotation = self.rotation(index);
        let evil = only(EVE) | only(SHADOW);
        let is_given = rotation.welcomes & evil != 0 || has(evil, rotation.signer) && index != GENESIS;
        is_given
            || self
                .rotations
                .iter()
                .enumerate()
                .skip(1)
                .any(|(later, next)| next.previous == index && next.state_opens && self.evil_knows(later as u8))
    }
}
