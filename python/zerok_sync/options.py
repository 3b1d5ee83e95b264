"""Checks of what an app gives: a wrong type is a TypeError, a wrong value an ArgumentError."""

from __future__ import annotations

from typing import Any, Literal

from .errors import ArgumentError
from .limits import DEVICE_NAME_BYTES_MAX, SAFE_INTEGER_MAX, TOPIC_BYTES_MAX

Mode = Literal["hybrid", "classical"]
TofuMode = Literal["permissive", "strict"]


def check_type(name: str, value: Any, *kinds: type) -> None:
    """A bool is no int here."""
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        expected = " or ".join("None" if kind is type(None) else kind.__name__ for kind in kinds)
        raise TypeError(f"{name} is {type(value).__name__}, not {expected}")


def check_text(name: str, value: Any, bytes_max: int | None = None) -> str:
    """Text that UTF-8 can write, without lone surrogates."""
    check_type(name, value, str)
    try:
        size = len(value.encode())
    except UnicodeEncodeError:
        raise ArgumentError(f"{name} has a lone surrogate, which is no text") from None
    if bytes_max is not None and size > bytes_max:
        raise ArgumentError(f"{name} has {size} bytes; at most {bytes_max} are allowed")
    text: str = value
    return text


def check_mode(value: Any) -> None:
    check_type("mode", value, str)
    if value not in ("hybrid", "classical"):
        raise ArgumentError(f"mode is {value!r}, not 'hybrid' or 'classical'")


def check_tofu_mode(value: Any) -> None:
    check_type("tofu_mode", value, str)
    if value not in ("permissive", "strict"):
        raise ArgumentError(f"tofu_mode is {value!r}, not 'permissive' or 'strict'")


def check_name(value: Any) -> None:
    check_text("the device's name", value, DEVICE_NAME_BYTES_MAX)


def check_topic(value: Any) -> None:
    if value is not None:
        check_text("topic", value, TOPIC_BYTES_MAX)


def check_position(name: str, value: Any) -> None:
    check_type(name, value, int)
    if not 0 <= value <= SAFE_INTEGER_MAX:
        raise ArgumentError(f"{name} is {value}; it is 0 to {SAFE_INTEGER_MAX}")


def check_id(name: str, value: Any, length: int) -> None:
    check_type(name, value, bytes)
    if len(value) != length:
        raise ArgumentError(f"{name} has {len(value)} bytes instead of {length}")


def check_cursor_name(value: Any) -> None:
    check_text("the cursor's name", value, 256)
    if not value:
        raise ArgumentError("the cursor's name is empty")
