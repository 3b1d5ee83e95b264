"""JSON values of ZKCP/1: bytes in hexadecimal, u64 as decimal strings, messages as objects."""

from __future__ import annotations

from typing import Any, TypeVar

from zerok_sync.wire.codec import Message, fields_of

M = TypeVar("M", bound=Message)


class BadRequest(Exception):
    """A member of `in` is missing or of the wrong JSON type: answered as `error`."""


class Unsupported(Exception):
    """Raised for an op or action that this implementation lacks."""


class Members:
    """Typed access to a JSON object."""

    def __init__(self, value: Any) -> None:
        if not isinstance(value, dict):
            raise BadRequest("an object is expected")
        self.value: dict[str, Any] = value

    def __contains__(self, name: str) -> bool:
        return name in self.value

    def _get(self, name: str, kind: type) -> Any:
        value = self.value.get(name)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise BadRequest(f"{name} is missing or of the wrong type")
        return value

    def hex_bytes(self, name: str) -> bytes:
        return unhex(self._get(name, str), name)

    def optional_hex_bytes(self, name: str) -> bytes | None:
        return self.hex_bytes(name) if name in self else None

    def seed(self, name: str, length: int = 32) -> bytes:
        """Bytes of a length that the op's table fixes."""
        value = self.hex_bytes(name)
        if len(value) != length:
            raise BadRequest(f"{name} has {len(value)} bytes instead of {length}")
        return value

    def number(self, name: str) -> int:
        value: int = self._get(name, int)
        return value

    def u64(self, name: str) -> int:
        value = self.value.get(name)
        if not isinstance(value, str) or not value.isascii() or not value.isdigit():
            raise BadRequest(f"{name} is not a decimal string")
        return int(value)

    def milliseconds(self, name: str) -> int:
        """A time or a duration: a number, or the decimal string that a u64 is."""
        return self.u64(name) if isinstance(self.value.get(name), str) else self.number(name)

    def text(self, name: str) -> str:
        value: str = self._get(name, str)
        return value

    def flag(self, name: str) -> bool:
        value: bool = self._get(name, bool)
        return value

    def members(self, name: str) -> Members:
        return Members(self.value.get(name))

    def items(self, name: str) -> list[Any]:
        value: list[Any] = self._get(name, list)
        return value

    def hex_list(self, name: str) -> list[bytes]:
        return [unhex(item, name) for item in self.items(name)]


def unhex(text: Any, name: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except (TypeError, ValueError):
        raise BadRequest(f"{name} is not hexadecimal") from None


def _json_name(name: str) -> str:
    """`from` is a word of Python's own."""
    return name.rstrip("_")


def to_json(message: Message) -> dict[str, Any]:
    """Snake case names, defaults left out, present messages kept."""
    result: dict[str, Any] = {}
    for name, spec in fields_of(type(message)):
        value = getattr(message, name)
        if value is None or (not value and spec.kind != "message" and not spec.presence) or value == []:
            continue
        if spec.items_max:
            result[_json_name(name)] = [_item_to_json(spec.kind, item) for item in value]
        else:
            result[_json_name(name)] = _item_to_json(spec.kind, value)
    return result


def _item_to_json(kind: str, value: Any) -> Any:
    if kind == "message":
        return to_json(value)
    if kind == "bytes":
        return value.hex()
    if kind == "u64":
        return str(value)
    return int(value) if kind == "enum" else value


def from_json(cls: type[M], value: Any) -> M:
    members = Members(value)
    known = {_json_name(name): (name, spec) for name, spec in fields_of(cls)}
    values: dict[str, Any] = {}
    for name in members.value:
        if name not in known:
            raise BadRequest(f"{cls.__name__} has no field {name}")
        field, spec = known[name]
        items = members.items(name) if spec.items_max else [members.value[name]]
        converted = [_item_from_json(name, spec.kind, spec.type, item) for item in items]
        values[field] = converted if spec.items_max else converted[0]
    return cls(**values)


def _item_from_json(name: str, kind: str, cls: Any, value: Any) -> Any:
    if kind == "message":
        return from_json(cls, value)
    one = Members({name: value})
    if kind == "bytes":
        return one.hex_bytes(name)
    if kind == "u64":
        return one.u64(name)
    if kind == "string":
        return one.text(name)
    return one.flag(name) if kind == "bool" else one.number(name)
