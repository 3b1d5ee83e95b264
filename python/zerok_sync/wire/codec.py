"""Protocol Buffers as spec/wire.md restricts them: one strict walk that decodes while it checks.

A message is a dataclass whose fields carry a `FieldSpec`. Decoding refuses what WI-14 and WI-16 to WI-20 refuse,
encoding is always canonical (OV-04).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NoReturn, Self, TypeVar

from ..errors import ErrorCode, ProtocolError
from ..limits import FRAME_DEPTH_MAX, SAFE_INTEGER_MAX

Kind = Literal["u32", "u64", "bool", "enum", "bytes", "string", "message"]
M = TypeVar("M", bound="Message")
VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    number: int
    kind: Kind
    lengths: tuple[int, ...] = ()
    """The only lengths allowed, in bytes; empty: any up to `length_max`. WI-18."""
    length_max: int | None = None
    items_max: int = 0
    """0: singular; otherwise the bound of a repeated field. WI-17."""
    oneof: str = ""
    presence: bool = False
    """The default value is told apart from an absent one."""
    required: bool = False
    """A message field that has to be there. WI-20."""
    type: Any = None
    """Message class or enum."""


def field(number: int, kind: Kind, **options: Any) -> Any:
    """A dataclass field on the wire; its default is proto3's."""
    spec = FieldSpec(number=number, kind=kind, **options)
    if spec.items_max:
        return dataclasses.field(default_factory=list, metadata={"wire": spec})
    empty = {"u32": 0, "u64": 0, "enum": 0, "bool": False, "bytes": b"", "string": "", "message": None}
    return dataclasses.field(default=None if spec.presence else empty[kind], metadata={"wire": spec})


