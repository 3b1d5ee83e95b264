import type { ErrorName } from '@0k-sync/generated/errors';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { equal } from '../bytes/index.ts';
import type { CryptoProvider } from '../crypto/index.ts';
import type { EpochKeys } from '../group/index.ts';
import { type Failure, fail, type Result, succeed } from '../wire/index.ts';
import { type HashedEnvelope, hashEnvelope } from './authenticate.ts';
import { type Chain, type ChainHistory, judgeLink, type Witness } from './chain.ts';
import { type Content, decodeContent } from './content.ts';
import { unpad } from './padding.ts';
import { areNameable, type Sequences, skippedOf, withoutSkipped } from './skipped.ts';

/** A receiver's knowledge of one sender. */
export interface SenderView {
  readonly chain: Chain;
  readonly history: ChainHistory;
  readonly witness?: Witness | undefined;
}

/** A receiver's knowledge. Every function is a look-up without effect. */
export interface Receiver {
  readonly crypto: CryptoProvider;
  /** 32 bytes. */
  readonly groupId: Uint8Array;
  /** The sender; undefined when no verified record names that device. EN-07. */
  senderOf(senderKey: Uint8Array): SenderView | undefined;
  /** The keys of the header's epoch, and no others; undefined while the receiver has no secret of it. EN-09, GR-06. */
  keysOf(epoch: number): EpochKeys | undefined;
}

/** The judgement of a received envelope. */
export type Judgement =
  /** The envelope passed every check. `missing`: sequences given up before it. EN-21. */
  | {
      readonly type: 'accepted';
      readonly authentic: HashedEnvelope;
      readonly content: Content;
      /** The content's encoding as it was sealed, a view of the opened bytes. */
      readonly plaintext: Uint8Array;
      readonly missing: readonly Sequences[];
    }
  /** The envelope was accepted before. EN-22. */
  | { readonly type: 'duplicate'; readonly authentic: HashedEnvelope }
  /** Sequences are missing before it: hold the envelope, then give it to `judgeOverdue`. EN-24. */
  | { readonly type: 'gap'; readonly authentic: HashedEnvelope; readonly missing: readonly Sequences[] }
  /** The sender signed another envelope for the same place; `known` is its H. EN-23. */
  | { readonly type: 'fork'; readonly authentic: HashedEnvelope; readonly known: Uint8Array }
  /** The receiver has no secret of the envelope's epoch yet. EN-09. */
  | { readonly type: 'pending'; readonly authentic: HashedEnvelope; readonly epoch: number }
  /** No verified record names the sender: hold the envelope until one does. CL-09. */
  | { readonly type: 'unknown-sender'; readonly authentic: HashedEnvelope }
  /** The envelope is dropped for good. EN-26. */
  | { readonly type: 'rejected'; readonly error: ErrorName; readonly detail: string };

/** Judges one received envelope by itself, in the order of EN-20. Plaintext comes out only at the end. EN-27. */
export function receiveEnvelope(receiver: Receiver, envelope: Envelope): Judgement {
  const hashed = hashEnvelope(receiver.crypto, envelope, receiver.groupId);
  if (!hashed.ok) return reject(hashed);
  const { senderKey, sequence, hash } = hashed.value;
  const known = receiver.senderOf(senderKey)?.history.hashAt(sequence);
  if (known !== undefined && equal(known, hash)) return { type: 'duplicate', authentic: hashed.value };
  const verified = verifySignature(receiver.crypto, hashed.value);
  return verified.ok ? judgeAuthentic(receiver, verified.value) : reject(verified);
}

/** Judges an authentic envelope in the order of EN-20, from its sender's record on. EN-27. */
export function judgeAuthentic(receiver: Receiver, authentic: HashedEnvelope): Judgement {
  return judge(receiver, authentic, (_, missing) => ({ type: 'gap', authentic, missing }));
}

/** Judges a held envelope whose gap is over: the sequences missing before it are given up. EN-24. */
export function judgeOverdue(receiver: Receiver, authentic: HashedEnvelope): Judgement {
  return judge(receiver, authentic, (opened, missing) =>
    opened === undefined
      ? { type: 'pending', authentic, epoch: authentic.epoch }
      : { type: 'accepted', authentic, ...opened, missing },
  );
}

