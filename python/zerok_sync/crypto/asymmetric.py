"""X25519, Ed25519, ML-KEM-768 and the X-Wing key; secret keys are their seeds."""

from __future__ import annotations

import hashlib

import nacl.bindings
import nacl.exceptions
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

MLKEM_EK_BYTES = 1184
MLKEM_CT_BYTES = 1088


class InvalidKey(Exception):
    """A public key or ciphertext that the primitive refuses."""


def x25519_public(secret: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def x25519(secret: bytes, public: bytes) -> bytes:
    """The shared secret, 32 bytes; an all-zero one is refused. HS-05."""
    try:
        return X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError as failure:
        raise InvalidKey("X25519") from failure


def ed25519_public(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def ed25519_sign(seed: bytes, message: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def ed25519_verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """SC-20. libsodium checks the equation without cofactor, compares R's bytes, and refuses S >= L, non-canonical A
    and small orders; OpenSSL accepts small orders. tests/test_primitives.py holds it to all the strict vectors."""
    if len(public) != 32 or len(signature) != 64:
        return False
    try:
        nacl.bindings.crypto_sign_open(signature + message, public)
    except nacl.exceptions.BadSignatureError:
        return False
    return True


def mlkem768_public(dz: bytes) -> bytes:
    """The encapsulation key, 1184 bytes, of the seed d || z, 64 bytes."""
    return MLKEM768PrivateKey.from_seed_bytes(dz).public_key().public_bytes_raw()


def mlkem768_check(ek: bytes) -> None:
    """Length and modulus check of FIPS 203, 7.2. HS-06."""
    if len(ek) != MLKEM_EK_BYTES:
        raise InvalidKey("ML-KEM encapsulation key length")
    for i in range(0, 1152, 3):
        a, b, c = ek[i : i + 3]
        if a | (b & 15) << 8 >= 3329 or b >> 4 | c << 4 >= 3329:
            raise InvalidKey("ML-KEM encapsulation key is not reduced")


def mlkem768_encapsulate(ek: bytes) -> tuple[bytes, bytes]:
    """(ciphertext 1088 bytes, shared secret 32 bytes) with fresh randomness."""
    mlkem768_check(ek)
    shared, ciphertext = MLKEM768PublicKey.from_public_bytes(ek).encapsulate()
    return ciphertext, shared


def mlkem768_decapsulate(dz: bytes, ciphertext: bytes) -> bytes:
    """The shared secret; a wrong ciphertext gives another one, not an error. HS-07."""
    if len(ciphertext) != MLKEM_CT_BYTES:
        raise InvalidKey("ML-KEM ciphertext length")
    return MLKEM768PrivateKey.from_seed_bytes(dz).decapsulate(ciphertext)


def xwing_public(seed: bytes) -> bytes:
    """X-Wing public key, 1216 bytes, of a 32-byte seed; draft-connolly-cfrg-xwing-kem-06, 5.2."""
    expanded = hashlib.shake_256(seed).digest(96)
    return mlkem768_public(expanded[:64]) + x25519_public(expanded[64:])