class Message:
    """Base of all message classes."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def encode(self) -> bytes:
        output = bytearray()
        for name, spec in fields_of(type(self)):
            value = getattr(self, name)
            for item in value if spec.items_max else [value]:
                _encode_field(output, spec, item)
        return bytes(output)

    @classmethod
    def decode(cls, data: bytes, *, from_client: bool = False) -> Self:
        """The walk. Raises ProtocolError of class frame.parse or resource.limit. `from_client`: WI-19 applies."""
        return _walk(cls, data, from_client, 1)

    @classmethod
    def decode_canonical(cls, data: bytes) -> Self:
        """Refuses bytes that encode() would not give. OV-04."""
        message = cls.decode(data, from_client=True)
        if message.encode() != data:
            refuse(f"{cls.__name__} is not canonical")
        return message


_FIELDS: dict[type, tuple[tuple[str, FieldSpec], ...]] = {}
_BY_NUMBER: dict[type, dict[int, tuple[str, FieldSpec]]] = {}


def fields_of(cls: type[Message]) -> tuple[tuple[str, FieldSpec], ...]:
    """Names and specs of a message class, ascending."""
    if cls not in _FIELDS:
        _FIELDS[cls] = tuple((f.name, f.metadata["wire"]) for f in dataclasses.fields(cls))
    return _FIELDS[cls]


def _by_number(cls: type[Message]) -> dict[int, tuple[str, FieldSpec]]:
    if cls not in _BY_NUMBER:
        _BY_NUMBER[cls] = {spec.number: (name, spec) for name, spec in fields_of(cls)}
    return _BY_NUMBER[cls]


def refuse(detail: str) -> NoReturn:
    raise ProtocolError(ErrorCode.INVALID_MESSAGE, detail)


def encode_varint(value: int) -> bytes:
    output = bytearray()
    while value > 127:
        output.append(value & 127 | 128)
        value >>= 7
    output.append(value)
    return bytes(output)


def _encode_field(output: bytearray, spec: FieldSpec, value: Any) -> None:
    if value is None or (not value and spec.kind != "message" and not spec.presence and not spec.items_max):
        return
    if spec.kind in ("bytes", "string", "message"):
        data = value.encode() if spec.kind != "bytes" else bytes(value)
        output += encode_varint(spec.number << 3 | LENGTH) + encode_varint(len(data)) + data
    else:
        output += encode_varint(spec.number << 3 | VARINT) + encode_varint(int(value))


def read_varint(data: bytes, position: int, end: int) -> tuple[int, int]:
    """(value, position after it); minimal and at most 64 bits. WI-14."""
    value = shift = 0
    while True:
        if position >= end:
            refuse("a varint is cut short")
        byte = data[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            if byte == 0 and shift:
                refuse("a varint is not minimal")
            if value >> 64:
                refuse("a varint exceeds 64 bits")
            return value, position
        shift += 7
        if shift > 63:
            refuse("a varint exceeds 64 bits")


def _read_fields(data: bytes) -> Iterator[tuple[int, int, int | bytes]]:
    """(field number, wire type, varint or bytes) of one message. WI-14."""
    position, end = 0, len(data)
    while position < end:
        tag, position = read_varint(data, position, end)
        number, wire_type = tag >> 3, tag & 7
        if number == 0 or number >= 1 << 29:
            refuse("a field number is out of range")
        if wire_type == VARINT:
            value, position = read_varint(data, position, end)
            yield number, wire_type, value
            continue
        if wire_type == LENGTH:
            length, position = read_varint(data, position, end)
        elif wire_type in (FIXED64, FIXED32):
            length = 8 if wire_type == FIXED64 else 4
        else:
            refuse(f"wire type {wire_type}")
        if length > end - position:
            refuse("a length exceeds the enclosing message")
        yield number, wire_type, data[position : position + length]
        position += length


def _walk(cls: type[M], data: bytes, from_client: bool, depth: int) -> M:
    if depth > FRAME_DEPTH_MAX:
        refuse("messages are nested too deep")
    known = _by_number(cls)
    values: dict[str, Any] = {}
    oneofs: set[str] = set()
    for number, wire_type, raw in _read_fields(data):
        if number not in known:
            continue  # WI-15
        name, spec = known[number]
        if wire_type != (LENGTH if spec.kind in ("bytes", "string", "message") else VARINT):
            refuse(f"{name} has another wire type")
        if spec.items_max:
            items = values.setdefault(name, [])
            if len(items) == spec.items_max:
                raise ProtocolError(ErrorCode.RESOURCES_EXCEEDED, f"{name} has too many items")
        elif name in values or spec.oneof in oneofs:
            refuse(f"{name} is given twice")
        if spec.oneof:
            oneofs.add(spec.oneof)
        value = (
            _scalar(name, spec, raw, from_client)
            if isinstance(raw, int)
            else _delimited(name, spec, raw, from_client, depth)
        )
        if spec.items_max:
            items.append(value)
        else:
            values[name] = value
    for name, spec in fields_of(cls):
        if name not in values:
            _check_absent(name, spec)
    return cls(**values)


def _scalar(name: str, spec: FieldSpec, value: int, from_client: bool) -> Any:
    """WI-16, WI-19."""
    if value > {"u64": SAFE_INTEGER_MAX, "bool": 1}.get(spec.kind, 2**32 - 1):
        refuse(f"{name} is out of range")
    if spec.kind == "bool":
        return bool(value)
    # Every enum of the schema names its 0.
    if spec.kind == "enum" and from_client and value != 0 and value not in spec.type._value2member_map_:
        refuse(f"{name} has a value without a name")
    return value


def _delimited(name: str, spec: FieldSpec, raw: bytes, from_client: bool, depth: int) -> Any:
    if spec.kind == "message":
        return _walk(spec.type, raw, from_client, depth + 1)
    if (spec.lengths and len(raw) not in spec.lengths) or (spec.length_max is not None and len(raw) > spec.length_max):
        refuse(f"{name} has {len(raw)} bytes")  # WI-18
    if spec.kind == "bytes":
        return raw
    try:
        return raw.decode()
    except UnicodeDecodeError:
        refuse(f"{name} is not UTF-8")


def _check_absent(name: str, spec: FieldSpec) -> None:
    if spec.required or (spec.lengths and 0 not in spec.lengths and not spec.presence):
        refuse(f"{name} is missing")
