import type { ErrorName } from '@0k-sync/generated/errors';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import type { CryptoProvider } from '../crypto/index.ts';
import type { EpochKeys } from '../group/index.ts';
import { type Failure, fail, type Result, succeed } from '../wire/index.ts';
import { type Chain, type ChainHistory, type ChainVerdict, judgeLink, type Witness } from './chain.ts';
import { type Content, decodeContent } from './content.ts';
import { envelopeHash } from './hash.ts';
import { unpad } from './padding.ts';
import { type ParsedEnvelope, parseEnvelope } from './parse.ts';

/** An envelope whose signature verifies. */
export interface SignedEnvelope extends ParsedEnvelope {
  /** H, 32 bytes. */
  readonly hash: Uint8Array;
}

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
  /** The envelope passed every check. `missing`: sequences given up before it; undefined for none. EN-21. */
  | {
      readonly type: 'accepted';
      readonly signed: SignedEnvelope;
      readonly content: Content;
      readonly missing: MissingSequences | undefined;
    }
  /** The envelope was accepted before. EN-22. */
  | { readonly type: 'duplicate'; readonly signed: SignedEnvelope }
  /** Sequences are missing before it: hold the envelope, then give it to `receiveHeld`. EN-24. */
  | { readonly type: 'gap'; readonly signed: SignedEnvelope; readonly missing: MissingSequences }
  /** The sender signed another envelope for the same place; `known` is its H. EN-23. */
  | { readonly type: 'fork'; readonly signed: SignedEnvelope; readonly known: Uint8Array }
  /** The receiver has no secret of the envelope's epoch yet. EN-09. */
  | { readonly type: 'pending'; readonly signed: SignedEnvelope; readonly epoch: number }
  /** No verified record names the sender: judge again after one ListDevices, then reject. CL-09. */
  | { readonly type: 'unknown-sender'; readonly signed: SignedEnvelope }
  /** The envelope is dropped for good. EN-26. */
  | { readonly type: 'rejected'; readonly error: ErrorName; readonly detail: string };

/** A range of missing sequences, both ends included. */
export interface MissingSequences {
  readonly from: number;
  readonly to: number;
}

/** Judges one received envelope in the order of EN-20. Plaintext comes out only at the end. EN-27. */
export function receiveEnvelope(receiver: Receiver, envelope: Envelope): Judgement {
  return receive(receiver, envelope, (signed, missing) => ({ type: 'gap', signed, missing }));
}

/** Judges a held envelope whose gap is over: the sequences missing before it are given up. EN-24. */
export function receiveHeld(receiver: Receiver, envelope: Envelope): Judgement {
  return receive(receiver, envelope, (signed, missing) => openSigned(receiver, signed, missing));
}

type GapRule = (signed: SignedEnvelope, missing: MissingSequences) => Judgement;

function receive(receiver: Receiver, envelope: Envelope, onGap: GapRule): Judgement {
  const verified = verifyEnvelope(receiver.crypto, envelope, receiver.groupId);
  if (!verified.ok) return reject(verified);
  const signed = verified.value;
  const sender = receiver.senderOf(signed.senderKey);
  if (sender === undefined) return { type: 'unknown-sender', signed };
  const verdict = judgeLink(sender.chain, sender.history, signed, sender.witness);
  return settle(receiver, signed, verdict, onGap);
}

function settle(receiver: Receiver, signed: SignedEnvelope, verdict: ChainVerdict, onGap: GapRule): Judgement {
  switch (verdict.type) {
    case 'next':
      return openSigned(receiver, signed, undefined);
    case 'duplicate':
      return { type: 'duplicate', signed };
    case 'gap':
      return onGap(signed, { from: verdict.from, to: verdict.to });
    case 'fork':
      return { type: 'fork', signed, known: verdict.known };
    case 'broken':
      return reject(fail('CHAIN_BROKEN', "The envelope does not name its sender's one before."));
  }
}

/**
 * Checks form, H and signature, as anybody can who knows the group. EN-20, EN-12.
 * Errors: those of `parseEnvelope`, and ENVELOPE_UNAUTHENTIC.
 */
export function verifyEnvelope(
  crypto: CryptoProvider,
  envelope: Envelope,
  groupId: Uint8Array,
): Result<SignedEnvelope> {
  const parsed = parseEnvelope(envelope, groupId);
  if (!parsed.ok) return parsed;
  const hash = envelopeHash(crypto, envelope);
  return crypto.ed25519Verify(envelope.signature, hash, parsed.value.senderKey)
    ? succeed({ ...parsed.value, hash })
    : fail('ENVELOPE_UNAUTHENTIC', 'The signature does not verify.');
}

/** Opens the ciphertext. Errors: ENVELOPE_UNAUTHENTIC, ENVELOPE_MALFORMED. EN-11, EN-14, EN-15. */
export function openEnvelope(keys: EpochKeys, signed: SignedEnvelope): Result<Content> {
  const { nonce, header, ciphertext } = signed.envelope;
  const padded = keys.open(nonce, header, ciphertext);
  if (padded === undefined) return fail('ENVELOPE_UNAUTHENTIC', 'The ciphertext does not authenticate.');
  const plaintext = unpad(padded);
  const content = plaintext === undefined ? undefined : decodeContent(signed.contentType, plaintext);
  return content === undefined ? fail('ENVELOPE_MALFORMED', 'The plaintext has the wrong form.') : succeed(content);
}

function openSigned(receiver: Receiver, signed: SignedEnvelope, missing: MissingSequences | undefined): Judgement {
  const keys = receiver.keysOf(signed.epoch);
  if (keys === undefined) return { type: 'pending', signed, epoch: signed.epoch };
  const opened = openEnvelope(keys, signed);
  return opened.ok ? { type: 'accepted', signed, content: opened.value, missing } : reject(opened);
}

function reject({ error, detail }: Failure): Judgement {
  return { type: 'rejected', error, detail };
}
