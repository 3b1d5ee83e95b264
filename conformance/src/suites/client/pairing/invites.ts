import { stubOf } from '@0k-sync/core/envelope';
import { defaultParameters, type WelcomeContent } from '@0k-sync/core/pairing';
import { MAILBOX_PAYLOAD_BYTES_MAX } from '@0k-sync/generated/limits';
import type { Stub } from '@0k-sync/generated/wire/envelope';
import type { PassphraseParameters } from '@0k-sync/generated/wire/pairing';
import { type Device, Group } from '@0k-sync/testkit/author';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { flip } from '@0k-sync/testkit/wire';
import { actsOf, type Claim, giving, requiring } from '../../acts.ts';
import { expect } from '../../expect.ts';
import { type InvitationOptions, invitation } from '../invitation.ts';
import type { ClientActs, ClientScene } from '../scene.ts';
import { joinsHonestly, MIB, MINUTE_MS, PARSE, REQUIRES } from './joining.ts';

/** An invite that is refused, or the Welcome in its mailbox. */
interface Refused extends Claim {
  /** `invite.parse` unless it says. */
  readonly refusal?: readonly string[];
  readonly invitation?: InvitationOptions;
  readonly link?: (link: string) => string;
  /** Passphrase that the client gets besides the link. */
  readonly passphrase?: string;
}

/** The client refuses the invite, and nobody becomes a member. */
async function refuses({ relay, author, client, log }: ClientScene, row: Refused): Promise<void> {
  const { refusal = PARSE, link = String, passphrase } = row;
  const invite = link(invitation(relay, author, row.invitation));
  await client.rejects('pair_join', refusal, { invite, ...(passphrase !== undefined && { passphrase }) });
  expect('records', log.records.size, 1);
}

/** Parameters that are out of bounds, with a Welcome that was sealed without them. */
function withParameters(changes: Partial<PassphraseParameters>): Pick<Refused, 'invitation' | 'passphrase'> {
  return {
    invitation: {
      invite: (invite) => ({ ...invite, passphrase: { ...defaultParameters(random), ...changes } }),
      unsealed: true,
    },
    passphrase: 'open',
  };
}

function forgedRecord(state: WelcomeContent): WelcomeContent {
  const [member] = state.members;
  if (member === undefined) throw new TypeError('the author is a member');
  const record = { ...member.record, authSignature: flip(member.record.authSignature) };
  return { ...state, members: [{ ...member, record }] };
}

const linkRows: Readonly<Record<string, Refused>> = {
  'client/pairing/expired': {
    title: 'an invite that is older than the tolerated skew is refused without a word to the relay',
    requirements: ['PA-05', 'LI-22'],
    refusal: ['invite.expired'],
    invitation: { invite: (invite) => ({ ...invite, expiresAtMs: Date.now() - 6 * MINUTE_MS }) },
  },
  'client/pairing/typing-mistake': {
    title: 'a mistyped invite is refused by its checksum and burns no claim',
    requirements: ['PA-04'],
    // In the invite key, where every text is one: only the checksum can tell.
    link: (link) => link.slice(0, -40) + (link.at(-40) === 'y' ? 'b' : 'y') + link.slice(-39),
  },
  'client/pairing/not-an-invite': {
    title: 'something else than an invite is refused',
    requirements: ['PA-01', 'PA-03'],
    link: () => 'https://example.org/invite',
  },
  'client/pairing/too-long': {
    title: 'an invite of more than INVITE_CHARACTERS_MAX characters is refused',
    requirements: ['PA-02', 'LI-21'],
    link: (link) => link + 'y'.repeat(1024),
  },
  'client/pairing/passphrase-missing': {
    title: 'an invite that asks for a passphrase is refused without one',
    requirements: ['PA-07', 'PA-11'],
    invitation: { passphrase: 'correct horse' },
  },
  'client/pairing/argon2-little-memory': {
    title: 'Argon2id parameters of less than 19 MiB are refused before computing',
    requirements: ['PA-08'],
    ...withParameters({ memoryKib: 19 * MIB - 1, iterations: 16 }),
  },
  'client/pairing/argon2-much-memory': {
    title: 'Argon2id parameters of more than 1 GiB are refused before computing',
    requirements: ['PA-08'],
    ...withParameters({ memoryKib: 1024 * MIB + 1, iterations: 1 }),
  },
  'client/pairing/argon2-many-iterations': {
    title: 'Argon2id parameters of more than 16 iterations are refused before computing',
    requirements: ['PA-08'],
    ...withParameters({ memoryKib: 1024 * MIB, iterations: 17 }),
  },
  'client/pairing/argon2-parallelism': {
    title: 'Argon2id parameters of more than 16 lanes are refused before computing',
    requirements: ['PA-08'],
    ...withParameters({ parallelism: 17 }),
  },
  'client/pairing/argon2-little-work': {
    title: 'Argon2id parameters whose memory times iterations is below 38 MiB are refused before computing',
    requirements: ['PA-08'],
    ...withParameters({ memoryKib: 37 * MIB, iterations: 1 }),
  },
};

