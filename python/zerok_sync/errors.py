"""The closed table of spec/errors.md, and the one exception that a protocol failure is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from .wire.messages import Stub


class ErrorCode(IntEnum):
    """Numbers of `Error.code`, `GoAway.code` and connection closes. ER-01."""

    INVALID_MESSAGE = 1000
    UNKNOWN_GROUP = 1001
    UNAUTHORIZED = 1002
    DEVICE_REVOKED = 1003
    NOT_BLOB_OWNER = 1004
    UNSUPPORTED_VERSION = 1010
    HANDSHAKE_MALFORMED = 1011
    HANDSHAKE_FAILED = 1012
    HANDSHAKE_KEM_INVALID = 1013
    HANDSHAKE_ORDER = 1014
    RELAY_IDENTITY_CHANGED = 1015
    DOWNGRADE_REFUSED = 1016
    RECORD_INVALID = 1017
    FRAME_TOO_LARGE = 1020
    UNKNOWN_FRAME = 1021
    UNEXPECTED_FRAME = 1022
    STREAM_TRUNCATED = 1023
    ENVELOPE_MALFORMED = 1030
    ENVELOPE_VERSION = 1031
    ENVELOPE_UNAUTHENTIC = 1032
    ENVELOPE_BINDING = 1033
    ENVELOPE_REPLAYED = 1034
    ENVELOPE_TOO_LARGE = 1035
    CHAIN_BROKEN = 1036
    SEQUENCE_CONFLICT = 1037
    EPOCH_UNKNOWN = 1038
    ROTATION_INVALID = 1039
    ROLLED_BACK = 1040
    CURSOR_GAP = 1041
    CURSOR_OUT_OF_RANGE = 1042
    INVITE_MALFORMED = 1050
    INVITE_EXPIRED = 1051
    INVITE_UNAVAILABLE = 1052
    RATE_LIMITED = 2000
    BLOB_TOO_LARGE = 2001
    GROUP_QUOTA_EXCEEDED = 2002
    INVALID_PUSH_TOKEN = 2003
    DEVICES_EXCEEDED = 2004
    MAILBOXES_EXCEEDED = 2005
    REQUESTS_EXCEEDED = 2006
    DEADLINE_EXCEEDED = 2007
    RESOURCES_EXCEEDED = 2008
    SESSIONS_EXCEEDED = 2009
    RELAY_OVERLOADED = 3000
    RELAY_SHUTTING_DOWN = 3001
    STORAGE_UNAVAILABLE = 3002


@dataclass(frozen=True, slots=True)
class ErrorRow:
    reject_class: str
    retry: Literal["no", "same", "later"]
    stream: Literal["open", "close"]
    meaning: str


ERRORS: dict[ErrorCode, ErrorRow] = {
    ErrorCode.INVALID_MESSAGE: ErrorRow("frame.parse", "no", "close", "A frame is not what the schema says."),
    ErrorCode.UNKNOWN_GROUP: ErrorRow("session.unauthorized", "no", "close", "The relay has deleted the group."),
    ErrorCode.UNAUTHORIZED: ErrorRow("session.unauthorized", "no", "close", "This device is not let in."),
    ErrorCode.DEVICE_REVOKED: ErrorRow("session.revoked", "no", "close", "This device was removed from the group."),
    ErrorCode.NOT_BLOB_OWNER: ErrorRow("session.unauthorized", "no", "open", "Only its owner may do this to a blob."),
    ErrorCode.UNSUPPORTED_VERSION: ErrorRow(
        "transport.version", "no", "close", "The other end does not speak this protocol version."
    ),
    ErrorCode.HANDSHAKE_MALFORMED: ErrorRow(
        "handshake.parse", "no", "close", "A handshake message has the wrong form."
    ),
    ErrorCode.HANDSHAKE_FAILED: ErrorRow("handshake.auth", "no", "close", "A handshake message does not authenticate."),
    ErrorCode.HANDSHAKE_KEM_INVALID: ErrorRow("handshake.kem", "no", "close", "An encapsulation key is not valid."),
    ErrorCode.HANDSHAKE_ORDER: ErrorRow("handshake.order", "no", "close", "A handshake message came out of turn."),
    ErrorCode.RELAY_IDENTITY_CHANGED: ErrorRow(
        "handshake.identity", "no", "close", "The relay's keys are not the pinned ones."
    ),
    ErrorCode.DOWNGRADE_REFUSED: ErrorRow(
        "handshake.downgrade", "no", "close", "A relay with a known post-quantum key is not dialled without it."
    ),
    ErrorCode.RECORD_INVALID: ErrorRow("frame.parse", "no", "close", "A transport record does not open."),
    ErrorCode.FRAME_TOO_LARGE: ErrorRow("frame.length", "no", "close", "A declared length is out of bounds."),
    ErrorCode.UNKNOWN_FRAME: ErrorRow("frame.type", "no", "close", "A frame has no body that this end knows."),
    ErrorCode.UNEXPECTED_FRAME: ErrorRow(
        "frame.state", "no", "close", "A frame came in a state that does not accept it."
    ),
    ErrorCode.STREAM_TRUNCATED: ErrorRow(
        "frame.length", "same", "close", "The stream ended inside a frame or without a goodbye."
    ),
    ErrorCode.ENVELOPE_MALFORMED: ErrorRow("envelope.parse", "no", "open", "An envelope has the wrong form."),
    ErrorCode.ENVELOPE_VERSION: ErrorRow("envelope.version", "no", "open", "An envelope has an unknown version."),
    ErrorCode.ENVELOPE_UNAUTHENTIC: ErrorRow("envelope.auth", "no", "open", "An envelope does not verify."),
    ErrorCode.ENVELOPE_BINDING: ErrorRow(
        "envelope.binding", "no", "open", "An envelope names another group or sender."
    ),
    ErrorCode.ENVELOPE_REPLAYED: ErrorRow("envelope.replay", "no", "open", "An envelope was seen before."),
    ErrorCode.ENVELOPE_TOO_LARGE: ErrorRow("session.size", "no", "open", "An envelope is larger than allowed."),
    ErrorCode.CHAIN_BROKEN: ErrorRow(
        "envelope.chain", "no", "open", "An envelope does not continue its sender's chain."
    ),
    ErrorCode.SEQUENCE_CONFLICT: ErrorRow(
        "envelope.chain", "no", "open", "Another envelope has this sequence already."
    ),
    ErrorCode.EPOCH_UNKNOWN: ErrorRow("session.epoch", "later", "open", "The epoch is not known here yet."),
    ErrorCode.ROTATION_INVALID: ErrorRow(
        "rotation.invalid", "no", "open", "A rotation does not continue the group's chain."
    ),
    ErrorCode.ROLLED_BACK: ErrorRow(
        "cursor.regress", "no", "open", "The relay does not hold what this client has read."
    ),
    ErrorCode.CURSOR_GAP: ErrorRow(
        "cursor.gap", "no", "close", "A stretch of the log does not account for every cursor."
    ),
    ErrorCode.CURSOR_OUT_OF_RANGE: ErrorRow("cursor.range", "no", "open", "A cursor is beyond what was delivered."),
    ErrorCode.INVITE_MALFORMED: ErrorRow("invite.parse", "no", "open", "The invite is not readable."),
    ErrorCode.INVITE_EXPIRED: ErrorRow("invite.expired", "no", "open", "The invite is too old."),
    ErrorCode.INVITE_UNAVAILABLE: ErrorRow("invite.used", "no", "open", "The invite is not available."),
    ErrorCode.RATE_LIMITED: ErrorRow("session.rate", "later", "open", "The relay's rate limit is reached."),
    ErrorCode.BLOB_TOO_LARGE: ErrorRow("blob.size", "no", "open", "A blob is larger than allowed."),
    ErrorCode.GROUP_QUOTA_EXCEEDED: ErrorRow(
        "session.quota", "later", "open", "The group's space on this relay is used up."
    ),
    ErrorCode.INVALID_PUSH_TOKEN: ErrorRow("session.unauthorized", "no", "open", "A push token is not valid."),
    ErrorCode.DEVICES_EXCEEDED: ErrorRow("session.quota", "no", "close", "The group has its full number of devices."),
    ErrorCode.MAILBOXES_EXCEEDED: ErrorRow("session.quota", "later", "open", "The group has too many open invites."),
    ErrorCode.REQUESTS_EXCEEDED: ErrorRow("resource.limit", "later", "close", "Too many requests were in flight."),
    ErrorCode.DEADLINE_EXCEEDED: ErrorRow("resource.limit", "same", "close", "The other end took too long."),
    ErrorCode.RESOURCES_EXCEEDED: ErrorRow(
        "resource.limit", "later", "close", "One end used more memory than the other sets aside for it."
    ),
    ErrorCode.SESSIONS_EXCEEDED: ErrorRow(
        "resource.limit", "later", "close", "Newer sessions of this device took the place of this one."
    ),
    ErrorCode.RELAY_OVERLOADED: ErrorRow("session.rate", "later", "close", "The relay is overloaded."),
    ErrorCode.RELAY_SHUTTING_DOWN: ErrorRow("session.rate", "later", "open", "The relay is about to stop."),
    ErrorCode.STORAGE_UNAVAILABLE: ErrorRow("resource.limit", "later", "open", "The relay cannot store data now."),
}


def error_code(number: int) -> ErrorCode:
    """The row that a number on the wire is treated as. ER-06."""
    try:
        return ErrorCode(number)
    except ValueError:
        return ErrorCode.RELAY_OVERLOADED if number >= 3000 else ErrorCode.INVALID_MESSAGE


_NEVER_FINAL = {
    ErrorCode.RECORD_INVALID,
    ErrorCode.FRAME_TOO_LARGE,
    ErrorCode.UNKNOWN_FRAME,
    ErrorCode.UNEXPECTED_FRAME,
    ErrorCode.STREAM_TRUNCATED,
    ErrorCode.CURSOR_GAP,
}
"""Errors that say that the connection, not the device, is wrong. CL-37."""


def close_error(number: int) -> ErrorCode:
    """The error that a close code without an Error frame is. ER-07."""
    named = number == ErrorCode.INVALID_MESSAGE or 1010 <= number <= 1023
    return ErrorCode(number) if named and number in ErrorCode._value2member_map_ else ErrorCode.STREAM_TRUNCATED


HINTS: dict[ErrorCode, str] = {
    ErrorCode.UNAUTHORIZED: "Check the access token that create_group() or join() was given.",
    ErrorCode.DEVICE_REVOKED: "This device was removed. Its messages stay readable with group.log.read().",
    ErrorCode.UNSUPPORTED_VERSION: "Update this library, or the relay.",
    ErrorCode.RELAY_IDENTITY_CHANGED: "Ask who runs the relay for its keys, and give them to group.trust_relay().",
    ErrorCode.DOWNGRADE_REFUSED: "Open the device with mode='hybrid'.",
    ErrorCode.SEQUENCE_CONFLICT: "A copy of this data directory was used. Join with a fresh device by device.join().",
    ErrorCode.INVITE_MALFORMED: "Copy the whole invite, or make a new one with group.invite().",
    ErrorCode.INVITE_EXPIRED: "Make a new invite with group.invite().",
    ErrorCode.INVITE_UNAVAILABLE: "Make a new invite with group.invite(); each works once.",
    ErrorCode.MAILBOXES_EXCEEDED: "Take open invites back with group.cancel_invite().",
    ErrorCode.GROUP_QUOTA_EXCEEDED: "The messages stay queued; the relay's operator can raise the quota.",
    ErrorCode.ENVELOPE_TOO_LARGE: "Send the content in smaller messages, or take it back with group.queue.drop().",
}
"""Which call helps. An error that an unauthenticated peer can cause never advises to delete data. CL-67."""


class SyncError(Exception):
    """Everything that this library raises on purpose. `hint` says which call helps; it is empty where none does."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        if hint:
            self.add_note(f"hint: {hint}")


