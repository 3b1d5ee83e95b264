"""Group: a group that this device is a member of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .errors import ArgumentError, ProtocolError
from .events import Completeness, Event, Message, Progress
from .keytext import RelayAddress
from .link import Dialer
from .local_log import Log
from .member import Member
from .options import check_id, check_text, check_type
from .pins import Pin
from .pulse import Fanout, Unsubscribe
from .push import Draft, PushReceipt
from .snapshot import GroupState, RelayState, Snapshot
from .tables import AppTables
from .trust import Trusting


@dataclass(frozen=True, slots=True)
class MemberDevice:
    """A member of a group."""

    key: bytes
    """Device key in this group, 32 bytes."""
    name: str
    """The name that it gave itself; empty while it is not known."""
    own: bool


@dataclass(frozen=True, slots=True)
class TrustedRelay:
    """What is known of a relay's keys, 32 bytes each, empty while unknown. CL-30."""

    address: str
    node_id: bytes
    kem_hash: bytes
    signing_key: bytes
    fixed: bool
    """Never replaced by what the relay shows. CL-32."""


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """A message that no relay has stored yet. `code` is why one refused it, or None."""

    id: bytes
    position: int
    state: str
    """queued, sealed, deferred or refused: spec/client.md, outbox entry."""
    code: int | None


class Queue:
    """The messages that wait for a relay."""

    def __init__(self, member: Member) -> None:
        self._member = member

    def list(self) -> tuple[QueuedMessage, ...]:
        """In the order in which they are sent."""
        entries = self._member.store.queue.unacknowledged()
        return tuple(QueuedMessage(e.id, e.place, e.state, e.code) for e in entries if e.place)

    def retry(self, id: bytes) -> None:
        """Sends a message again that was refused for good. CL-47."""
        check_id("id", id, 16)
        self._member.outgoing.retry(id)

    def drop(self, id: bytes) -> Draft | None:
        """Deletes a message that was refused, or not sealed yet; its content, which may be pushed again, or None of
        this device's announcement. CL-41, CL-48, CL-70."""
        check_id("id", id, 16)
        return self._member.outgoing.drop(id)


