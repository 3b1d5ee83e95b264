"""One connection of the relay: a stranger, and after Hello a member's session. SE-01 to SE-20."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..errors import ERRORS, ErrorCode, ProtocolError
from ..group import group_id_of, verify_hello, verify_member_record
from ..limits import CREDIT_BYTES_MAX, PAGE_BYTES_MAX
from ..log_reader import envelope_cost
from ..stream import StreamEnded
from ..wire.codec import Message
from ..wire.frames import body_of
from ..wire.messages import (
    Ack,
    Bye,
    Credit,
    Deliver,
    DeviceList,
    Error,
    Hello,
    HelloAck,
    ListDevices,
    MailboxAck,
    MailboxCancel,
    MailboxClaim,
    MailboxPut,
    Page,
    Ping,
    Pong,
    Pull,
    Push,
    PushAck,
    Subscribe,
)
from .group_log import GroupLog
from .network import MemoryStream
from .relay_channel import RelayChannel

if TYPE_CHECKING:
    from .relay import TestRelay


class RelaySession:
    def __init__(self, relay: TestRelay, stream: MemoryStream) -> None:
        self._relay, self.stream = relay, stream
        self._channel: RelayChannel | None = None
        self._group: GroupLog | None = None
        self._device = b""
        self._subscription = self._delivered = self._credit = 0
        """Request id of the Subscribe, the cursor that was delivered last, and what is left of the credit. RL-45."""

    async def run(self) -> None:
        """Serves until the connection ends."""
        try:
            self._channel = await RelayChannel.accept(self.stream, self._relay.seed)
            while True:
                frame = await self._channel.receive()
                body = body_of(frame)
                assert body is not None
                if isinstance(body, Bye):
                    break
                self._serve(frame.request_id, body)
            self.stream.close()
        except ProtocolError as refused:
            self.stream.close(refused.code)
        except StreamEnded:
            pass
        finally:
            self._relay.ended(self)

    def _send(self, request_id: int, body: Message) -> None:
        assert self._channel is not None
        self._channel.send(request_id, body)

    def _serve(self, request_id: int, body: Message) -> None:
        """SE-03, SE-07."""
        try:
            answer = self._answer(request_id, body)
        except ProtocolError as refused:
            self._send(request_id, Error(refused.code, str(refused)[:256], 0, refused.conflict))
            if ERRORS[refused.code].stream == "close" or isinstance(body, Hello):
                raise
            return
        if answer is not None:
            self._send(request_id, answer)
        if isinstance(body, Push):
            self._relay.publish(self.group)

    @property
    def group(self) -> GroupLog:
        """Raises UNEXPECTED_FRAME before Hello. SE-02."""
        if self._group is None:
            raise ProtocolError(ErrorCode.UNEXPECTED_FRAME)
        return self._group

    def has_joined(self, group: GroupLog) -> bool:
        return self._group is group

    def _answer(self, request_id: int, body: Message) -> Message | None:
        if isinstance(body, Subscribe):
            self._subscribe(request_id, body)
            return None
        handler = _HANDLERS.get(type(body))
        if handler is None:
            raise ProtocolError(ErrorCode.UNEXPECTED_FRAME)
        return handler(self, body)

    # --- members

    def _hello(self, hello: Hello) -> HelloAck:
        """SE-10 to SE-15."""
        assert self._channel is not None
        verify_hello(hello.device_key, hello.group_id, self._channel.handshake_hash, hello.signature)
        self._group = self._relay.group_of(hello.group_id, self._enrol(hello))
        if hello.device_key not in self._group.records:
            raise ProtocolError(ErrorCode.UNAUTHORIZED)
        self._device = hello.device_key
        return self._relay.hello_ack(self._group, hello.device_key)

    def _enrol(self, hello: Hello) -> dict[bytes, Any]:
        """The verified record of the Enrolment, by its device key. SE-12."""
        enrolment = hello.enrolment
        if enrolment is None or enrolment.record is None:
            return {}
        if group_id_of(enrolment.auth_key) != hello.group_id:
            raise ProtocolError(ErrorCode.UNAUTHORIZED)
        body = verify_member_record(enrolment.record, hello.group_id, enrolment.auth_key)
        return {body.device_key: enrolment.record}

    def _devices(self, _: ListDevices) -> DeviceList:
        records = list(self.group.records.values())
        return DeviceList(len(records), records)

    # --- the log

    def _push(self, push: Push) -> PushAck:
        return PushAck(self.group.push(self._device, push.items, self._relay.now_ms()), True)

    def _pull(self, pull: Pull) -> Page:
        group = self.group
        group.check_position(pull.after, pull.hash_at_after)
        segment = group.segment(pull.after, min(pull.bytes_max, PAGE_BYTES_MAX))
        return Page(segment, segment.next < segment.head)

    def _subscribe(self, request_id: int, subscribe: Subscribe) -> None:
        """RL-44: the first Deliver is sent at once, also when it is empty."""
        self.group.check_position(subscribe.after, subscribe.hash_at_after)
        if self._subscription:
            raise ProtocolError(ErrorCode.UNEXPECTED_FRAME)
        self._subscription, self._delivered, self._credit = request_id, subscribe.after, subscribe.credit_bytes
        self._deliver()
        self.deliver_new()

    def deliver_new(self) -> None:
        """Delivers while there is credit, and something to deliver. RL-45."""
        while self._subscription and self._credit > 0 and self._delivered < self.group.head:
            self._deliver()

    def _deliver(self) -> None:
        segment = self.group.segment(self._delivered, PAGE_BYTES_MAX)
        self._delivered = segment.next
        self._credit -= sum(envelope_cost(envelope) for envelope in segment.envelopes)
        self._send(self._subscription, Deliver(segment))

    def _add_credit(self, credit: Credit) -> None:
        self._credit = min(self._credit + credit.bytes, CREDIT_BYTES_MAX)
        self.deliver_new()


_HANDLERS: dict[type[Message], Callable[[RelaySession, Any], Message | None]] = {
    Hello: RelaySession._hello,
    ListDevices: RelaySession._devices,
    Push: RelaySession._push,
    Pull: RelaySession._pull,
    Credit: RelaySession._add_credit,
    Ack: lambda session, _: None,
    Ping: lambda session, _: Pong(session._relay.now_ms()),
    MailboxPut: lambda session, put: session._relay.mailboxes.put(session.group.id, put),
    MailboxClaim: lambda session, claim: session._relay.mailboxes.claim(claim),
    MailboxAck: lambda session, ack: session._relay.mailboxes.acknowledge(ack),
    MailboxCancel: lambda session, cancel: session._relay.mailboxes.cancel(session.group.id, cancel),
}
