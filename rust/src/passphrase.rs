//! The strength of a passphrase against guessing. PA-09, PA-23.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::error::{Class, Result, ensure};

/// Tenths of bits. PA-23.
const STRENGTH_MIN: u32 = 400;

/// NFKC, not empty. PA-09.
pub fn normalise(text: &str) -> Result<Zeroizing<String>> {
    let normalised: Zeroizing<String> = Zeroizing::new(text.nfkc().collect());
    ensure(!normalised.is_empty(), Class::InviteParse, "the passphrase is empty")?;
    Ok(normalised)
}

/// The strength of a passphrase that makes an invite, in tenths of bits. PA-23.
pub fn check(text: &str) -> Result<u32> {
    let strength = strength(&normalise(text)?);
    ensure(
        strength >= STRENGTH_MIN,
        Class::InviteParse,
        "the passphrase is too easy to guess; use four words or more",
    )?;
    Ok(strength)
}

fn strength(text: &str) -> u32 {
    let mut pairs = HashSet::new();
    let (mut sum, mut run, mut length) = (0, 0, 0);
    let mut before: Option<char> = None;
    for character in text.chars() {
        let follows = before.is_some_and(|before| u32::from(before).abs_diff(character.into()) <= 1);
        let repeats = before.is_some_and(|before| !pairs.insert((before, character)));
        let counts = if follows || repeats { 0 } else { weight(character) };
        if character.is_ascii_alphabetic() {
            (run, length) = (run + counts, length + 1);
        } else {
            sum += word(run, length) + counts;
            (run, length) = (0, 0);
        }
        before = Some(character);
    }
    sum + word(run, length)
}

fn weight(character: char) -> u32 {
    match character {
        ' ' => 10,
        '0'..='9' => 33,
        'A'..='Z' | 'a'..='z' => 47,
        '\0'..='\x7f' => 50,
        _ => 60,
    }
}

/// A run of letters may be a word.
fn word(run: u32, length: u32) -> u32 {
    run.min(120 + 25 * length.saturating_sub(6))
}
