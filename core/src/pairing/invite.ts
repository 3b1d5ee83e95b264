import { LABEL_INVITE_CHECKSUM } from '@0k-sync/generated/labels';
import { CLOCK_SKEW_MS_MAX, INVITE_CHARACTERS_MAX } from '@0k-sync/generated/limits';
import type { RelayPin } from '@0k-sync/generated/wire/group';
import { Invite as InviteMessage, type PassphraseParameters } from '@0k-sync/generated/wire/pairing';
import { concat, equal, readZBase32, utf8, zBase32 } from '../bytes/index.ts';
import type { CryptoProvider, RandomSource } from '../crypto/index.ts';
import { Secret } from '../group/index.ts';
import { decodeCanonical, fail, type Result, succeed } from '../wire/index.ts';
import { readHostPort } from './address.ts';
import { normaliseLink } from './link-text.ts';
import { areAcceptable, defaultParameters } from './passphrase.ts';

const PREFIX = '0ksync:';
const INVITE_VERSION = 1;
const MAILBOX_ID_BYTES = 16;
const INVITE_KEY_BYTES = 32;
const CHECKSUM_BYTES = 4;

/** The content of an invite link. Whoever has the link, and its passphrase if it has one, becomes a member. PA-06. */
export interface Invite {
  /** The relay that has the mailbox. Its address, with host and port, and its NodeId are always known. */
  readonly relay: RelayPin;
  /** 16 bytes. */
  readonly mailboxId: Uint8Array;
  /** 32 bytes. */
  readonly key: Secret;
  /** Milliseconds since 1970, by the clock of the device that made the invite. */
  readonly expiresAtMs: number;
  /** Present if the invite needs a passphrase, too. PA-07. */
  readonly passphrase: PassphraseParameters | undefined;
}

/** Makes an invite with a fresh random mailbox id and key. */
export function createInvite(random: RandomSource, relay: RelayPin, expiresAtMs: number): Invite {
  if (!isUsable(relay)) throw new TypeError('an invite names its relay with host, port and NodeId');
  const mailboxId = random(MAILBOX_ID_BYTES);
  const key = new Secret(random(INVITE_KEY_BYTES));
  return { relay, mailboxId, key, expiresAtMs, passphrase: undefined };
}

/** Returns the same invite with a need for a passphrase, under a fresh salt. PA-07. */
export function withPassphrase(random: RandomSource, invite: Invite): Invite {
  return { ...invite, passphrase: defaultParameters(random) };
}

/** Writes the invite as a link, which is a secret. PA-01 to PA-04. */
export function formatInvite(crypto: CryptoProvider, invite: Invite): string {
  const { relay, mailboxId, key, expiresAtMs, passphrase } = invite;
  const message = { version: INVITE_VERSION, relay, mailboxId, inviteKey: key.reveal(), passphrase };
  const bytes = InviteMessage.encode({ ...message, expiresAtMs: BigInt(expiresAtMs) }).finish();
  const link = PREFIX + zBase32(concat(bytes, checksumOf(crypto, bytes)));
  if (link.length > INVITE_CHARACTERS_MAX) throw new RangeError(`invite of ${link.length} characters`);
  return link;
}

/**
 * Reads a link, whatever its case and what copying has added to it. Details of errors show nothing of the link.
 * Errors: INVITE_MALFORMED; INVITE_EXPIRED at `now`, milliseconds since 1970. PA-01 to PA-08, expiry PA-05.
 */
export function parseInvite(crypto: CryptoProvider, text: string, now: number): Result<Invite> {
  const link = normaliseLink(text);
  if (!link.startsWith(PREFIX)) return fail('INVITE_MALFORMED', `An invite begins with ${PREFIX}`);
  if (link.length > INVITE_CHARACTERS_MAX) return fail('INVITE_MALFORMED', 'The invite is too long.');
  const bytes = readZBase32(link.slice(PREFIX.length));
  if (bytes === undefined || bytes.length <= CHECKSUM_BYTES) return unreadable();
  const content = bytes.subarray(0, -CHECKSUM_BYTES);
  if (!equal(bytes.subarray(-CHECKSUM_BYTES), checksumOf(crypto, content))) return unreadable();
  const message = decodeCanonical('Invite', content);
  return message === undefined ? unreadable() : readMessage(message, now);
}

function readMessage(message: InviteMessage, now: number): Result<Invite> {
  const { version, relay, mailboxId, inviteKey, passphrase } = message;
  const expiresAtMs = Number(message.expiresAtMs);
  if (version !== INVITE_VERSION) return fail('INVITE_MALFORMED', `The invite has version ${version}.`);
  if (relay === undefined || !isUsable(relay)) return fail('INVITE_MALFORMED', 'The invite names no relay.');
  if (passphrase !== undefined && !areAcceptable(passphrase)) {
    return fail('INVITE_MALFORMED', 'The passphrase parameters are out of bounds.');
  }
  if (expiresAtMs + CLOCK_SKEW_MS_MAX < now) return fail('INVITE_EXPIRED', expiredDetail(now - expiresAtMs));
  return succeed({ relay, mailboxId, key: new Secret(inviteKey.slice()), expiresAtMs, passphrase });
}

/** Says by how much: a wrong clock looks like an old invite. PA-05. */
function expiredDetail(pastMs: number): string {
  const much = durationText(pastMs);
  return `By this device's clock the invite expired ${much} ago; if the invite is new, the clocks of the two devices differ by ${much}.`;
}

const UNITS: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
];

/** Writes a duration in its largest unit, rounded: `3 hours`. At least a minute. */
function durationText(ms: number): string {
  const [unitMs, name] = UNITS.find(([unitMs]) => ms >= unitMs) ?? ([60_000, 'minute'] as const);
  const count = Math.max(1, Math.round(ms / unitMs));
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

function isUsable({ address, nodeId }: RelayPin): boolean {
  return readHostPort(address)?.port !== undefined && nodeId.length === 32;
}

/** Computes the checksum of a link's content. PA-04. */
function checksumOf(crypto: CryptoProvider, content: Uint8Array): Uint8Array {
  return crypto.blake3(utf8(LABEL_INVITE_CHECKSUM), content).subarray(0, CHECKSUM_BYTES);
}

function unreadable(): Result<never> {
  return fail('INVITE_MALFORMED', 'The invite is not complete or has a typing mistake.');
}
