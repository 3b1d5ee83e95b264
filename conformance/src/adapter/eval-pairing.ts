import { toHex } from '@0k-sync/core/bytes';
import { EpochKeys, Secret } from '@0k-sync/core/group';
import {
  formatInvite,
  type Invite,
  openWelcome,
  PASSPHRASE_STRENGTH_MIN,
  parseInvite,
  passphraseStrength,
  sealWelcome,
  type WelcomeContent,
  type WelcomeLock,
} from '@0k-sync/core/pairing';
import { decodeStrict } from '@0k-sync/core/wire';
import { MemberRecordBody, type Welcome } from '@0k-sync/generated/wire/group';
import type { PassphraseParameters } from '@0k-sync/generated/wire/pairing';
import { Reject } from '../zkcp/serve.ts';
import type { Input } from './input.ts';
import { crypto, type Ops, unwrap } from './op.ts';

const EMPTY = new Uint8Array(0);

/** Invites and sealed Welcomes. PA-01 to PA-12. */
export const pairingOps = {
  'invite.make': (input) => {
    const link = linkOf(inviteFromJson(input.object('invite')));
    // An invite that no reader accepts is not made, whatever its expiry. PA-02, PA-03, PA-08.
    unwrap(parseInvite(crypto, link, 0));
    return { link };
  },

  'invite.parse': (input, _draws, nowMs) => {
    if (nowMs === undefined) throw new TypeError('now_ms is missing');
    return { invite: inviteToJson(unwrap(parseInvite(crypto, input.text('link'), nowMs))) };
  },

  'passphrase.new': (input) => {
    const strength = passphraseStrength(input.text('text'));
    if (strength < PASSPHRASE_STRENGTH_MIN) throw new Reject('invite.parse', undefined, 'The passphrase is too weak.');
    return { strength };
  },

  'welcome.seal': (input, draws) => {
    const welcome = decodeStrict('Welcome', input.bytes('welcome'));
    if (welcome === undefined) throw new TypeError('welcome is not a Welcome');
    const nonce = draws.bytes('nonce', 24);
    return { payload: toHex(unwrap(sealWelcome(crypto, () => nonce, lockOf(input), stateOf(welcome)))) };
  },

  'welcome.open': (input) => {
    const { groupId, members, relays } = unwrap(openWelcome(crypto, lockOf(input), input.bytes('payload')));
    return {
      group_id: toHex(groupId),
      devices: members.map(({ deviceKey }) => toHex(deviceKey)),
      relays: relays.map(({ address }) => address),
    };
  },
} satisfies Ops;

/** A link that is too long for its reader is a RangeError of core's. PA-02. */
function linkOf(invite: Invite): string {
  try {
    return formatInvite(crypto, invite);
  } catch (error) {
    if (error instanceof RangeError) throw new Reject('invite.parse', undefined, error.message);
    throw error;
  }
}

function inviteFromJson(json: Input): Invite {
  const relay = json.object('relay');
  const passphrase = json.optionalObject('passphrase');
  return {
    relay: {
      address: relay.text('address'),
      nodeId: relay.bytes('node_id'),
      kemHash: relay.optionalBytes('kem_hash') ?? EMPTY,
      signingKey: relay.optionalBytes('signing_key') ?? EMPTY,
    },
    mailboxId: json.bytes('mailbox_id'),
    key: new Secret(json.bytes('invite_key')),
    expiresAtMs: Number(json.u64('expires_at_ms')),
    passphrase: passphrase && parametersOf(passphrase),
  };
}

function inviteToJson({ relay, mailboxId, key, expiresAtMs, passphrase }: Invite) {
  return {
    relay: {
      address: relay.address,
      node_id: toHex(relay.nodeId),
      ...(relay.kemHash.length > 0 && { kem_hash: toHex(relay.kemHash) }),
      ...(relay.signingKey.length > 0 && { signing_key: toHex(relay.signingKey) }),
    },
    mailbox_id: toHex(mailboxId),
    invite_key: toHex(key.reveal()),
    expires_at_ms: String(expiresAtMs),
    ...(passphrase && {
      passphrase: {
        salt: toHex(passphrase.salt),
        memory_kib: passphrase.memoryKib,
        iterations: passphrase.iterations,
        parallelism: passphrase.parallelism,
      },
    }),
  };
}

function parametersOf(json: Input): PassphraseParameters {
  return {
    salt: json.bytes('salt'),
    memoryKib: json.number('memory_kib'),
    iterations: json.number('iterations'),
    parallelism: json.number('parallelism'),
  };
}

function lockOf(input: Input): WelcomeLock {
  const passphrase = input.optionalObject('passphrase');
  const invite: Invite = {
    relay: { address: '', nodeId: EMPTY, kemHash: EMPTY, signingKey: EMPTY },
    mailboxId: input.bytes('mailbox_id', 16),
    key: new Secret(input.bytes('invite_key', 32)),
    expiresAtMs: 0,
    passphrase: passphrase && parametersOf(passphrase),
  };
  return { invite, ...(passphrase && { passphrase: passphrase.text('text') }) };
}

/** A Welcome as it says itself, unverified: sealing vouches for nothing. */
export function stateOf({ groupId, relays, members, epochSecrets, heads, names }: Welcome): WelcomeContent {
  return {
    groupId,
    relays,
    heads,
    names,
    epochs: epochSecrets.map(({ epoch, secret }) => new EpochKeys(crypto, secret.slice(), epoch, groupId)),
    members: members.map((record) => {
      const body = MemberRecordBody.decode(record.body);
      return { deviceKey: body.deviceKey, body, record };
    }),
  };
}
