"""Client of 0k-sync: zero-knowledge, end-to-end encrypted sync through relays that nobody has to trust."""

from .errors import ArgumentError, Closed, ErrorCode, NotPaired, ProtocolError, RelayUnreachable, StoreError, SyncError
from .events import (
    Completeness,
    Disconnected,
    Event,
    Expired,
    Fork,
    Gap,
    MemberJoined,
    Message,
    Progress,
    Refused,
    Rejected,
    RelayKeyChanged,
    Retention,
    RolledBack,
    Withheld,
)
from .push import Draft, PushReceipt
from .pusher import Acknowledgement
from .session import SyncSession

__all__ = [
    "Acknowledgement",
    "ArgumentError",
    "Closed",
    "Completeness",
    "Disconnected",
    "Draft",
    "ErrorCode",
    "Event",
    "Expired",
    "Fork",
    "Gap",
    "MemberJoined",
    "Message",
    "NotPaired",
    "Progress",
    "ProtocolError",
    "PushReceipt",
    "Refused",
    "Rejected",
    "RelayKeyChanged",
    "RelayUnreachable",
    "Retention",
    "RolledBack",
    "StoreError",
    "SyncError",
    "SyncSession",
    "Withheld",
]
