import { LABEL_WELCOME } from '@0k-sync/generated/labels';
import { MAILBOX_PAYLOAD_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Stub } from '@0k-sync/generated/wire/envelope';
import { type MemberName, type RelayPin, Welcome } from '@0k-sync/generated/wire/group';
import { concat, equal, toHex, utf8, wipe } from '../bytes/index.ts';
import type { CryptoProvider, RandomSource } from '../crypto/index.ts';
import { NONCE_BYTES, pad, unpad, type VerifiedStub, verifyStub } from '../envelope/index.ts';
import { EpochKeys, type Member, verifyMember } from '../group/index.ts';
import { decodeStrict, fail, type Result, succeed } from '../wire/index.ts';
import type { Invite } from './invite.ts';
import { stretchPassphrase } from './passphrase.ts';

const WELCOME_VERSION = 1;
const NO_SALT = new Uint8Array(0);
const KEY_BYTES = 32;

/** The keys and records that make a device a member, verified without trust in the relay. PA-12. */
export interface GroupState {
  /** 32 bytes. */
  readonly groupId: Uint8Array;
  /** The relays in order; the first is the anchor. */
  readonly relays: readonly RelayPin[];
  readonly members: readonly Member[];
  /** Ascending, from epoch 0. */
  readonly epochs: readonly EpochKeys[];
  /** The head of each sender's chain as the inviter knew it, at most one of a sender: the sender's own word. */
  readonly heads: readonly VerifiedStub[];
  /** Names of members as the inviter knows them: hearsay until their own announcements arrive. PA-25. */
  readonly names: readonly MemberName[];
}

/** The parts of a Welcome before it is sealed. The heads are not verified here: sealing vouches for nothing. */
export interface WelcomeContent extends Omit<GroupState, 'heads'> {
  readonly heads: readonly Stub[];
}

/**
 * Seals a Welcome as a mailbox's payload: nonce || ciphertext. Throws a RangeError when it is too large. PA-10, PA-11.
 */
export function sealWelcome(
  crypto: CryptoProvider,
  random: RandomSource,
  lock: WelcomeLock,
  state: WelcomeContent,
): Result<Uint8Array> {
  const key = welcomeKey(crypto, lock);
  if (!key.ok) return key;
  const payload = sealUnder(crypto, random, { key: key.value, mailboxId: lock.invite.mailboxId }, state);
  wipe(key.value);
  if (payload.length > MAILBOX_PAYLOAD_BYTES_MAX) throw new RangeError(`Welcome of ${payload.length} bytes`);
  return succeed(payload);
}

/** The key that a Welcome is sealed under, 32 bytes, and its mailbox, 16 bytes. */
export interface WelcomeKey {
  readonly key: Uint8Array;
  readonly mailboxId: Uint8Array;
}

/** Seals a Welcome: nonce || ciphertext. PA-10, CO-20. */
export function sealUnder(
  crypto: CryptoProvider,
  random: RandomSource,
  { key, mailboxId }: WelcomeKey,
  state: WelcomeContent,
): Uint8Array {
  const secrets = state.epochs.map((keys) => ({ epoch: keys.epoch, secret: keys.exportSecret() }));
  const plaintext = Welcome.encode({
    version: WELCOME_VERSION,
    groupId: state.groupId,
    relays: [...state.relays],
    members: state.members.map(({ record }) => record),
    epochSecrets: secrets,
    heads: [...state.heads],
    names: [...state.names],
  }).finish();
  const padded = pad(plaintext);
  const nonce = random(NONCE_BYTES);
  const sealed = concat(nonce, crypto.xchachaSeal(key, nonce, mailboxId, padded));
  wipe(plaintext, padded, ...secrets.map(({ secret }) => secret));
  return sealed;
}

/** The invite and passphrase that open a Welcome. */
export interface WelcomeLock {
  readonly invite: Invite;
  /** Required if the invite needs one, otherwise undefined. PA-11. */
  readonly passphrase?: string | undefined;
}

/**
 * Opens and verifies a mailbox's payload. PA-10 to PA-12.
 * Error: INVITE_MALFORMED, for a wrong passphrase as for a changed payload.
 */
