"""Pull and Subscribe at one relay: CL-02 to CL-09, RL-40 to RL-48."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from .clock import Clock
from .connection import Connection
from .errors import ErrorCode, ProtocolError, StoreError, SyncError
from .events import Event, Progress, RolledBack
from .limits import ROLL_BACK_MS_MIN
from .link import Link
from .receiver import Receiver
from .store import Store
from .wire.messages import Ack, Credit, Deliver, DeviceList, Envelope, ListDevices, LogSegment, Page, Pull, Subscribe

ACK_REMOVAL = "ack-removal"
"""The capability of a relay that removes what every device has acknowledged. SE-17."""


def envelope_cost(envelope: Envelope) -> int:
    """RL-40."""
    return len(envelope.header) + len(envelope.nonce) + len(envelope.ciphertext) + len(envelope.signature)


class LogReader:
    def __init__(
        self,
        store: Store,
        receiver: Receiver,
        clock: Clock,
        publish: Callable[[Event], None],
        on_head: Callable[[bytes], None],
    ) -> None:
        """`on_head` is called with its NodeId when a relay was read to its head."""
        self._store, self._receiver, self._clock = store, receiver, clock
        self._publish, self._on_head = publish, on_head
        self._rolled_back_ms: dict[bytes, float] = {}
        """When a roll-back of a relay was believed, by NodeId. CL-16."""
        self._pulling = asyncio.Lock()

    def forget_roll_backs(self) -> None:
        """CL-16, CL-39."""
        self._rolled_back_ms.clear()

    async def pull(self, link: Link, on_progress: Callable[[Progress], None] | None = None) -> int:
        """Until has_more is false, or the head of the first page is reached; the cursor reached. CL-04."""
        node_id, head, obeyed = link.pin.node_id, None, False
        resumed_from = self._store.log.position(node_id).cursor
        async with self._pulling:
            while True:
                position = self._store.log.position(node_id)
                request = Pull(position.cursor, position.hash, link.connection.page_bytes_max)
                try:
                    page = await link.connection.request(request, Page)
                except ProtocolError as failure:
                    self._roll_back(link, failure, obeyed)
                    obeyed, head = True, None
                    continue
                assert page.segment is not None
                await self._apply(link, position.cursor, page.segment, page.has_more)
                head = page.segment.head if head is None else head
                cursor = self._store.log.position(node_id).cursor
                if on_progress is not None:
                    on_progress(Progress(cursor, max(head, cursor), resumed_from))
                if not page.has_more or cursor >= head:
                    return cursor

    def _roll_back(self, link: Link, failure: ProtocolError, obeyed: bool) -> None:
        """CL-06: reported, and read again from 0; CL-16: but not again and again. Anything else is raised."""
        if failure.code is not ErrorCode.ROLLED_BACK:
            raise failure
        node_id, now_ms = link.pin.node_id, self._clock.elapsed_ms()
        if obeyed or now_ms - self._rolled_back_ms.get(node_id, -ROLL_BACK_MS_MIN) < ROLL_BACK_MS_MIN:
            violation = ProtocolError(ErrorCode.CURSOR_GAP, "a relay goes back again and again")
            link.connection.close(violation)
            raise violation
        self._rolled_back_ms[node_id] = now_ms
        with self._store.transaction():
            self._store.log.forget(node_id)
        link.reconciled = False
        self._publish(RolledBack())

    async def _apply(self, link: Link, asked: int, segment: LogSegment, has_more: bool) -> None:
        connection, node_id = link.connection, link.pin.node_id
        if self._receiver.has_unknown_sender(segment.envelopes):
            devices = await connection.request(ListDevices(), DeviceList)  # CL-09
            self._receiver.add_records(devices.records)
        try:
            self._receiver.apply(node_id, asked, segment, has_more)
            if segment.next == segment.head:
                await self._receiver.reached_head(node_id)
                self._on_head(node_id)
        except (ProtocolError, StoreError) as failure:
            connection.close(failure)  # CL-68
            raise
        self._acknowledge(link, segment.next)

    def _acknowledge(self, link: Link, cursor: int) -> None:
        """CL-07: what is stored, where it helps the relay to remove; CL-13: nothing from the first held one on."""
        if link.connection.ack is None or ACK_REMOVAL not in link.connection.ack.capabilities:
            return
        held = self._store.log.lowest_held(link.pin.node_id)
        cursor = cursor if held is None else min(cursor, held - 1)
        if cursor > link.acknowledged:
            link.acknowledged = cursor
            link.connection.tell(Ack(cursor))

    async def subscribe(self, link: Link) -> Coroutine[Any, Any, None]:
        """Live from now on; what is returned has to run, and ends with the connection. RL-44."""
        obeyed = False
        while True:
            position = self._store.log.position(link.pin.node_id)
            deliveries = Deliveries(link.connection)
            request = Subscribe(position.cursor, position.hash, link.connection.credit_bytes_max)
            try:
                await link.connection.subscribe(request, deliveries.put)
            except ProtocolError as failure:
                self._roll_back(link, failure, obeyed)
                obeyed = True
                continue
            link.subscribed = True
            return self._live(link, position.cursor, deliveries)

    async def _live(self, link: Link, position: int, deliveries: Deliveries) -> None:
        closed = asyncio.create_task(link.connection.closed.wait())
        try:
            while True:
                taking = asyncio.create_task(deliveries.queue.get())
                done, _ = await asyncio.wait({taking, closed}, return_when=asyncio.FIRST_COMPLETED)
                if taking not in done:
                    taking.cancel()
                    return
                segment = taking.result().segment
                assert segment is not None
                await self._apply(link, position, segment, False)
                position = segment.next
                deliveries.processed(segment.envelopes)
        except SyncError:
            return  # the connection is closed and has reported it
        finally:
            closed.cancel()


class Deliveries:
    """What a subscription brought and was not processed yet, and its credit. RL-45, CL-18."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._credit = connection.credit_bytes_max
        self._processed = 0
        self.queue: asyncio.Queue[Deliver] = asyncio.Queue()

    def put(self, deliver: Deliver) -> None:
        """Raises the violation of a relay that overdraws its credit."""
        assert deliver.segment is not None
        for envelope in deliver.segment.envelopes:
            if self._credit <= 0:
                raise ProtocolError(ErrorCode.RESOURCES_EXCEEDED, "a relay delivers more than it has credit for")
            self._credit -= envelope_cost(envelope)
        self.queue.put_nowait(deliver)

    def processed(self, envelopes: list[Envelope]) -> None:
        self._processed += sum(envelope_cost(e) for e in envelopes)
        if self._processed * 2 >= self._connection.credit_bytes_max:
            self._connection.tell(Credit(self._processed))
            self._credit += self._processed
            self._processed = 0