class ProtocolError(SyncError):
    """Input from outside is not acceptable.

    `code` names the row, `reject_class` its class, `wire_code` the number where one was sent or received.
    """

    def __init__(
        self,
        code: ErrorCode,
        detail: str = "",
        *,
        wire_code: int | None = None,
        retry_after_ms: int = 0,
        silent: bool = False,
    ):
        super().__init__(detail or ERRORS[code].meaning, hint=HINTS.get(code, ""))
        self.silent = silent
        """Nothing came from the other end any more. SE-24."""
        self.authenticated = False
        """An Error frame with it ended a session with a relay that showed no other keys than those known. CL-37."""
        self.code = code
        self.wire_code = wire_code
        self.retry_after_ms = retry_after_ms
        self.conflict: Stub | None = None
        """The stub of the relay's envelope, with SEQUENCE_CONFLICT. RL-27."""

    @property
    def row(self) -> ErrorRow:
        return ERRORS[self.code]

    @property
    def final(self) -> bool:
        """True if the error ends reconnecting. CL-37."""
        return self.authenticated and self.row.retry == "no" and self.code not in _NEVER_FINAL

    @property
    def tried_again_later(self) -> bool:
        """True for the final errors after which the client tries again by itself, every REFUSED_RETRY_MS. CL-37."""
        return self.code in (ErrorCode.UNKNOWN_GROUP, ErrorCode.UNAUTHORIZED, ErrorCode.DEVICE_REVOKED)

    @property
    def reject_class(self) -> str:
        return self.row.reject_class


class ArgumentError(SyncError, ValueError):
    """An argument has the right type and a value that no call accepts."""


class RelayUnreachable(SyncError):
    """No relay could be reached, or the connection was lost before the answer came."""


class StoreError(SyncError):
    """The data directory cannot be used. GR-12, CL-20."""


class NotPaired(SyncError):
    """This device is in no group yet."""


class Closed(SyncError):
    """The device, the group or the session was closed before."""
