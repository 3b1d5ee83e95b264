import type { Verdict } from '../../model.ts';
import type { Fault } from '../fault.ts';

function fault(name: string, what: string, killedBy: readonly string[], verdict: Verdict = 'fail'): Fault {
  return { name, level: 'vectors', what, killedBy, verdict };
}

const EVERYTHING = ['**'];

/** Mistakes of adapters. */
const ofAdapters: readonly Fault[] = [
  fault('rejects-everything', 'refuses what is valid too', EVERYTHING),
  fault('crashes-instead-of-rejecting', 'ends by SIGABRT where it should refuse', EVERYTHING, 'crash'),
  fault('errors-instead-of-rejecting', 'answers error where it should refuse', EVERYTHING),
  fault('breaks-after-refusing', 'is gone after it has refused', EVERYTHING, 'crash'),
  fault('accepts-what-it-should-refuse', 'takes every bad stretch of frames as an empty one', ['frames/decode/*']),
  fault('wrong-class', 'refuses invites with another class', ['pairing/invite-make/*', 'pairing/invite-parse/*']),
  fault('hangs-on-one-case', 'never answers one request', ['records/preface/hybrid'], 'hang'),
  fault('answers-late', 'answers one op after its deadline', ['primitives/blake3/*'], 'hang'),
  fault('exits-early', 'exits with 0 after a few answers', EVERYTHING, 'early-exit'),
  fault('exits-at-once', 'exits with 0 and says nothing', ['zkcp/hello'], 'early-exit'),
  fault('runs-nothing', 'answers {} to everything', EVERYTHING),
  fault('wrong-answer', 'has one digit of a hash wrong', ['primitives/blake3/*']),
  fault('cached-answer', 'answers one op as it did the first time', ['text/padme/*']),
  fault('duplicate-answer', 'answers everything twice', EVERYTHING, 'protocol'),
  fault('noise-on-stdout', 'prints between its answers what is none', EVERYTHING, 'protocol'),
  fault('disclaims-its-profile', 'claims a profile and disclaims what that needs', ['zkcp/profiles']),
  fault('disclaims-and-works', 'claims a profile and disclaims what it has', ['zkcp/profiles']),
  fault('claims-what-it-lacks', 'claims an op and does not have it', ['envelopes/cursor/*']),
  fault('answers-unknown-ops', 'answers {} to an op that nobody has', ['zkcp/unknown-op']),
];

/** Mistakes of cryptography. */
const ofCryptography: readonly Fault[] = [
  fault('compares-8-tag-bytes', 'compares half of an authentication tag', [
    'primitives/xchacha20poly1305-open/tag-*',
    'records/open/tag-*',
    'pairing/welcome-open/tag-flipped',
    'handshake/{initiator,responder}/*-payload-tag-flipped',
  ]),
  fault('releases-plaintext-early', 'shows the plaintext of what it refuses', [
    'primitives/xchacha20poly1305-open/*',
    'envelopes/open/*',
  ]),
  fault('associated-data-unbound', 'binds no associated data, sealing and opening', [
    'primitives/xchacha20poly1305-{seal,open}/*',
    'envelopes/{seal,open}/*',
    'pairing/welcome-{seal,open}/*',
    'handshake/{transcript,initiator,responder}/*',
  ]),
  fault('ignores-the-kem-secret', 'mixes zeros instead of KEM secrets, at both ends', [
    'handshake/transcript/*hybrid*',
    'handshake/{initiator,responder}/hybrid-*',
  ]),
  fault('hashes-in-one-step', 'takes nonce and ciphertext into H themselves', [
    'envelopes/hash/usual',
    'envelopes/hash/empty-header',
    'envelopes/hash/boundary-moved',
  ]),
  fault('skips-the-modulus-check', 'encapsulates to a key with coefficients of q and above', [
    'kem/mlkem768-encaps/*coefficient-*',
  ]),
  fault('shows-implicit-rejection', 'refuses a KEM ciphertext that does not fit', [
    'kem/mlkem768-decaps/implicit-rejection-*',
  ]),
  fault('trusts-any-peer-static', 'compares no key with its pin', ['handshake/initiator/*']),
  fault('accepts-low-order-points', 'takes an all-zero shared secret', [
    'primitives/x25519/low-order-*',
    'handshake/{initiator,responder}/*-all-secrets-zero',
  ]),
  fault('takes-messages-out-of-order', 'takes a message after the last one of the handshake', [
    'handshake/{initiator,responder}/*-one-too-many',
  ]),
];

export const evalFaults: readonly Fault[] = [...ofAdapters, ...ofCryptography];
