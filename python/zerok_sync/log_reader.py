"""Pull and Subscribe at one relay: CL-02 to CL-09, RL-40 to RL-48."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from .errors import ErrorCode, ProtocolError, RelayUnreachable
from .events import Event, RolledBack
from .link import Link
from .receiver import Receiver
from .store import Store
from .wire.messages import Ack, Credit, Deliver, DeviceList, Envelope, ListDevices, LogSegment, Page, Pull, Subscribe


def envelope_cost(envelope: Envelope) -> int:
    """RL-40."""
    return len(envelope.header) + len(envelope.nonce) + len(envelope.ciphertext) + len(envelope.signature)


class LogReader:
    def __init__(self, store: Store, receiver: Receiver, publish: Callable[[Event], None]) -> None:
        self._store, self._receiver, self._publish = store, receiver, publish
        self._pulling = asyncio.Lock()

    async def pull(self, link: Link) -> int:
        """Until has_more is false; the cursor reached. CL-04."""
        async with self._pulling:
            while True:
                position = self._store.log.position(link.pin.node_id)
                request = Pull(position.cursor, position.hash, link.connection.page_bytes_max)
                try:
                    page = await link.connection.request(request, Page)
                except ProtocolError as failure:
                    self._rolled_back(link, position.cursor, failure)
                    continue
                assert page.segment is not None
                await self._apply(link, position.cursor, page.segment, page.has_more)
                if not page.has_more:
                    return self._store.log.position(link.pin.node_id).cursor

    def _rolled_back(self, link: Link, asked: int, failure: ProtocolError) -> None:
        """CL-06: reported, and read again from 0; anything else is raised."""
        if failure.code is not ErrorCode.ROLLED_BACK or asked == 0:
            raise failure
        with self._store.transaction():
            self._store.log.forget(link.pin.node_id)
        link.reconciled = False
        self._publish(RolledBack())

    async def _apply(self, link: Link, asked: int, segment: LogSegment, has_more: bool) -> None:
        connection = link.connection
        if self._receiver.has_unknown_sender(segment.envelopes):
            devices = await connection.request(ListDevices(), DeviceList)  # CL-09
            self._receiver.add_records(devices.records)
        try:
            self._receiver.apply(link.pin.node_id, asked, segment, has_more)
        except ProtocolError as failure:
            connection.close(failure)
            raise
        if segment.next == segment.head:
            await self._receiver.reached_head(link.pin.node_id)
        if segment.next > segment.after:
            connection.tell(Ack(segment.next))  # CL-07: it is stored

    async def subscribe(self, link: Link) -> Coroutine[Any, Any, None]:
        """Live from now on; what is returned has to run, and ends with the connection. RL-44."""
        while True:
            position = self._store.log.position(link.pin.node_id)
            deliveries: asyncio.Queue[Deliver] = asyncio.Queue()
            request = Subscribe(position.cursor, position.hash, link.connection.credit_bytes_max)
            try:
                await link.connection.subscribe(request, deliveries.put_nowait)
            except ProtocolError as failure:
                self._rolled_back(link, position.cursor, failure)
                continue
            link.subscribed = True
            return self._live(link, position.cursor, deliveries)

    async def _live(self, link: Link, position: int, deliveries: asyncio.Queue[Deliver]) -> None:
        used = 0
        closed = asyncio.create_task(link.connection.closed.wait())
        try:
            while True:
                taking = asyncio.create_task(deliveries.get())
                done, _ = await asyncio.wait({taking, closed}, return_when=asyncio.FIRST_COMPLETED)
                if taking not in done:
                    taking.cancel()
                    return
                segment = taking.result().segment
                assert segment is not None
                await self._apply(link, position, segment, False)
                position = segment.next
                used += sum(envelope_cost(e) for e in segment.envelopes)
                if used * 2 >= link.connection.credit_bytes_max:
                    link.connection.tell(Credit(used))  # RL-45
                    used = 0
        except (ProtocolError, RelayUnreachable):
            return  # the connection is closed and has reported it
        finally:
            closed.cancel()
