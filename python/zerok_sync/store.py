"""What a device keeps of one group. CL-03, CL-20."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from .chain_table import ChainTable
from .device_store import DeviceStore
from .held_table import HeldTable
from .log_table import LogTable
from .message_table import MessageTable
from .outbox_table import OutboxTable
from .own_table import OwnTable
from .pins import Pin
from .quarantine_table import QuarantineTable
from .rows import RelayRow
from .visit_table import VisitTable


class Store:
    """Every method, also of the tables, is one statement or few; group them with transaction()."""

    def __init__(self, device: DeviceStore, slot: int) -> None:
        self._device, self._db, self.slot = device, device.db, slot
        self.queue = OutboxTable(self._db, slot)
        self.held = HeldTable(self._db, slot)
        self.chains = ChainTable(self._db, slot)
        self.quarantine = QuarantineTable(self._db, slot)
        self.log = LogTable(self._db, slot)
        self.own = OwnTable(self._db, slot)
        self.messages = MessageTable(self._db, slot)
        self.visits = VisitTable(self._db, slot)

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing, durable when it is left."""
        return self._device.transaction()

    def savepoint(self) -> AbstractContextManager[None]:
        """All or nothing of a part of a transaction."""
        return self._device.savepoint()

    @property
    def device_seed(self) -> bytes:
        return self._device.seed

    def _one(self, sql: str, *values: Any) -> Any:
        row = self._db.execute(sql, (self.slot, *values)).fetchone()
        return None if row is None else row[0]

    # --- this group

    def get(self, key: str) -> bytes | None:
        value: bytes | None = self._one("SELECT value FROM meta WHERE slot = ? AND key = ?", key)
        return value

    def put(self, key: str, value: bytes) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?, ?)", (self.slot, key, value))

    def epochs(self) -> dict[int, bytes]:
        return dict(self._db.execute("SELECT epoch, secret FROM epochs WHERE slot = ? ORDER BY epoch", (self.slot,)))

    def add_epoch(self, epoch: int, secret: bytes) -> None:
        self._db.execute("INSERT OR REPLACE INTO epochs VALUES (?, ?, ?)", (self.slot, epoch, secret))

    def members(self) -> dict[bytes, tuple[bytes, str]]:
        """device key: (record, name)."""
        rows = self._db.execute(
            "SELECT device_key, record, name FROM members WHERE slot = ? ORDER BY rowid", (self.slot,)
        )
        return {key: (record, name) for key, record, name in rows}

    def add_member(self, device_key: bytes, record: bytes) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO members(slot, device_key, record) VALUES (?, ?, ?)", (self.slot, device_key, record)
        )

    def name_member(self, device_key: bytes, name: str) -> None:
        self._db.execute("UPDATE members SET name = ? WHERE slot = ? AND device_key = ?", (name, self.slot, device_key))

    # --- relays

    def relays(self) -> list[RelayRow]:
        rows = self._db.execute(
            "SELECT address, node_id, kem_hash, signing_key, fixed, enrolled FROM relays WHERE slot = ?"
            " ORDER BY position",
            (self.slot,),
        )
        return [RelayRow(a, Pin(n, k, s, bool(f)), bool(e)) for a, n, k, s, f, e in rows]

    def relay(self, address: str) -> RelayRow:
        return next(row for row in self.relays() if row.address == address)

    def add_relay(self, address: str, pin: Pin) -> None:
        """Appends it; one that is known keeps its place and gets the pin only where nothing fixed is known."""
        position = self._one("SELECT COALESCE(MAX(position), 0) + 1 FROM relays WHERE slot = ?")
        self._db.execute(
            "INSERT OR IGNORE INTO relays(slot, address, position, node_id, kem_hash, signing_key, fixed)"
            " VALUES (?, ?, ?, x'', x'', x'', 0)",
            (self.slot, address, position),
        )
        known = self.relay(address).pin
        if pin.fixed and known.fixed:
            self.set_pin(address, known.completed(pin))
        elif pin.fixed:
            self.set_pin(address, pin)

    def clear_relays(self) -> None:
        self._db.execute("DELETE FROM relays WHERE slot = ?", (self.slot,))

    def set_pin(self, address: str, pin: Pin) -> None:
        self._db.execute(
            "UPDATE relays SET node_id = ?, kem_hash = ?, signing_key = ?, fixed = ? WHERE slot = ? AND address = ?",
            (pin.node_id, pin.kem_hash, pin.signing_key, pin.fixed, self.slot, address),
        )

    def set_enrolled(self, address: str, enrolled: bool) -> None:
        self._db.execute(
            "UPDATE relays SET enrolled = ? WHERE slot = ? AND address = ?", (enrolled, self.slot, address)
        )
