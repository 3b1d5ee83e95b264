"""The events that a session reports to its app."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the group's local log."""

    position: int
    """The place in the local log of this device, ascending."""
    sender: bytes
    """Device key, 32 bytes."""
    sender_name: str
    """The name that the sender gave itself; empty while it is not known."""
    own: bool
    """True for a message of this device."""
    id: bytes
    """16 bytes, unique for its sender."""
    topic: str
    text: str | None
    data: bytes | None
    metadata: str | None
    sent_at_ms: int
    """The sender's clock, milliseconds since 1970: to be shown, never for order. EN-17."""
    received_at_ms: int | None = None
    """The relay's clock when it stored the message, milliseconds since 1970; None where no relay has given it yet."""
    cursor: int | None = None
    """The place in the relay's log, where it is known."""

    @property
    def content(self) -> str | bytes:
        """The text, or the bytes."""
        return self.text if self.text is not None else self.data or b""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a call has come: cursors of a relay that is read, or steps."""

    done: int
    total: int
    resumed_from: int


@dataclass(frozen=True, slots=True)
class Retention:
    """What a relay says that it removes; a claim. SE-18."""

    expires_after_ms: int | None
    """Age at which it removes messages; None if it removes none by age."""
    bytes_max: int | None
    """Bytes of one group above which it removes the oldest ones; None if it removes none by size."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """What is missing; both ends of a stretch are included. CL-14."""

    sequences: dict[bytes, list[tuple[int, int]]]
    """Of each sender: never accepted, and not skipped by the sender."""
    cursors: dict[bytes, list[tuple[int, int]]]
    """Of each relay, by NodeId: removed there before they were read."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """An envelope failed its checks and is in quarantine. EN-26."""

    reject_class: str
    cursor: int | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Sequences `first` to `last` of a sender were given up. EN-24."""

    sender: bytes
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Fork:
    """A sender signed two envelopes with one sequence. EN-23, CL-26."""

    sender: bytes
    sequence: int


@dataclass(frozen=True, slots=True)
class RolledBack:
    """The relay lost data that was read before. CL-06."""


@dataclass(frozen=True, slots=True)
class Expired:
    """The relay removed cursors `first` to `last` before they were read (CL-08); with `sender`, this device, they are
    sequences of its own chain that no relay gave back (CL-28)."""

    relay: bytes
    first: int
    last: int
    sender: bytes | None = None


@dataclass(frozen=True, slots=True)
class Expiring:
    """The relay removes messages by age, and soon, from `at_ms` on, some that are still needed. `unread`: there was no
    session with it for three quarters of that age, so that messages of others may go before this device reads them.
    `history`: messages that this device has, and that devices which join later will lack. CL-29."""

    relay: bytes
    """NodeId, 32 bytes."""
    what: Literal["unread", "history"]
    at_ms: int
    """By this device's clock, milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """The relay does not give sequences `first` to `last`, which the inviter had seen of that sender. CL-11."""

    relay: bytes
    sender: bytes
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class RelayKeyChanged:
    """CL-31."""

    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """The relay refused a push for good. CL-24."""

    code: int


@dataclass(frozen=True, slots=True)
class MemberJoined:
    """PA-22."""

    device: bytes
    name: str


@dataclass(frozen=True, slots=True)
class Disconnected:
    """A connection ended; `reject_class` where an error was named."""

    code: int | None = None
    reject_class: str | None = None
    address: str = field(default="", compare=False)


Event = (
    Rejected
    | Gap
    | Fork
    | RolledBack
    | Expired
    | Expiring
    | Withheld
    | RelayKeyChanged
    | Refused
    | MemberJoined
    | Disconnected
)
