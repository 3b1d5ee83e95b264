"""Messages, events and retention as ZKCP/1 has them."""

from __future__ import annotations

from typing import Any

from zerok_sync import Message, Retention, events
from zerok_sync.events import Event


def retention_json(retention: Retention | None) -> dict[str, Any]:
    """CL-19; a member for each bound."""
    if retention is None:
        return {}
    age, size = retention.expires_after_ms, retention.bytes_max
    bounds = ({} if age is None else {"expires_after_ms": age}) | ({} if size is None else {"bytes_max": str(size)})
    return {"retention": bounds}


def message_json(message: Message) -> dict[str, Any]:
    result: dict[str, Any] = {"sender": message.sender.hex(), "id": message.id.hex()}
    if message.text is not None:
        result["text"] = message.text
    if message.data is not None:
        result["data"] = message.data.hex()
    return result | ({} if message.cursor is None else {"cursor": str(message.cursor)})


def _present(**members: Any) -> dict[str, Any]:
    return {name.rstrip("_"): value for name, value in members.items() if value is not None}


def event_json(event: Event) -> dict[str, Any]:
    match event:
        case events.Rejected():
            cursor = None if event.cursor is None else str(event.cursor)
            return _present(type="rejected", class_=event.reject_class, cursor=cursor)
        case events.Gap():
            return _present(type="gap", sender=event.sender.hex(), from_=str(event.first), to=str(event.last))
        case events.Fork():
            return _present(type="fork", sender=event.sender.hex(), sequence=str(event.sequence))
        case events.RolledBack():
            return {"type": "rolled-back"}
        case events.Expired():
            sender = None if event.sender is None else event.sender.hex()
            return _present(
                type="expired", relay=event.relay.hex(), sender=sender, from_=str(event.first), to=str(event.last)
            )
        case events.Expiring():
            return _present(type="expiring", relay=event.relay.hex(), what=event.what, at=event.at_ms)
        case events.Withheld():
            return _present(
                type="withheld",
                relay=event.relay.hex(),
                sender=event.sender.hex(),
                from_=str(event.first),
                to=str(event.last),
            )
        case events.RelayKeyChanged():
            return _present(type="relay-key-changed", before=event.before.hex(), after=event.after.hex())
        case events.Refused():
            return _present(type="refused", code=event.code)
        case events.MemberJoined():
            return _present(type="member-joined", device=event.device.hex(), name=event.name)
        case events.Disconnected():
            return _present(type="disconnected", code=event.code, class_=event.reject_class)


def stretches_json(name: str, stretches: dict[bytes, list[tuple[int, int]]]) -> list[dict[str, str]]:
    return [
        {name: key.hex(), "from": str(first), "to": str(last)}
        for key, ranges in stretches.items()
        for first, last in ranges
    ]
