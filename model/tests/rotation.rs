//! Explores every state within the bounds of docs/model.md, without a flaw and with each.

use stateright::{Checker, HasDiscoveries, Model};
use std::collections::BTreeSet;
use zerok_sync_model::{Bounds, Flaw, Group, Relays};

/// Three rotations of anybody, and no messages.
const ROTATIONS: Bounds = Bounds { rotations: 3, forged: 2, envelopes: 0, quarrel: true };
/// Two rotations, one of them forged, and one message.
const FORGERY: Bounds = Bounds { rotations: 2, forged: 1, envelopes: 1, quarrel: false };
/// Two honest rotations and two messages.
const MESSAGES: Bounds = Bounds { rotations: 2, forged: 0, envelopes: 2, quarrel: false };

const OUT: &str = "the evil device is out, and both others go on";
const HEALED: &str = "a device that waited goes on";

/// Explores every state; only the wishes may be found, and no property may fail.
fn holds(relays: Relays, bounds: Bounds, wishes: &[&'static str]) {
    let checker = Group { relays, bounds, flaw: None }.checker().threads(2).spawn_bfs().join();
    println!("{relays:?} {bounds:?}: {} states", checker.unique_state_count());
    assert!(checker.is_done());
    let found: BTreeSet<_> = checker.discoveries().into_keys().collect();
    assert_eq!(found, wishes.iter().copied().collect());
}

/// With the flaw, the property fails.
fn finds(flaw: Flaw, bounds: Bounds, property: &'static str) {
    let group = Group { relays: Relays::AnchorHonest, bounds, flaw: Some(flaw) };
    let goal = HasDiscoveries::AllOf([property].into());
    let checker = group.checker().threads(2).finish_when(goal).spawn_bfs().join();
    assert!(
        checker.discovery(property).is_some(),
        "{flaw:?}: \"{property}\" holds in {} states",
        checker.unique_state_count()
    );
}

#[test]
fn rotations_at_an_honest_anchor() {
    holds(Relays::AnchorHonest, ROTATIONS, &[OUT, HEALED]);
}

#[test]
fn messages_at_an_honest_anchor() {
    holds(Relays::AnchorHonest, FORGERY, &[OUT, HEALED]);
    holds(Relays::AnchorHonest, MESSAGES, &[OUT]);
}

#[test]
fn messages_at_an_evil_anchor() {
    holds(Relays::AnchorEvil, FORGERY, &[OUT, HEALED]);
}

#[test]
fn a_rotation_without_receipt_is_found() {
    finds(Flaw::NoReceipt, FORGERY, "all devices are on one chain");
}

#[test]
fn a_rotation_that_is_taken_early_is_found() {
    finds(Flaw::TakenEarly, FORGERY, "all devices are on one chain");
}

#[test]
fn an_anchor_that_compares_nothing_is_found() {
    finds(Flaw::NoCompareAndSet, FORGERY, "all devices are on one chain");
}

#[test]
fn members_that_nobody_checks_are_found() {
    finds(Flaw::MembersUnchecked, FORGERY, "nobody is a member whom no member let in");
}

#[test]
fn an_old_auth_key_that_lets_in_is_found() {
    finds(Flaw::OldAuthKey, FORGERY, "a removed device learns no later secret");
    finds(Flaw::OldAuthKey, FORGERY, "nobody is a member whom no member let in");
}

#[test]
fn a_cut_that_is_ignored_is_found() {
    finds(Flaw::CutIgnored, FORGERY, "what a removed device makes afterwards counts nowhere");
}

#[test]
fn another_envelope_in_the_place_of_the_cut_is_found() {
    finds(Flaw::CutHashIgnored, MESSAGES, "what a removed device makes afterwards counts nowhere");
}

#[test]
fn a_cursor_beyond_an_unopened_epoch_is_found() {
    finds(Flaw::CursorPasses, MESSAGES, "no message of a member is lost");
}