/** An opened envelope: its content, and the plaintext that it was read from. */
interface Opened {
  readonly content: Content;
  readonly plaintext: Uint8Array;
}

/** Judges an envelope before which sequences are missing; `opened` is undefined while its epoch is unknown. */
type GapRule = (opened: Opened | undefined, missing: readonly Sequences[]) => Judgement;

function judge(receiver: Receiver, authentic: HashedEnvelope, onGap: GapRule): Judgement {
  const sender = receiver.senderOf(authentic.senderKey);
  if (sender === undefined) return { type: 'unknown-sender', authentic };
  const verdict = judgeLink(sender.chain, sender.history, authentic, sender.witness);
  switch (verdict.type) {
    case 'next':
      return open(receiver, authentic, [], onGap);
    case 'duplicate':
      return { type: 'duplicate', authentic };
    case 'gap':
      return open(receiver, authentic, [{ from: verdict.from, to: verdict.to }], onGap);
    case 'fork':
      return { type: 'fork', authentic, known: verdict.known };
    case 'broken':
      return reject(fail('CHAIN_BROKEN', "The envelope does not name its sender's one before."));
  }
}

/** Opens an envelope. What it names as skipped is not missing before it. EN-24, EN-29. */
function open(receiver: Receiver, authentic: HashedEnvelope, gap: readonly Sequences[], onGap: GapRule): Judgement {
  const keys = receiver.keysOf(authentic.epoch);
  if (keys === undefined) {
    return gap.length > 0 ? onGap(undefined, gap) : { type: 'pending', authentic, epoch: authentic.epoch };
  }
  const opened = openPlaintext(keys, authentic);
  if (!opened.ok) return reject(opened);
  const missing = gap.flatMap((range) => withoutSkipped(range, skippedOf(opened.value.content)));
  if (missing.length > 0) return onGap(opened.value, missing);
  return { type: 'accepted', authentic, ...opened.value, missing };
}

/**
 * Checks form, H and signature, as anybody can who knows the group. EN-20, EN-12.
 * Errors: those of `parseEnvelope`, and ENVELOPE_UNAUTHENTIC.
 */
export function verifyEnvelope(
  crypto: CryptoProvider,
  envelope: Envelope,
  groupId: Uint8Array,
): Result<HashedEnvelope> {
  const hashed = hashEnvelope(crypto, envelope, groupId);
  return hashed.ok ? verifySignature(crypto, hashed.value) : hashed;
}

function verifySignature(crypto: CryptoProvider, hashed: HashedEnvelope): Result<HashedEnvelope> {
  return crypto.ed25519Verify(hashed.envelope.signature, hashed.hash, hashed.senderKey)
    ? succeed(hashed)
    : fail('ENVELOPE_UNAUTHENTIC', 'The signature does not verify.');
}

/** Opens the ciphertext. Errors: ENVELOPE_UNAUTHENTIC, ENVELOPE_MALFORMED. EN-11, EN-14, EN-15, EN-29. */
export function openEnvelope(keys: EpochKeys, authentic: HashedEnvelope): Result<Content> {
  const opened = openPlaintext(keys, authentic);
  return opened.ok ? succeed(opened.value.content) : opened;
}

function openPlaintext(keys: EpochKeys, authentic: HashedEnvelope): Result<Opened> {
  const { nonce, header, ciphertext } = authentic.envelope;
  const padded = keys.open(nonce, header, ciphertext);
  if (padded === undefined) return fail('ENVELOPE_UNAUTHENTIC', 'The ciphertext does not authenticate.');
  const plaintext = unpad(padded);
  const content = plaintext === undefined ? undefined : decodeContent(authentic.contentType, plaintext);
  return plaintext === undefined || content === undefined || !areNameable(skippedOf(content), authentic.sequence)
    ? fail('ENVELOPE_MALFORMED', 'The plaintext has the wrong form.')
    : succeed({ content, plaintext });
}

function reject({ error, detail }: Failure): Judgement {
  return { type: 'rejected', error, detail };
}
