"""The messages of proto/zerok/sync/v1/error.proto; field comments there give the meaning of the bounds here."""

from __future__ import annotations

from dataclasses import dataclass

from ...errors import ErrorCode
from ...limits import ERROR_DETAIL_BYTES_MAX
from ..codec import Message, field
from .envelope import Stub


@dataclass(slots=True)
class Error(Message):
    code: int = field(1, "enum", type=ErrorCode)
    detail: str = field(2, "string", length_max=ERROR_DETAIL_BYTES_MAX)
    retry_after_ms: int = field(3, "u64")
    conflict: Stub | None = field(4, "message", type=Stub)
