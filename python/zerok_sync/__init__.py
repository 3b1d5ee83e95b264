"""Client of 0k-sync: zero-knowledge, end-to-end encrypted sync through relays that nobody has to trust."""

from .errors import ErrorCode, NotPaired, ProtocolError, RelayUnreachable, StoreError, SyncError
from .events import (
    Completeness,
    Disconnected,
    Event,
    Expired,
    Fork,
    Gap,
    MemberJoined,
    Message,
    Refused,
    Rejected,
    RelayKeyChanged,
    RolledBack,
    Withheld,
)
from .outgoing import Pushed
from .pusher import Acknowledgement
from .session import SyncSession

__all__ = [
    "Acknowledgement",
    "Completeness",
    "Disconnected",
    "ErrorCode",
    "Event",
    "Expired",
    "Fork",
    "Gap",
    "MemberJoined",
    "Message",
    "NotPaired",
    "ProtocolError",
    "Pushed",
    "Refused",
    "Rejected",
    "RelayKeyChanged",
    "RelayUnreachable",
    "RolledBack",
    "StoreError",
    "SyncError",
    "SyncSession",
    "Withheld",
]
