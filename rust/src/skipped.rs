//! The sequences that a plaintext names as skipped. EN-29.

use crate::error::{Class, Result, ensure};

/// EN-29.
pub fn check_skipped(skipped: &[(u64, u64)], sequence: u64) -> Result<()> {
    let mut above = 1;
    for (from, to) in skipped {
        let fits = *from >= above && from <= to && *to < sequence;
        ensure(fits, Class::EnvelopeParse, "the skipped sequences are not in order")?;
        // Ranges that touch would be one.
        above = to + 2;
    }
    Ok(())
}

/// EN-24, EN-29: ascending ranges name every sequence between the head and an envelope.
pub fn closes(skipped: &[(u64, u64)], head: u64, sequence: u64) -> bool {
    let mut next = head.saturating_add(1);
    for (from, to) in skipped {
        if *from <= next {
            next = next.max(to.saturating_add(1));
        }
    }
    next >= sequence
}
