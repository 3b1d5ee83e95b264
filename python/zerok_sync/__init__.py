"""Client of 0k-sync: zero-knowledge, end-to-end encrypted sync through relays that nobody has to trust."""

from .device import Device, open_device
from .device_group import Group, MemberDevice, Queue, QueuedMessage, TrustedRelay
from .errors import ArgumentError, Closed, ErrorCode, NotPaired, ProtocolError, RelayUnreachable, StoreError, SyncError
from .events import (
    Completeness,
    Disconnected,
    Event,
    Expired,
    Expiring,
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
from .local_log import Cursor, Handler, Log, Page
from .pulse import Unsubscribe
from .push import Draft, PushReceipt
from .pusher import Acknowledgement
from .session import SyncSession
from .snapshot import GroupState, RelayState, Snapshot
from .tables import AppTables, ProcessTarget, SqliteTarget

__all__ = [
    "Acknowledgement",
    "AppTables",
    "ArgumentError",
    "Closed",
    "Completeness",
    "Cursor",
    "Device",
    "Disconnected",
    "Draft",
    "ErrorCode",
    "Event",
    "Expired",
    "Expiring",
    "Fork",
    "Gap",
    "Group",
    "GroupState",
    "Handler",
    "Log",
    "MemberDevice",
    "MemberJoined",
    "Message",
    "NotPaired",
    "Page",
    "ProcessTarget",
    "Progress",
    "ProtocolError",
    "PushReceipt",
    "Queue",
    "QueuedMessage",
    "Refused",
    "Rejected",
    "RelayKeyChanged",
    "RelayState",
    "RelayUnreachable",
    "Retention",
    "RolledBack",
    "Snapshot",
    "SqliteTarget",
    "StoreError",
    "SyncError",
    "SyncSession",
    "TrustedRelay",
    "Unsubscribe",
    "Withheld",
    "open_device",
]
