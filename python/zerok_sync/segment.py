"""Stretches of the log: CL-02 to CL-05, CL-08."""

from __future__ import annotations

from collections.abc import Sequence

from .errors import ErrorCode, ProtocolError


def check_segment(
    asked: int, after: int, removed_through: int, cursors: Sequence[int], next_: int, head: int, has_more: bool = False
) -> tuple[int, int] | None:
    """(from, to) of what was removed unseen, if anything. Raises CURSOR_GAP. CL-02, CL-04, CL-08."""
    if after != asked or not after <= removed_through <= next_ <= head:
        raise ProtocolError(ErrorCode.CURSOR_GAP)
    if len(cursors) != next_ - removed_through or any(c != removed_through + 1 + i for i, c in enumerate(cursors)):
        raise ProtocolError(ErrorCode.CURSOR_GAP)
    if has_more and next_ == after:
        raise ProtocolError(ErrorCode.CURSOR_GAP, "a page that has more moves nothing")
    return (after + 1, removed_through) if removed_through > after else None
