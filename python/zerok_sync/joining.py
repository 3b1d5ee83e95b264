"""Making a group, inviting, and joining: PA-02 to PA-22."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable

from .clock import Clock
from .device_store import DeviceStore
from .envelope import check_stub
from .errors import ErrorCode, ProtocolError, SyncError
from .group import DeviceKeys, group_id_of_secret, member_record_body
from .limits import INVITE_LIFETIME_MS_MAX, MAILBOX_PAYLOAD_BYTES_MAX, RELAYS_MAX, SAFE_INTEGER_MAX
from .link import Dialer, Link
from .pairing import claim_token, make_link, open_welcome, parse_link, read_link, seal_welcome, welcome_key
from .pins import Pin
from .store import Store
from .wire.messages import (
    ContentType,
    EpochSecret,
    Invite,
    MailboxAck,
    MailboxCancel,
    MailboxClaim,
    MailboxItem,
    MailboxPut,
    MailboxState,
    MemberAnnouncement,
    MemberName,
    MemberRecord,
    PassphraseParameters,
    RelayPin,
    Stub,
    Welcome,
)


def create_group(store: Store, name: str) -> bytes:
    """A new group with this device as its first member, in the caller's transaction; the group id. GR-01, GR-02,
    PA-22."""
    secret = secrets.token_bytes(32)
    group_id = group_id_of_secret(secret)
    keys = DeviceKeys.derive(store.device_seed, group_id)
    store.put("group_id", group_id)
    store.add_epoch(0, secret)
    _add_own_record(store, keys, secret, 0, name)
    return group_id


def _relay_pin(address: str, pin: Pin) -> RelayPin:
    return RelayPin(address, pin.node_id, pin.kem_hash, pin.signing_key)


def make_welcome(store: Store, keys: DeviceKeys) -> Welcome:
    """Everything a device needs to be a member. PA-12."""
    relays = [_relay_pin(row.address, row.pin) for row in store.relays() if row.pin.node_id]
    members = [MemberRecord.decode(record) for record, _ in store.members().values()]
    epochs = [EpochSecret(epoch, secret) for epoch, secret in store.epochs().items()]
    names = [MemberName(key, name) for key, (_, name) in store.members().items() if name]  # PA-25
    heads = [stub for sender in store.members() if (stub := _head_stub(store, keys, sender)) is not None]
    return Welcome(1, keys.group_id, relays[:RELAYS_MAX], members, epochs, heads, names)


def _head_stub(store: Store, keys: DeviceKeys, sender: bytes) -> Stub | None:
    """The highest stub that others can verify, and of this device's envelopes one that a relay has. PA-12."""
    through = store.own.last_sent() if sender == keys.device_key else SAFE_INTEGER_MAX
    for stub in store.chains.stubs(sender, through):
        try:
            return check_stub(stub, keys.group_id).stub
        except ProtocolError:
            continue  # the chain vouched for its envelope. EN-30
    return None


async def invite(store: Store, clock: Clock, link: Link, keys: DeviceKeys, passphrase: str | None) -> str:
    """Leaves a sealed Welcome in a mailbox and gives the link to it. PA-07, PA-10, PA-13."""
    parameters = PassphraseParameters(secrets.token_bytes(16), 64 * 1024, 3, 1) if passphrase is not None else None
    mailbox_id, invite_key = secrets.token_bytes(16), secrets.token_bytes(32)
    key = await asyncio.to_thread(welcome_key, invite_key, mailbox_id, parameters, passphrase)
    payload = seal_welcome(make_welcome(store, keys).encode(), key, mailbox_id)
    if len(payload) > MAILBOX_PAYLOAD_BYTES_MAX:
        raise ProtocolError(ErrorCode.INVITE_MALFORMED, "the Welcome is too large for a mailbox")
    expires_at_ms = clock.now_ms() + INVITE_LIFETIME_MS_MAX
    item = await link.connection.request(MailboxPut(mailbox_id, payload, INVITE_LIFETIME_MS_MAX), MailboxItem)
    if item.state != MailboxState.OPEN:
        raise ProtocolError(ErrorCode.INVALID_MESSAGE, "a mailbox that was put is not open")
    return make_link(Invite(1, _relay_pin(link.address, link.pin), mailbox_id, invite_key, expires_at_ms, parameters))


