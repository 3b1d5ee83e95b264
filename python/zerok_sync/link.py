"""Reaching a relay: dialling, pins and Hello. HS-12, HS-13, CL-30 to CL-35, SE-10 to SE-12."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from .channel import Channel
from .clock import Clock
from .connection import Connection
from .errors import ErrorCode, ProtocolError, RelayUnreachable
from .events import Disconnected, Event, RelayKeyChanged
from .group import DeviceKeys
from .keytext import RelayAddress
from .limits import HELLO_DEADLINE_MS
from .noise import CLASSICAL, HYBRID, Handshake
from .pins import Pin, shown_by
from .stream import ByteStream, Connect
from .wire.codec import Message
from .wire.messages import Enrolment, Hello, HelloAck

A = TypeVar("A", bound=Message)


@dataclass(slots=True)
class Link:
    """One live connection to one relay."""

    connection: Connection
    address: str
    hello_due_ms: float
    """Deadline of the first answer, by the dialer's clock. HS-15."""
    version: int
    pin: Pin
    """The keys that the relay has proven, merged with the known ones."""
    failure: Exception | None = None
    """Why it ended, once it has."""
    reconciled: bool = False
    """This session compared its chain with the relay's. CL-21."""
    on_end: Callable[[Exception | None], None] = lambda failure: None
    refused: set[int] = field(default_factory=set)
    """Own sequences that this relay had once, and refuses for good when they are pushed again. CL-62."""
    acknowledged: int = 0
    """The cursor that the last Ack named. CL-07."""
    own_head: int = 0
    """Sequence of this device's head at the relay when it said so."""
    knows_this_device: bool = False
    """The relay has named or acknowledged an envelope of this device in this session. CL-71."""
    subscribed: bool = False


class Dialer:
    def __init__(
        self, clock: Clock, mode: str, tofu_mode: str, publish: Callable[[Event], None], connect: Connect
    ) -> None:
        self.mode = mode
        self.tofu_mode = tofu_mode
        self.online = True
        """False: as if there were no network."""
        self._clock, self._publish, self._connect = clock, publish, connect

    async def dial(self, address: str, pin: Pin) -> Link:
        """Handshake done, state `fresh`. Raises RelayUnreachable or ProtocolError."""
        suite = CLASSICAL if self.mode == "classical" else HYBRID  # CL-35
        pin.check_suite(suite)
        if not self.online:
            raise RelayUnreachable("there is no network")
        relay, due_ms = RelayAddress.parse(address), self._clock.elapsed_ms() + HELLO_DEADLINE_MS
        try:
            async with self._clock.deadline(due_ms):
                stream = await self._connect(relay.host, relay.port, suite.alpn)
        except TimeoutError:
            raise RelayUnreachable(f"{address} does not answer") from None
        proven = pin

        def check_pin(handshake: Handshake) -> None:
            nonlocal proven
            shown = shown_by(handshake)
            if pin.matches(shown):
                proven = pin.completed(shown)  # CL-33
            else:
                self._refuse_or_note(pin, shown)
                proven = shown

        try:
            async with self._clock.deadline(due_ms):
                channel = await Channel.open(stream, suite, check_pin)
        except (ProtocolError, RelayUnreachable, TimeoutError) as failure:
            error = ProtocolError(ErrorCode.DEADLINE_EXCEEDED) if isinstance(failure, TimeoutError) else failure
            self._abandon(stream, address, error)
            raise error from None
        except BaseException:  # a cancellation leaves no connection behind
            stream.close()
            stream.free()
            raise
        connection = Connection(channel, self._clock, pin.matches(proven))
        link = Link(connection, address, due_ms, suite.version, proven)
        link.connection.on_end = lambda failure: self._ended(link, failure)
        return link

    def _refuse_or_note(self, known: Pin, shown: Pin) -> None:
        """CL-31, CL-32."""
        before, after = known.difference(shown)
        if known.fixed or self.tofu_mode == "strict":
            raise ProtocolError(
                ErrorCode.RELAY_IDENTITY_CHANGED, f"the relay shows the key {after.hex()}; {before.hex()} is known"
            )
        self._publish(RelayKeyChanged(known.node_id, shown.node_id or known.node_id))

    def _abandon(self, stream: ByteStream, address: str, failure: Exception) -> None:
        stream.close(failure.code if isinstance(failure, ProtocolError) else 0)  # SE-07
        self._report(address, failure)
        stream.free()

    def _ended(self, link: Link, failure: Exception | None) -> None:
        link.failure = failure
        self._report(link.address, failure)
        link.on_end(failure)

    def _report(self, address: str, failure: Exception | None) -> None:
        if isinstance(failure, ProtocolError):
            self._publish(Disconnected(failure.wire_code, failure.reject_class, address))
        else:
            self._publish(Disconnected(address=address))

    async def first_answer(self, link: Link, body: Message, answer: type[A]) -> A:
        """Waits for the answer to a Hello or a claim. HS-15. A Hello after a claim has as long again. PA-19."""
        try:
            async with self._clock.deadline(link.hello_due_ms):
                result = await link.connection.request(body, answer)
        except TimeoutError:
            failure = ProtocolError(ErrorCode.DEADLINE_EXCEEDED)
            link.connection.close(failure)
            raise failure from None
        link.hello_due_ms = self._clock.elapsed_ms() + HELLO_DEADLINE_MS
        return result

    async def greet(self, link: Link, keys: DeviceKeys, enrolment: Enrolment | None, access_token: str) -> HelloAck:
        """Hello, and the signing key of its answer. SE-10, CL-33, CL-69."""
        connection = link.connection
        signature = keys.hello_signature(connection.handshake_hash)
        token = access_token if link.pin.fixed else ""
        hello = Hello(keys.group_id, keys.device_key, signature, enrolment, token)
        try:
            ack = await self.first_answer(link, hello, HelloAck)
        except (ProtocolError, RelayUnreachable):
            await connection.wait_freed()
            raise
        except BaseException:  # a cancellation leaves no session behind
            await connection.abort()
            raise
        shown = Pin(signing_key=ack.signing_key)
        if not link.pin.matches(shown):
            try:
                self._refuse_or_note(link.pin, shown)
            except ProtocolError as failure:
                connection.close(failure)
                await connection.wait_freed()
                raise
        link.pin = replace(link.pin, signing_key=ack.signing_key)
        return ack
