"""The keys of relays that a client knows. HS-12, HS-13, CL-30 to CL-33."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .errors import ErrorCode, ProtocolError
from .noise import Handshake, Suite


@dataclass(frozen=True, slots=True)
class Pin:
    """32 bytes each, empty while unknown. `fixed`: never replaced by what a relay shows. CL-32."""

    node_id: bytes = b""
    kem_hash: bytes = b""
    signing_key: bytes = b""
    fixed: bool = False

    def check_suite(self, suite: Suite) -> None:
        """HS-13: no version 1 where a KEM key is pinned."""
        if self.kem_hash and not suite.hybrid:
            raise ProtocolError(ErrorCode.DOWNGRADE_REFUSED)

    def matches(self, shown: Pin) -> bool:
        """True if no key that both pins know differs. CL-30."""
        pairs = (
            (self.node_id, shown.node_id),
            (self.kem_hash, shown.kem_hash),
            (self.signing_key, shown.signing_key),
        )
        return all(not known or not other or known == other for known, other in pairs)

    def difference(self, shown: Pin) -> tuple[bytes, bytes]:
        """(known, shown) of the first key that differs. CL-31 names both."""
        pairs = ((self.node_id, shown.node_id), (self.kem_hash, shown.kem_hash), (self.signing_key, shown.signing_key))
        return next((known, other) for known, other in pairs if known and other and known != other)

    def check_handshake(self, handshake: Handshake) -> None:
        """HS-12. Raises RELAY_IDENTITY_CHANGED."""
        if not self.matches(shown_by(handshake)):
            raise ProtocolError(ErrorCode.RELAY_IDENTITY_CHANGED)

    def completed(self, shown: Pin) -> Pin:
        """CL-33: what was not known yet is taken over."""
        return replace(
            self,
            node_id=self.node_id or shown.node_id,
            kem_hash=self.kem_hash or shown.kem_hash,
            signing_key=self.signing_key or shown.signing_key,
        )


def shown_by(handshake: Handshake) -> Pin:
    return Pin(handshake.remote_x25519, handshake.kem_hash)
