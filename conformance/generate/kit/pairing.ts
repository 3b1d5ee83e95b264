// Invites and Welcomes of spec/pairing.md over the noble packages and protobufjs.
import { LABEL_CLAIM_TOKEN, LABEL_INVITE_CHECKSUM, LABEL_WELCOME } from '@0k-sync/generated/labels';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { argon2id } from '@noble/hashes/argon2.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { zBase32 } from './text.ts';

const PREFIX = '0ksync:';

/** PA-04. */
export function checksumOf(invite: Uint8Array): Uint8Array {
  return blake3(concatBytes(utf8ToBytes(LABEL_INVITE_CHECKSUM), invite)).slice(0, 4);
}

/** The link of the bytes of an Invite, with another checksum where it has to be refused. */
export function linkOf(invite: Uint8Array, checksum = checksumOf(invite)): string {
  return PREFIX + zBase32(concatBytes(invite, checksum));
}

/** PA-20. */
export function claimTokenOf(seed: Uint8Array, mailboxId: Uint8Array): Uint8Array {
  return hkdf(sha256, seed, new Uint8Array(0), concatBytes(utf8ToBytes(LABEL_CLAIM_TOKEN), mailboxId), 16);
}

export interface Passphrase {
  readonly text: string;
  readonly salt: Uint8Array;
  readonly memory_kib: number;
  readonly iterations: number;
  readonly parallelism: number;
}

/** Argon2id of one passphrase takes a second here: each is computed once. */
const stretched = new Map<string, Uint8Array>();

export function stretch({ text, salt, memory_kib: m, iterations: t, parallelism: p }: Passphrase): Uint8Array {
  const name = JSON.stringify([text, [...salt], m, t, p]);
  const known = stretched.get(name) ?? argon2id(utf8ToBytes(text.normalize('NFKC')), salt, { m, t, p, dkLen: 32 });
  stretched.set(name, known);
  return known;
}

/** PA-11. */
export function welcomeKey(inviteKey: Uint8Array, mailboxId: Uint8Array, passphrase?: Passphrase): Uint8Array {
  const secret = passphrase === undefined ? inviteKey : concatBytes(inviteKey, stretch(passphrase));
  return hkdf(sha256, secret, new Uint8Array(0), concatBytes(utf8ToBytes(LABEL_WELCOME), mailboxId), 32);
}

/** PA-10: nonce || sealed padded plaintext. */
export function sealWelcome(key: Uint8Array, nonce: Uint8Array, mailboxId: Uint8Array, padded: Uint8Array): Uint8Array {
  return concatBytes(nonce, xchacha20poly1305(key, nonce, mailboxId).encrypt(padded));
}
