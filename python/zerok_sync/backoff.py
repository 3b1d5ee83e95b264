"""When a lost connection is tried again: CL-36, CL-37, ER-05."""

from __future__ import annotations

import secrets

from .errors import ErrorCode, ProtocolError
from .limits import (
    RECONNECT_EQUAL_MAX,
    RECONNECT_EQUAL_MS_MAX,
    RECONNECT_MS_MAX,
    RECONNECT_MS_MIN,
    RECONNECT_STABLE_MS,
    REFUSED_RETRY_MS,
    RETRY_AFTER_MS_MAX,
)

_random = secrets.SystemRandom()
_ATTEMPT_MAX = 16


def told_ms(failure: Exception | None) -> int:
    """How long a relay asks to wait, within bounds. ER-05."""
    return min(failure.retry_after_ms, RETRY_AFTER_MS_MAX) if isinstance(failure, ProtocolError) else 0


def _unauthenticated(failure: Exception | None) -> ProtocolError | None:
    """The failure that anybody on the way could have caused. CL-37."""
    if not isinstance(failure, ProtocolError) or failure.authenticated:
        return None
    return failure if (failure.wire_code or failure.code) < 2000 else None


def _is_violation(failure: Exception | None) -> bool:
    """The relay took too long, or did what it must not do; a stream that was cut is neither. CL-36."""
    return (
        isinstance(failure, ProtocolError)
        and failure.wire_code is None
        and failure.code is not ErrorCode.STREAM_TRUNCATED
    )


class Backoff:
    """Counts ends of connections and failed attempts; tells how long to wait after the last one."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """The windows begin anew. CL-39."""
        self._attempt = 0
        self._equal = 0
        self._last: Exception | None = None
        self._at_once = False

    def ended(self, failure: Exception | None, lasted_ms: float, let_in: bool) -> None:
        """A connection is over that lasted so long, or could not be made. `let_in`: the relay accepted its Hello."""
        unauthenticated, before = _unauthenticated(failure), _unauthenticated(self._last)
        same = unauthenticated is not None and before is not None and unauthenticated.code is before.code
        self._equal = self._equal + 1 if same else int(unauthenticated is not None)
        stable = lasted_ms >= RECONNECT_STABLE_MS and not _is_violation(failure)
        self._attempt = 1 if stable else min(self._attempt + 1, _ATTEMPT_MAX)
        self._last = failure
        self._at_once = let_in and isinstance(failure, ProtocolError) and failure.silent

    @property
    def failure(self) -> Exception | None:
        """What the last connection, or the last attempt, ended with."""
        return self._last

    def wait_ms(self) -> float | None:
        """The wait before the next attempt; None where only the app asks again."""
        failure = self._last
        if isinstance(failure, ProtocolError) and failure.final:
            return REFUSED_RETRY_MS if failure.tried_again_later else None
        if self._at_once:
            return 0.0  # SE-26
        bound = RECONNECT_EQUAL_MS_MAX if self._equal >= RECONNECT_EQUAL_MAX else RECONNECT_MS_MAX
        window = min(bound, RECONNECT_MS_MIN * 2 ** max(0, self._attempt - 1))
        return told_ms(failure) + _random.uniform(0, window)
