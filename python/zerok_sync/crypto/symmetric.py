"""Hashes, key derivation and AEADs."""

from __future__ import annotations

import hashlib
import hmac
import struct

import argon2.low_level
import blake3 as _blake3
import nacl.bindings
import nacl.exceptions
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

TAG_BYTES = 16


class AuthenticationFailed(Exception):
    """A ciphertext does not open under this key, nonce and associated data."""


def blake3(*parts: bytes) -> bytes:
    """BLAKE3-256 of the concatenation: 32 bytes."""
    hasher = _blake3.blake3()
    for part in parts:
        hasher.update(part)
    return hasher.digest()


def blake2s(*parts: bytes) -> bytes:
    return hashlib.blake2s(b"".join(parts)).digest()


def hmac_blake2s(key: bytes, data: bytes) -> bytes:
    """RFC 2104 over BLAKE2s, block 64 bytes; never keyed BLAKE2."""
    return hmac.digest(key, data, "blake2s")


def hkdf_sha256(ikm: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869; `length` is at most 255 * 32 bytes."""
    if not 0 <= length <= 255 * 32:
        raise ValueError(f"HKDF-SHA256 cannot give {length} bytes")
    prk = hmac.digest(salt or bytes(32), ikm, "sha256")
    block, output, counter = b"", bytearray(), 1
    while len(output) < length:
        block = hmac.digest(prk, block + info + bytes([counter]), "sha256")
        output += block
        counter += 1
    return bytes(output[:length])


def derive(secret: bytes, info: bytes, length: int = 32) -> bytes:
    """`HKDF(secret, info, n)` of spec/overview.md: empty salt."""
    return hkdf_sha256(secret, b"", info, length)


def argon2id(password: bytes, salt: bytes, memory_kib: int, iterations: int, parallelism: int, length: int) -> bytes:
    """Argon2id v1.3, RFC 9106."""
    return argon2.low_level.hash_secret_raw(
        password, salt, iterations, memory_kib, parallelism, length, argon2.low_level.Type.ID, 0x13
    )


def xchacha20poly1305_seal(key: bytes, nonce: bytes, ad: bytes, plaintext: bytes) -> bytes:
    """Key 32 and nonce 24 bytes; the 16-byte tag comes last."""
    return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, ad, nonce, key)


def xchacha20poly1305_open(key: bytes, nonce: bytes, ad: bytes, ciphertext: bytes) -> bytes:
    if len(ciphertext) < TAG_BYTES:
        raise AuthenticationFailed
    try:
        return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(ciphertext, ad, nonce, key)
    except nacl.exceptions.CryptoError as failure:
        raise AuthenticationFailed from failure


def _noise_nonce(n: int) -> bytes:
    return struct.pack("<4xQ", n)


def chacha20poly1305_seal(key: bytes, n: int, ad: bytes, plaintext: bytes) -> bytes:
    """Noise's ChaChaPoly: the nonce is 4 zero bytes and n as u64 little-endian."""
    return ChaCha20Poly1305(key).encrypt(_noise_nonce(n), plaintext, ad)


def chacha20poly1305_open(key: bytes, n: int, ad: bytes, ciphertext: bytes) -> bytes:
    try:
        return ChaCha20Poly1305(key).decrypt(_noise_nonce(n), ciphertext, ad)
    except InvalidTag as failure:
        raise AuthenticationFailed from failure
