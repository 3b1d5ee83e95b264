"""Watches what relays that remove messages by age will remove soon. CL-29, SE-18."""

from __future__ import annotations

from collections.abc import Callable

from .absence import Absence
from .clock import Clock
from .events import Expiring
from .history import History
from .link import Link
from .store import Store


class ExpiryWatch:
    def __init__(self, store: Store, clock: Clock, publish: Callable[[Expiring], None]) -> None:
        self._store, self._clock, self._publish = store, clock, publish
        self._absence = Absence(store, clock, publish)
        self._histories: dict[bytes, History] = {}

    def close(self) -> None:
        self._absence.close()
        for history in self._histories.values():
            history.close()

    def session_began(self, link: Link) -> None:
        node_id, ack = link.pin.node_id, link.connection.ack
        assert ack is not None
        self._absence.session_began(node_id, ack.retention_seconds * 1000 or None)
        if node_id not in self._histories:
            self._histories[node_id] = History(self._store, self._clock, node_id, self._publish)
        self._histories[node_id].session_began(ack)

    def session_ended(self, link: Link) -> None:
        self._absence.session_ended(link.pin.node_id)

    def read(self, node_id: bytes) -> None:
        """The relay was read to its head."""
        if node_id in self._histories:
            self._histories[node_id].look()