export function openWelcome(crypto: CryptoProvider, lock: WelcomeLock, payload: Uint8Array): Result<GroupState> {
  const key = welcomeKey(crypto, lock);
  if (!key.ok) return key;
  const opened = openUnder(crypto, { key: key.value, mailboxId: lock.invite.mailboxId }, payload);
  wipe(key.value);
  return opened ?? fail('INVITE_MALFORMED', 'The passphrase is wrong, or the Welcome was changed.');
}

/**
 * Opens and verifies what `sealUnder` sealed; undefined when it does not authenticate. PA-10, PA-12, CO-20.
 * Error: INVITE_MALFORMED.
 */
export function openUnder(
  crypto: CryptoProvider,
  { key, mailboxId }: WelcomeKey,
  sealed: Uint8Array,
): Result<GroupState> | undefined {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const isLongEnough = sealed.length > NONCE_BYTES && sealed.length <= MAILBOX_PAYLOAD_BYTES_MAX;
  const padded = isLongEnough ? crypto.xchachaOpen(key, nonce, mailboxId, sealed.subarray(NONCE_BYTES)) : undefined;
  if (padded === undefined) return undefined;
  const plaintext = unpad(padded);
  const welcome = plaintext === undefined ? undefined : decodeStrict('Welcome', plaintext);
  const state = welcome === undefined ? undefined : verifyWelcome(crypto, welcome);
  return state === undefined ? fail('INVITE_MALFORMED', 'The Welcome does not verify.') : succeed(state);
}

/** Checks that the epoch 0 secret gives the group id, epochs ascend, and every record and head verifies. PA-12. */
function verifyWelcome(crypto: CryptoProvider, welcome: Welcome): GroupState | undefined {
  const { version, groupId, relays, epochSecrets } = welcome;
  if (version !== WELCOME_VERSION || relays.length === 0) return undefined;
  if (epochSecrets[0]?.epoch !== 0) return undefined;
  if (epochSecrets.some(({ epoch }, index) => index > 0 && epoch <= (epochSecrets[index - 1]?.epoch ?? 0)))
    return undefined;
  const epochs = epochSecrets.map(({ epoch, secret }) => {
    const own = secret.slice();
    wipe(secret);
    return new EpochKeys(crypto, own, epoch, epoch === 0 ? undefined : groupId);
  });
  if (epochs[0] === undefined || !equal(epochs[0].groupId, groupId)) return undefined;
  const authKeyOf = (wanted: number) => epochs.find(({ epoch }) => epoch === wanted)?.authKey;
  const members: Member[] = [];
  for (const record of welcome.members) {
    const member = verifyMember(crypto, record, groupId, authKeyOf);
    if (member === undefined) return undefined;
    members.push(member);
  }
  const heads = verifyHeads(crypto, welcome, members);
  return heads && { groupId, relays, members, epochs, heads, names: welcome.names };
}

/** Verifies the heads of a Welcome: each its sender's own word, one of a sender, each of a member. PA-12, EN-28. */
function verifyHeads(
  crypto: CryptoProvider,
  { groupId, heads }: Welcome,
  members: readonly Member[],
): VerifiedStub[] | undefined {
  const senders = new Set(members.map(({ deviceKey }) => toHex(deviceKey)));
  const verified: VerifiedStub[] = [];
  for (const stub of heads) {
    const head = verifyStub(crypto, stub, groupId);
    if (!head.ok || !senders.delete(toHex(head.value.senderKey))) return undefined;
    verified.push(head.value);
  }
  return verified;
}

/** Derives the key of a Welcome, which the caller wipes. PA-11. */
function welcomeKey(crypto: CryptoProvider, { invite, passphrase }: WelcomeLock): Result<Uint8Array> {
  if ((passphrase === undefined) !== (invite.passphrase === undefined)) {
    return fail(
      'INVITE_MALFORMED',
      invite.passphrase === undefined ? 'No passphrase is set.' : 'A passphrase is needed.',
    );
  }
  const info = concat(utf8(LABEL_WELCOME), invite.mailboxId);
  if (passphrase === undefined || invite.passphrase === undefined) {
    return succeed(crypto.hkdf(invite.key.reveal(), NO_SALT, info, KEY_BYTES));
  }
  const stretched = stretchPassphrase(crypto, passphrase, invite.passphrase);
  if (!stretched.ok) return stretched;
  const secret = concat(invite.key.reveal(), stretched.value);
  const key = crypto.hkdf(secret, NO_SALT, info, KEY_BYTES);
  wipe(secret, stretched.value);
  return succeed(key);
}