class Group(Trusting):
    """`state`, `log` and `queue` need no network. Every call can be cancelled; use asyncio.timeout() to bound it."""

    def __init__(self, member: Member, dialer: Dialer, tables: AppTables, news: Fanout[Event | Message]) -> None:
        self._member, self._dialer, self._news = member, dialer, news
        self.log = Log(member, tables)
        self.queue = Queue(member)
        self._state = Snapshot(member.changed, self._look)

    def __repr__(self) -> str:
        return f"Group({self.id.hex()})"

    @property
    def id(self) -> bytes:
        """32 bytes."""
        return self._member.keys.group_id

    @property
    def device_key(self) -> bytes:
        """This device's key in this group, 32 bytes; no other group has the same."""
        return self._member.keys.device_key

    # --- state

    @property
    def state(self) -> GroupState:
        """One object for as long as nothing has changed."""
        return self._state.current

    def subscribe(self, listener: Callable[[], None]) -> Unsubscribe:
        """Calls `listener` after every change of `state`."""
        return self._state.subscribe(listener)

    def on_event(self, listener: Callable[[Event | Message], None]) -> Unsubscribe:
        """Calls `listener` with every event, and with every message of others once it is durable here."""
        return self._news.add(listener)

    def _look(self) -> GroupState:
        member, store = self._member, self._member.store
        used = member.links.address
        relays = tuple(
            RelayState(
                row.address,
                row.pin.node_id,
                row.address == used,
                store.log.position(row.pin.node_id).cursor,
                member.links.retentions.get(row.address),
            )
            for row in store.relays()
        )
        refused = tuple(message_id for message_id, _ in store.queue.refused())
        waits_for = member.outgoing.last_refusal if member.connected else None
        return GroupState(
            member.connected,
            member.links.failure,
            waits_for,
            relays,
            store.queue.count(),
            refused,
            store.messages.head(),
        )

    # --- writing

    async def push(
        self,
        content: str | bytes,
        *,
        topic: str = "",
        id: bytes | None = None,
        metadata: str | None = None,
        collapse_key: str | None = None,
    ) -> PushReceipt:
        """The message is on this device's disk and in `log` when it returns. It is sent as soon as a relay can be
        reached, and delivered once. CL-20."""
        (receipt,) = await self.push_all([Draft(content, topic, id, metadata, collapse_key)])
        return receipt

    async def push_all(self, items: Iterable[Draft]) -> tuple[PushReceipt, ...]:
        """All of them in one transaction, or none."""
        drafts = tuple(items)
        for draft in drafts:
            check_type("an item", draft, Draft)
        receipts = await self._member.outgoing.push(drafts, self._member.outgoing.wait_stored)
        self._send()
        return receipts

    def _send(self) -> None:
        if self._member.connected:
            self._member.outgoing.nudge()
        elif self._member.store.relays():
            self._member.background.open()

    async def flush(self) -> None:
        """Returns when a relay has stored what was pushed before, over as many connections as it takes. Raises the
        error of a message that was refused for good."""
        await self._member.outgoing.flushed()

    # --- reading

    async def caught_up(self, on_progress: Callable[[Progress], None] | None = None) -> None:
        """Returns when the relay was read to the head that it had, over as many connections as it takes. Without a
        relay there is nothing to read."""
        if self._member.store.relays():
            await self._member.caught_up(on_progress)

    def completeness(self) -> Completeness:
        """What is missing here as far as this device can tell, also of earlier lives. CL-14."""
        return Completeness(self._member.store.chains.missing(), self._member.store.log.expired())

    # --- members

    async def invite(self, passphrase: str | None = None) -> str:
        """An invite: a secret, used once, for ten minutes. The relay has to be reached. PA-07."""
        if passphrase is not None:
            check_text("passphrase", passphrase)
        return await self._member.invite(passphrase)

    async def cancel_invite(self, invite: str) -> None:
        """Takes an invite back, whichever member made it. PA-24."""
        check_text("invite", invite)
        await self._member.cancel_invite(invite)

    def devices(self) -> tuple[MemberDevice, ...]:
        """The members whose records verify, as far as this device knows. GR-14."""
        members = self._member.store.members().items()
        return tuple(MemberDevice(key, name, key == self.device_key) for key, (_, name) in members)

    # --- relays

    async def connect(self) -> None:
        """A session now, and from now on; messages come live. Raises when no relay lets this device in."""
        await self._member.connect()
        await self._member.subscribe()

    async def reconnect(self) -> None:
        """A new connection at once, for a resume or a change of network. CL-39."""
        await self._member.reconnect()

    async def disconnect(self) -> None:
        """Ends the link; the next push, or any call that needs a relay, opens one again."""
        await self._member.disconnect()

    async def add_relay(self, relay: str) -> None:
        """Gives a relay to a group that has none: `[<nodeid>[.<kem hash>]@]host:port`. It is told of the group as soon
        as it can be reached. CL-34."""
        address = parse_relay(relay)
        store = self._member.store
        if any(row.address != address.address for row in store.relays()):
            raise ArgumentError("the group has a relay already; one is all that a group can have")
        with store.transaction():
            store.add_relay(address.address, pin_of(address))
        self._member.changed.beat()
        self._member.background.open()

    @property
    def trusted_relays(self) -> tuple[TrustedRelay, ...]:
        """The relays, and what is known of their keys."""
        rows = self._member.store.relays()
        return tuple(
            TrustedRelay(r.address, r.pin.node_id, r.pin.kem_hash, r.pin.signing_key, r.pin.fixed) for r in rows
        )

    async def trust_relay(self, relay: str) -> None:
        """Takes over the keys of a relay that has new ones: `<nodeid>[.<kem hash>]@host:port`. CL-32."""
        address, store = parse_relay(relay), self._member.store
        if not address.node_id:
            raise ArgumentError("the relay's keys are missing: write <nodeid>@host:port")
        if all(row.address != address.address for row in store.relays()):
            raise ArgumentError(f"the group has no relay {address.address}")
        with store.transaction():
            store.set_pin(address.address, pin_of(address))
        self._member.changed.beat()
        self._member.background.wake()

    def set_online(self, online: bool) -> None:
        """False: as if there were no network for this group. True: what waits is sent and read again at once."""
        check_type("online", online, bool)
        self._dialer.online = online
        if online:
            self._member.links.backoff.reset()
            self._member.background.wake()
        else:
            self._member.links.lose_network()

    async def close(self) -> None:
        """Ends the link and the loops of this group. Its data stays, and can be read until the device is closed."""
        await self._member.close()


def parse_relay(text: str) -> RelayAddress:
    """Raises TypeError or ArgumentError."""
    check_text("relay", text)
    try:
        return RelayAddress.parse(text)
    except ProtocolError as failure:
        raise ArgumentError(
            f"{text!r} is no relay: {failure}", hint="Write host:port, or <nodeid>@host:port."
        ) from None


def pin_of(address: RelayAddress) -> Pin:
    return Pin(address.node_id, address.kem_hash, b"", bool(address.node_id))
