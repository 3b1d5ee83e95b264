"""The mailboxes of invites. PA-13 to PA-18."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..errors import ErrorCode, ProtocolError
from ..limits import INVITE_LIFETIME_MS_MAX
from ..wire.messages import MailboxAck, MailboxCancel, MailboxClaim, MailboxItem, MailboxPut, MailboxState


@dataclass(slots=True)
class Mailbox:
    group_id: bytes
    payload: bytes
    expires_at_ms: int
    claim_token: bytes = b""


class Mailboxes:
    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._boxes: dict[bytes, Mailbox] = {}

    def _find(self, mailbox_id: bytes) -> Mailbox:
        """Raises INVITE_UNAVAILABLE for one that is unknown, used, expired or cancelled. PA-15."""
        box = self._boxes.get(mailbox_id)
        if box is None or box.expires_at_ms <= self._now_ms():
            raise ProtocolError(ErrorCode.INVITE_UNAVAILABLE)
        return box

    def put(self, group_id: bytes, request: MailboxPut) -> MailboxItem:
        """PA-13."""
        if request.mailbox_id in self._boxes:
            raise ProtocolError(ErrorCode.INVITE_UNAVAILABLE)
        expires_at_ms = self._now_ms() + min(request.expires_in_ms, INVITE_LIFETIME_MS_MAX)
        self._boxes[request.mailbox_id] = Mailbox(group_id, request.payload, expires_at_ms)
        return MailboxItem(MailboxState.OPEN, b"", expires_at_ms)

    def claim(self, request: MailboxClaim) -> MailboxItem:
        """PA-14."""
        box = self._find(request.mailbox_id)
        if box.claim_token not in (b"", request.claim_token):
            raise ProtocolError(ErrorCode.INVITE_UNAVAILABLE)
        box.claim_token = request.claim_token
        return MailboxItem(MailboxState.CLAIMED, box.payload, box.expires_at_ms)

    def acknowledge(self, request: MailboxAck) -> MailboxItem:
        """PA-16."""
        box = self._find(request.mailbox_id)
        if box.claim_token != request.claim_token:
            raise ProtocolError(ErrorCode.INVITE_UNAVAILABLE)
        del self._boxes[request.mailbox_id]
        return MailboxItem(MailboxState.CLOSED, b"", box.expires_at_ms)

    def cancel(self, group_id: bytes, request: MailboxCancel) -> MailboxItem:
        """PA-17."""
        box = self._find(request.mailbox_id)
        if box.group_id != group_id:
            raise ProtocolError(ErrorCode.INVITE_UNAVAILABLE)
        del self._boxes[request.mailbox_id]
        return MailboxItem(MailboxState.CLOSED, b"", box.expires_at_ms)
