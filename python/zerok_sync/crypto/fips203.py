"""ML-KEM-768 encapsulation with given randomness m, written from FIPS 203.

Libraries do not let a caller choose m, which reproducible transcripts need. Not constant time: for vectors only.
"""

from __future__ import annotations

import hashlib

from .asymmetric import mlkem768_check

Q, N, K, ETA, DU, DV = 3329, 256, 3, 2, 10, 4
Polynomial = list[int]


def _bit_reversed(i: int) -> int:
    return int(f"{i:07b}"[::-1], 2)


ZETAS = [pow(17, _bit_reversed(i), Q) for i in range(128)]
GAMMAS = [pow(17, 2 * _bit_reversed(i) + 1, Q) for i in range(128)]


def _ntt(f: Polynomial) -> Polynomial:
    """Algorithm 9."""
    f, i, length = list(f), 1, 128
    while length >= 2:
        for start in range(0, N, 2 * length):
            zeta, i = ZETAS[i], i + 1
            for j in range(start, start + length):
                t = zeta * f[j + length] % Q
                f[j + length], f[j] = (f[j] - t) % Q, (f[j] + t) % Q
        length //= 2
    return f


def _inverse_ntt(f: Polynomial) -> Polynomial:
    """Algorithm 10."""
    f, i, length = list(f), 127, 2
    while length <= 128:
        for start in range(0, N, 2 * length):
            zeta, i = ZETAS[i], i - 1
            for j in range(start, start + length):
                t = f[j]
                f[j] = (t + f[j + length]) % Q
                f[j + length] = zeta * (f[j + length] - t) % Q
        length *= 2
    return [x * 3303 % Q for x in f]


def _multiply_add(total: Polynomial, f: Polynomial, g: Polynomial) -> None:
    """Algorithm 11, added to `total`."""
    for i in range(128):
        a0, a1, b0, b1 = f[2 * i], f[2 * i + 1], g[2 * i], g[2 * i + 1]
        total[2 * i] = (total[2 * i] + a0 * b0 + a1 * b1 * GAMMAS[i]) % Q
        total[2 * i + 1] = (total[2 * i + 1] + a0 * b1 + a1 * b0) % Q


def _add(*terms: Polynomial) -> Polynomial:
    return [sum(column) % Q for column in zip(*terms, strict=True)]


def _sample_ntt(seed: bytes) -> Polynomial:
    """Algorithm 7. 168 * 5 bytes hold 256 values almost always; otherwise the stream is read further."""
    blocks = 5
    while True:
        stream, out = hashlib.shake_128(seed).digest(168 * blocks), []
        for i in range(0, len(stream), 3):
            d1 = stream[i] + 256 * (stream[i + 1] % 16)
            d2 = stream[i + 1] // 16 + 16 * stream[i + 2]
            out += [d for d in (d1, d2) if d < Q]
        if len(out) >= N:
            return out[:N]
        blocks += 1


def _sample_cbd(seed: bytes, counter: int) -> Polynomial:
    """Algorithm 8 for eta = 2, on PRF(seed, counter)."""
    bits = int.from_bytes(hashlib.shake_256(seed + bytes([counter])).digest(64 * ETA), "little")
    out = []
    for i in range(N):
        b = bits >> (4 * i) & 15
        out.append(((b & 1) + (b >> 1 & 1) - (b >> 2 & 1) - (b >> 3 & 1)) % Q)
    return out


def _encode(f: Polynomial, d: int) -> bytes:
    """Algorithm 5."""
    return sum(x << d * i for i, x in enumerate(f)).to_bytes(32 * d, "little")


def _decode(data: bytes, d: int) -> Polynomial:
    """Algorithm 6."""
    bits, mask = int.from_bytes(data, "little"), (1 << d) - 1
    return [bits >> d * i & mask for i in range(N)]


def _compress(f: Polynomial, d: int) -> Polynomial:
    return [((x << d) + Q // 2) // Q % (1 << d) for x in f]


def encapsulate(ek: bytes, m: bytes) -> tuple[bytes, bytes]:
    """Algorithms 14 and 17: (ciphertext 1088 bytes, shared secret 32 bytes) of ek, 1184, and m, 32 bytes."""
    mlkem768_check(ek)
    if len(m) != 32:
        raise ValueError("m has 32 bytes")
    g = hashlib.sha3_512(m + hashlib.sha3_256(ek).digest()).digest()
    shared, randomness = g[:32], g[32:]
    t_hat = [_decode(ek[384 * i : 384 * (i + 1)], 12) for i in range(K)]
    rho = ek[384 * K :]
    y_hat = [_ntt(_sample_cbd(randomness, i)) for i in range(K)]
    e1 = [_sample_cbd(randomness, K + i) for i in range(K)]
    e2 = _sample_cbd(randomness, 2 * K)
    ciphertext = bytearray()
    for i in range(K):
        total = [0] * N
        for j in range(K):
            _multiply_add(total, _sample_ntt(rho + bytes([i, j])), y_hat[j])
        ciphertext += _encode(_compress(_add(_inverse_ntt(total), e1[i]), DU), DU)
    total = [0] * N
    for j in range(K):
        _multiply_add(total, t_hat[j], y_hat[j])
    mu = [x * ((Q + 1) // 2) for x in _decode(m, 1)]
    ciphertext += _encode(_compress(_add(_inverse_ntt(total), e2, mu), DV), DV)
    return bytes(ciphertext), shared
