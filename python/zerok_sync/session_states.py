"""The states of a client's session and the frames that each accepts: spec/session.md."""

from __future__ import annotations

from .errors import ErrorCode, ProtocolError, error_code
from .wire.codec import Message
from .wire.messages import Deliver, DeviceList, Error, GoAway, HelloAck, MailboxItem, Page, Pong, PushAck

FRESH, GREETING, READY, LEAVING, CLOSED = "fresh", "greeting", "ready", "leaving", "closed"
_ANYWHERE = frozenset({FRESH, GREETING, READY, LEAVING})
ACCEPTED_IN: dict[type[Message], frozenset[str]] = {
    HelloAck: frozenset({GREETING}),
    PushAck: frozenset({READY, LEAVING}),
    Page: frozenset({READY, LEAVING}),
    Deliver: frozenset({READY, LEAVING}),
    DeviceList: frozenset({READY, LEAVING}),
    MailboxItem: _ANYWHERE,
    Pong: _ANYWHERE,
    GoAway: _ANYWHERE,
    Error: _ANYWHERE,
}
"""The table of frames in spec/session.md, relay's half. SE-02."""


def unexpected(detail: str) -> ProtocolError:
    """The violation of a frame that comes in a state that does not accept it. SE-02."""
    return ProtocolError(ErrorCode.UNEXPECTED_FRAME, detail)


def refusal(error: Error) -> ProtocolError:
    """Turns an Error frame into an exception. ER-06."""
    return ProtocolError(
        error_code(error.code), error.detail, wire_code=error.code, retry_after_ms=error.retry_after_ms
    )
