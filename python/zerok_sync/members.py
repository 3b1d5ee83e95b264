"""The devices whose records verified: GR-14, CL-09."""

from __future__ import annotations

from .crypto.asymmetric import ed25519_public
from .errors import ErrorCode, ProtocolError
from .group import auth_seed, member_record_body, verify_member_record
from .store import Store
from .wire.messages import MemberRecord


class Members:
    def __init__(self, store: Store, group_id: bytes) -> None:
        self._store, self._group_id = store, group_id
        self._known: set[bytes] = set()
        self._names: dict[bytes, str] = {}
        self.reload()

    def reload(self) -> None:
        members = self._store.members()
        self._known, self._names = set(members), {key: name for key, (_, name) in members.items()}

    def name(self, device_key: bytes) -> str:
        """The name that a device gave itself; empty while it is not known. PA-22, PA-25."""
        return self._names.get(device_key, "")

    def set_name(self, device_key: bytes, name: str) -> None:
        self._store.name_member(device_key, name)
        if device_key in self._known:
            self._names[device_key] = name

    def __contains__(self, device_key: bytes) -> bool:
        return device_key in self._known

    def verify(self, record: MemberRecord) -> bytes:
        """The device key of a record that verifies. Raises ProtocolError. GR-14."""
        epoch, secrets = member_record_body(record).epoch, self._store.epochs()
        if epoch not in secrets:
            raise ProtocolError(ErrorCode.EPOCH_UNKNOWN)
        auth_key = ed25519_public(auth_seed(secrets[epoch], epoch, self._group_id))
        return verify_member_record(record, self._group_id, auth_key).device_key

    def add(self, records: list[MemberRecord]) -> list[bytes]:
        """Adds the records that verify, and ignores the others; the device keys that are new."""
        added = []
        for record in records:
            try:
                device_key = self.verify(record)
            except ProtocolError:
                continue
            if device_key not in self._known:
                self._store.add_member(device_key, record.encode())
                self._known.add(device_key)
                added.append(device_key)
        return added
