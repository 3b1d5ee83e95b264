"""Being let in: Hello with the pins and enrolments of the store. SE-10 to SE-12, CL-33."""

from __future__ import annotations

from .crypto.asymmetric import ed25519_public
from .errors import ErrorCode, ProtocolError
from .group import DeviceKeys, auth_seed
from .link import Dialer, Link
from .store import Store
from .wire.messages import Enrolment, MemberRecord


class Entrance:
    def __init__(self, store: Store, dialer: Dialer, access_token: str) -> None:
        self._store, self._dialer, self._token = store, dialer, access_token

    async def open(self, address: str, keys: DeviceKeys) -> Link:
        """A link in state `ready`. Raises RelayUnreachable or ProtocolError."""
        row = self._store.relay(address)
        link = await self._dialer.dial(address, row.pin)
        enrolled = row.enrolled and link.pin.node_id == row.pin.node_id
        self._keep_pin(link)
        try:
            await self.greet(link, keys, enrol=not enrolled)
        except ProtocolError as failure:
            if not enrolled or failure.code is not ErrorCode.UNAUTHORIZED or not failure.authenticated:
                raise
            # A relay that lost its data is told again who this is. SE-12, CL-38
            link = await self._dialer.dial(address, self._store.relay(address).pin)
            await self.greet(link, keys, enrol=True)
        return link

    async def greet(self, link: Link, keys: DeviceKeys, *, enrol: bool) -> None:
        record = MemberRecord.decode(self._store.members()[keys.device_key][0])
        auth_public_0 = ed25519_public(auth_seed(self._store.epochs()[0], 0, b""))  # hashes to the group id
        enrolment = Enrolment(record, auth_public_0) if enrol else None
        await self._dialer.greet(link, keys, enrolment, self._token)
        with self._store.transaction():
            self._store.set_enrolled(link.address, True)
        self._keep_pin(link)

    def _keep_pin(self, link: Link) -> None:
        with self._store.transaction():
            self._store.set_pin(link.address, link.pin)
