"""Groups, devices and member records: spec/group.md."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from . import labels
from .crypto.asymmetric import (
    ed25519_public,
    ed25519_sign,
    ed25519_verify,
    mlkem768_public,
    x25519_public,
    xwing_public,
)
from .crypto.symmetric import blake3, derive
from .errors import ErrorCode, ProtocolError
from .wire.messages import Envelope, MemberRecord, MemberRecordBody


def group_id_of(auth_public_0: bytes) -> bytes:
    """GR-02."""
    return blake3(labels.GROUP_ID, auth_public_0)


def auth_seed(secret: bytes, epoch: int, group_id: bytes) -> bytes:
    """Ed25519 seed of auth_e; epoch 0 leaves the group id out. GR-05."""
    return derive(secret, labels.AUTH + (group_id if epoch else b"") + epoch.to_bytes(4, "big"))


def message_key(secret: bytes, epoch: int, group_id: bytes) -> bytes:
    """message_e, the XChaCha20-Poly1305 key, 32 bytes. GR-05."""
    return derive(secret, labels.MESSAGE + group_id + epoch.to_bytes(4, "big"))


def group_id_of_secret(secret_0: bytes) -> bytes:
    return group_id_of(ed25519_public(auth_seed(secret_0, 0, b"")))


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """One device in one group. GR-10."""

    group_id: bytes
    signing_seed: bytes = field(repr=False)
    device_key: bytes
    xwing_key: bytes

    @classmethod
    def derive(cls, device_seed: bytes, group_id: bytes) -> DeviceKeys:
        seed = derive(device_seed, labels.DEVICE_KEY + group_id)
        xwing = xwing_public(derive(device_seed, labels.DEVICE_XWING + group_id))
        return cls(group_id, seed, ed25519_public(seed), xwing)

    def member_record(self, epoch_secret: bytes, epoch: int) -> MemberRecord:
        """GR-08, GR-09."""
        body = MemberRecordBody(self.group_id, self.device_key, self.xwing_key, epoch).encode()
        signed = labels.MEMBER_RECORD + body
        auth = auth_seed(epoch_secret, epoch, self.group_id)
        return MemberRecord(body, ed25519_sign(self.signing_seed, signed), ed25519_sign(auth, signed))

    def sign_again(self, envelope: Envelope, name: bytes) -> Envelope:
        """An own envelope, H being `name`, with a signature that verifies. EN-35."""
        return replace(envelope, signature=ed25519_sign(self.signing_seed, name))

    def hello_signature(self, handshake_hash: bytes) -> bytes:
        """SE-10."""
        return ed25519_sign(self.signing_seed, labels.HELLO + handshake_hash + self.group_id)


def verify_hello(device_key: bytes, group_id: bytes, handshake_hash: bytes, signature: bytes) -> None:
    if not ed25519_verify(device_key, labels.HELLO + handshake_hash + group_id, signature):
        raise ProtocolError(ErrorCode.UNAUTHORIZED, "the Hello signature does not verify")


def member_record_body(record: MemberRecord) -> MemberRecordBody:
    """The canonical body; nothing is verified yet. GR-08."""
    try:
        return MemberRecordBody.decode_canonical(record.body)
    except ProtocolError:
        raise ProtocolError(ErrorCode.UNAUTHORIZED, "a member record's body is not canonical") from None


def verify_member_record(record: MemberRecord, group_id: bytes, auth_key: bytes) -> MemberRecordBody:
    """GR-08, GR-09, GR-14; `auth_key` is that of the body's epoch."""
    body = member_record_body(record)
    signed = labels.MEMBER_RECORD + record.body
    if body.group_id != group_id:
        raise ProtocolError(ErrorCode.UNAUTHORIZED, "a member record names another group")
    if not ed25519_verify(body.device_key, signed, record.device_signature) or not ed25519_verify(
        auth_key, signed, record.auth_signature
    ):
        raise ProtocolError(ErrorCode.UNAUTHORIZED, "a member record does not verify")
    return body


@dataclass(frozen=True, slots=True)
class RelayKeys:
    """Public keys that a relay derives from its seed. HS-20, HS-21."""

    node_id: bytes
    mlkem_key: bytes
    kem_hash: bytes
    signing_key: bytes

    @classmethod
    def derive(cls, seed: bytes) -> RelayKeys:
        mlkem = mlkem768_public(derive(seed, labels.RELAY_MLKEM768, 64))
        signing = ed25519_public(derive(seed, labels.RELAY_SIGNING))
        return cls(x25519_public(derive(seed, labels.RELAY_X25519)), mlkem, blake3(mlkem), signing)