JOIN_STEPS = 3
"""The relay is reached, the mailbox is claimed, the group is stored here and the mailbox deleted."""


class Joiner:
    """Joins groups with invites."""

    def __init__(self, device: DeviceStore, clock: Clock, dialer: Dialer, name: str) -> None:
        self._device, self._clock, self._dialer, self._name = device, clock, dialer, name

    async def join(
        self,
        text: str,
        passphrase: str | None,
        place: Callable[[], Store],
        on_step: Callable[[], None] = lambda: None,
    ) -> tuple[Store, Link]:
        """Claims, stores, acknowledges: the link is still a stranger's. `place` gives the store of the new group
        inside the transaction that fills it; `on_step` is called JOIN_STEPS times. PA-14 to PA-20."""
        parsed = parse_link(text, self._clock.now_ms())
        assert parsed.relay is not None
        if parsed.passphrase is not None and not passphrase:
            raise ProtocolError(ErrorCode.INVITE_MALFORMED, "the invite needs a passphrase")
        pin = Pin(parsed.relay.node_id, parsed.relay.kem_hash, parsed.relay.signing_key, True)  # CL-32
        link = await self._dialer.dial(parsed.relay.address, pin)
        on_step()
        try:
            token = claim_token(self._device.seed, parsed.mailbox_id)
            item = await self._dialer.first_answer(link, MailboxClaim(parsed.mailbox_id, token), MailboxItem)
            on_step()
            key = await asyncio.to_thread(
                welcome_key, parsed.invite_key, parsed.mailbox_id, parsed.passphrase, passphrase
            )
            welcome, _ = open_welcome(item.payload, key, parsed.mailbox_id)
            self._check_new(welcome.group_id)
            with self._device.transaction():
                store = place()
                _store_welcome(store, welcome, link, self._name)  # PA-20: before MailboxAck
            await link.connection.request(MailboxAck(parsed.mailbox_id, token), MailboxItem)
            on_step()
        except asyncio.CancelledError:
            await link.connection.abort()
            raise
        except BaseException:
            await link.connection.bye()
            raise
        return store, link

    def _check_new(self, group_id: bytes) -> None:
        if any(Store(self._device, slot).get("group_id") == group_id for slot in self._device.slots()):
            raise SyncError("this device is a member of that group already")


async def cancel(link: Link, text: str) -> None:
    """Takes an invite back that a member of this group made. PA-24."""
    parsed = read_link(text)
    if parsed.relay is None or parsed.relay.node_id != link.pin.node_id:
        raise ProtocolError(ErrorCode.INVITE_UNAVAILABLE)
    await link.connection.request(MailboxCancel(parsed.mailbox_id), MailboxItem)


def _store_welcome(store: Store, welcome: Welcome, link: Link, name: str) -> None:
    """In the caller's transaction."""
    keys = DeviceKeys.derive(store.device_seed, welcome.group_id)
    newest = welcome.epoch_secrets[-1]
    before = store.relays()
    store.put("group_id", welcome.group_id)
    for epoch in welcome.epoch_secrets:
        store.add_epoch(epoch.epoch, epoch.secret)
    for member in welcome.members:
        store.add_member(member_record_body(member).device_key, member.encode())
    for named in welcome.names:
        store.name_member(named.device_key, named.name)  # PA-25: one without a record has no row
    for head in welcome.heads:
        store.chains.add_stub(check_stub(head, welcome.group_id), of_welcome=True)
    _add_own_record(store, keys, newest.secret, newest.epoch, name)  # PA-21
    store.clear_relays()
    for relay in welcome.relays:
        store.add_relay(relay.address, Pin(relay.node_id, relay.kem_hash, relay.signing_key, True))
    store.add_relay(link.address, link.pin)
    store.set_pin(link.address, link.pin)
    for row in before:
        store.add_relay(row.address, row.pin)


def _add_own_record(store: Store, keys: DeviceKeys, secret: bytes, epoch: int, name: str) -> None:
    """PA-22: the first that the others read of this device is its announcement."""
    record = keys.member_record(secret, epoch)
    store.add_member(keys.device_key, record.encode())
    store.name_member(keys.device_key, name)
    store.queue.add(secrets.token_bytes(16), ContentType.INVITE, MemberAnnouncement(name, record).encode())