/** A Welcome with a head that the author signed, or with what becomes of it. */
function withHead(change: (head: Stub, author: Device) => readonly Stub[]): Pick<Refused, 'invitation'> {
  return {
    invitation: {
      state: (state, author) => ({ ...state, heads: change(stubOf(crypto, author.forge().envelope), author) }),
    },
  };
}

const welcomeRows: Readonly<Record<string, Refused>> = {
  'client/pairing/head-unsigned': {
    title: 'a Welcome with a head that its sender did not sign is refused',
    requirements: ['PA-12', 'EN-28'],
    ...withHead((head) => [{ ...head, signature: flip(head.signature) }]),
  },
  'client/pairing/head-of-another-body': {
    title: 'a Welcome with a head whose body hash was changed is refused',
    requirements: ['PA-12', 'EN-28'],
    ...withHead((head) => [{ ...head, bodyHash: flip(head.bodyHash) }]),
  },
  'client/pairing/two-heads-of-one-sender': {
    title: 'a Welcome with two heads of one sender is refused',
    requirements: ['PA-12'],
    ...withHead((head, author) => [head, stubOf(crypto, author.forge({ sequence: 2 }).envelope)]),
  },
  'client/pairing/head-of-a-stranger': {
    title: 'a Welcome with a head of nobody among its members is refused',
    requirements: ['PA-12'],
    ...withHead((_, author) => [stubOf(crypto, author.sibling().forge().envelope)]),
  },
  'client/pairing/welcome-changed': {
    title: 'a Welcome with a changed bit does not open',
    requirements: ['PA-10'],
    invitation: { payload: (payload) => flip(payload) },
  },
  'client/pairing/welcome-cut': {
    title: 'a Welcome that is cut short does not open',
    requirements: ['PA-10'],
    invitation: { payload: (payload) => payload.slice(0, 20) },
  },
  'client/pairing/welcome-too-large': {
    title: 'a Welcome of the largest payload that opens for nobody is refused',
    requirements: ['PA-10', 'LI-19'],
    invitation: { payload: () => random(MAILBOX_PAYLOAD_BYTES_MAX) },
  },
  'client/pairing/welcome-other-group': {
    title: 'a Welcome whose epoch secret does not give its group id is refused',
    requirements: ['PA-12', 'GR-02'],
    invitation: { state: (state) => ({ ...state, groupId: random(32) }) },
  },
  'client/pairing/welcome-other-secret': {
    title: 'a Welcome with the secret of another group is refused',
    requirements: ['PA-12', 'GR-02'],
    invitation: { state: (state) => ({ ...state, epochs: [new Group().epoch] }) },
  },
  'client/pairing/welcome-forged-record': {
    title: 'a Welcome with a member record that does not verify is refused',
    requirements: ['PA-12', 'GR-09', 'GR-14'],
    invitation: { state: forgedRecord },
  },
};

/** Refused without a word to the relay. */
const linkActs: ClientActs = actsOf(linkRows, (row) => async (scene: ClientScene) => {
  const { connections } = scene.relay;
  await refuses(scene, row);
  expect('connections', scene.relay.connections, connections);
  await joinsHonestly(scene);
});

const welcomeActs: ClientActs = actsOf(welcomeRows, (row) => async (scene: ClientScene) => {
  await refuses(scene, row);
  await joinsHonestly(scene);
});

/** Invites, and Welcomes in their mailboxes, that are refused; the same client takes an honest one afterwards. */
export const inviteActs: ClientActs = giving({ unpaired: true }, requiring(REQUIRES, { ...linkActs, ...welcomeActs }));
