//! Segments of a relay's log. CL-02, CL-04, CL-08.

use crate::error::{Class, Result, ensure};
use crate::limits::SAFE_INTEGER_MAX;

pub struct Segment<'a> {
    pub after: u64,
    pub removed_through: u64,
    pub cursors: &'a [u64],
    pub next: u64,
    pub head: u64,
}

/// The cursor's move over a checked segment.
#[derive(Debug, PartialEq)]
pub struct Moved {
    pub after: u64,
    /// First and last cursor that were removed. CL-08.
    pub expired: Option<(u64, u64)>,
}

pub fn merge(asked: u64, segment: &Segment, has_more: bool) -> Result<Moved> {
    let Segment { after, removed_through, cursors, next, head } = *segment;
    let ordered = after == asked && after <= removed_through && removed_through <= next && next <= head;
    ensure(ordered && head <= SAFE_INTEGER_MAX, Class::CursorGap, "the segment's bounds are wrong")?;
    let dense = cursors.len() as u64 == next - removed_through
        && cursors.iter().zip(removed_through + 1..).all(|(&cursor, expected)| cursor == expected);
    ensure(dense, Class::CursorGap, "the segment does not account for every cursor")?;
    ensure(!has_more || next > after, Class::CursorGap, "there is more, but the page moves nothing")?;
    let expired = (removed_through > after).then_some((after + 1, removed_through));
    Ok(Moved { after: next, expired })
}
