"""Progress of a call that has a known number of steps."""

from __future__ import annotations

from collections.abc import Callable

from .events import Progress


class Steps:
    """Tells of each step that is done."""

    def __init__(self, total: int, on_progress: Callable[[Progress], None] | None) -> None:
        self._total, self._on_progress = total, on_progress
        self._done = 0

    def done(self) -> None:
        self._done += 1
        if self._on_progress is not None:
            self._on_progress(Progress(self._done, self._total, 0))
