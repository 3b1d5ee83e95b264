"""Keys and relays in text: OV-03, CL-34, PA-01."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import NoReturn

from .errors import ErrorCode, ProtocolError
from .limits import RELAY_ADDRESS_BYTES_MAX

ALPHABET = "ybndrfg8ejkmcpqxot1uwisza345h769"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
DEFAULT_PORT = 4433


def refuse(detail: str) -> NoReturn:
    raise ProtocolError(ErrorCode.INVITE_MALFORMED, detail)


def encode_zbase32(data: bytes) -> str:
    """ceil(8n/5) characters, most significant bit first, unused trailing bits zero."""
    count = (8 * len(data) + 4) // 5
    bits = int.from_bytes(data, "big") << (5 * count - 8 * len(data))
    return "".join(ALPHABET[bits >> 5 * i & 31] for i in reversed(range(count)))


def decode_zbase32(text: str) -> bytes:
    length = 5 * len(text) // 8
    if len(text) != (8 * length + 4) // 5:
        refuse("a z-base-32 text of this length does not exist")
    bits = 0
    for character in text:
        if character not in _VALUES:
            refuse("a character is not of z-base-32")
        bits = bits << 5 | _VALUES[character]
    unused = 5 * len(text) - 8 * length
    if bits & (1 << unused) - 1:
        refuse("trailing bits are not zero")
    return (bits >> unused).to_bytes(length, "big")


def parse_key(text: str) -> bytes:
    """A 32-byte key: 52 characters of z-base-32 or 64 of hexadecimal. OV-03."""
    if re.fullmatch("[0-9a-fA-F]{64}", text, re.ASCII):
        return bytes.fromhex(text)
    if len(text) != 52:
        refuse("a key has 52 characters of z-base-32 or 64 of hexadecimal")
    return decode_zbase32(text)


@dataclass(frozen=True, slots=True)
class RelayAddress:
    """A relay as people write it; keys are empty when they are not named."""

    host: str
    port: int
    node_id: bytes = b""
    kem_hash: bytes = b""

    @property
    def address(self) -> str:
        """`host:port`, IPv6 in brackets."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @classmethod
    def parse(cls, text: str) -> RelayAddress:
        """CL-34. Raises ProtocolError of class invite.parse."""
        keys, at, address = text.rpartition("@")
        node_id = kem_hash = b""
        if at:
            node_text, dot, kem_text = keys.partition(".")
            node_id = parse_key(node_text)
            kem_hash = parse_key(kem_text) if dot else b""
        match = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^\[\]:@/\s]+)(?::([0-9]{1,5}))?", address, re.ASCII)
        if match is None:
            refuse("a relay is written host:port")
        host, port = match[1], int(match[2] or DEFAULT_PORT)
        if not 1 <= port <= 65535:
            refuse("the port is out of range")
        if host.startswith("["):
            host = host[1:-1]
            try:
                ipaddress.IPv6Address(host)
            except ValueError:
                refuse("the brackets hold no IPv6 address")
        elif not host.isascii() or not re.fullmatch(r"[A-Za-z0-9_.-]+", host):
            refuse("the host has characters that no host name has")
        relay = cls(host, port, node_id, kem_hash)
        if len(relay.address) > RELAY_ADDRESS_BYTES_MAX:
            refuse("the address is too long")
        return relay
