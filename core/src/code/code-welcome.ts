import { LABEL_BY_CODE } from '@0k-sync/generated/labels';
import { MAILBOX_PAYLOAD_BYTES_MAX } from '@0k-sync/generated/limits';
import { concat, utf8, wipe } from '../bytes/index.ts';
import type { CryptoProvider, RandomSource } from '../crypto/index.ts';
import { type GroupState, openUnder, sealUnder, type WelcomeContent } from '../pairing/index.ts';
import { fail, type Result, succeed } from '../wire/index.ts';

const XWING_CIPHERTEXT_BYTES = 1120;
const XWING_ESEED_BYTES = 64;
const KEY_BYTES = 32;
const NO_SALT = new Uint8Array(0);

/** The secrets that a Welcome is sealed to: the exchange's ISK, 64 bytes, and the joiner's X-Wing public key, 1216 bytes. */
export interface CodeSeal {
  readonly isk: Uint8Array;
  readonly xwingKey: Uint8Array;
  /** 16 bytes. */
  readonly mailboxId: Uint8Array;
}

/** The key that opens it: the seed of the X-Wing key, 32 bytes. */
export interface CodeOpening extends Omit<CodeSeal, 'xwingKey'> {
  readonly xwingSeed: Uint8Array;
}

/**
 * Seals a Welcome for the joiner of an exchange: X-Wing ciphertext || nonce || ciphertext. CO-20, CO-21.
 * Throws a RangeError when it is too large. Error: INVITE_MALFORMED for an X-Wing key that is not valid.
 */
export function sealCodeWelcome(
  crypto: CryptoProvider,
  random: RandomSource,
  { isk, xwingKey, mailboxId }: CodeSeal,
  state: WelcomeContent,
): Result<Uint8Array> {
  const eseed = random(XWING_ESEED_BYTES);
  const encapsulated = crypto.xwingEncapsulate(xwingKey, eseed);
  wipe(eseed);
  if (encapsulated === undefined) return fail('INVITE_MALFORMED', 'The key of the joining device is not valid.');
  const { ciphertext, sharedSecret } = encapsulated;
  const key = keyOf(crypto, isk, sharedSecret, mailboxId);
  const payload = concat(ciphertext, sealUnder(crypto, random, { key, mailboxId }, state));
  wipe(key, sharedSecret);
  if (payload.length > MAILBOX_PAYLOAD_BYTES_MAX) throw new RangeError(`Welcome of ${payload.length} bytes`);
  return succeed(payload);
}

/** Opens and verifies the Welcome of an exchange. CO-20, CO-21, PA-12. Error: INVITE_MALFORMED. */
export function openCodeWelcome(
  crypto: CryptoProvider,
  { isk, xwingSeed, mailboxId }: CodeOpening,
  payload: Uint8Array,
): Result<GroupState> {
  const changed = fail('INVITE_MALFORMED', 'The Welcome was changed on its way.');
  if (payload.length > MAILBOX_PAYLOAD_BYTES_MAX) return changed;
  const sharedSecret = crypto.xwingDecapsulate(xwingSeed, payload.subarray(0, XWING_CIPHERTEXT_BYTES));
  if (sharedSecret === undefined) return changed;
  const key = keyOf(crypto, isk, sharedSecret, mailboxId);
  const opened = openUnder(crypto, { key, mailboxId }, payload.subarray(XWING_CIPHERTEXT_BYTES));
  wipe(key, sharedSecret);
  return opened ?? changed;
}

/** HKDF(ISK || ss, label || mailbox id). CO-21. */
function keyOf(crypto: CryptoProvider, isk: Uint8Array, sharedSecret: Uint8Array, mailboxId: Uint8Array): Uint8Array {
  const secret = concat(isk, sharedSecret);
  const key = crypto.hkdf(secret, NO_SALT, concat(utf8(LABEL_BY_CODE), mailboxId), KEY_BYTES);
  wipe(secret);
  return key;
}
