import { toHex } from '@0k-sync/core/bytes';
import { defaultParameters, type GroupState, parseInvite } from '@0k-sync/core/pairing';
import { MAILBOX_PAYLOAD_BYTES_MAX } from '@0k-sync/generated/limits';
import type { PassphraseParameters } from '@0k-sync/generated/wire/pairing';
import { Group } from '../../kit/author.ts';
import { crypto, random } from '../../kit/crypto.ts';
import { relayKeys } from '../../kit/relay/keys.ts';
import { Client } from './client.ts';
import { readContent } from './contents.ts';
import { type Claim, flip } from './forged.ts';
import { groupOf, type InvitationOptions, invitation } from './invitation.ts';
import { onStage, type Stage } from './stage.ts';
import type { ClientScenario } from './target.ts';
import { control, expectSame, expectTrue } from './verdict.ts';

const REQUIRES: readonly string[] = ['client', 'pair_join', 'pull'];
const PARSE: readonly string[] = ['invite.parse'];
const MINUTE_MS = 60_000;
const MIB = 1024;

interface Refusal extends Claim {
  readonly classes?: readonly string[];
  readonly invitation: InvitationOptions;
  readonly link?: (link: string) => string;
  /** What the client is given besides the link. */
  readonly passphrase?: string;
  /** Whether the client may say anything to the relay before it refuses. Default false. */
  readonly dials?: boolean;
}

/** An invite that is refused; an honest one is taken afterwards by the same client. */
function refused(refusal: Refusal): ClientScenario {
  const { id, title, requirements, classes = PARSE, link: change = (link: string) => link, passphrase } = refusal;
  return {
    id,
    title,
    level: 'must',
    requirements,
    requires: REQUIRES,
    run: onStage({ unpaired: true }, async (stage) => {
      const invite = change(invitation(stage.relay, stage.author, refusal.invitation));
      const { connections } = stage.relay;
      await stage.client.rejects('pair_join', classes, { invite, ...(passphrase !== undefined && { passphrase }) });
      if (refusal.dials !== true) expectSame('connections', stage.relay.connections, connections);
      expectSame('records', stage.log.records.size, 1);
      await joins(stage, { invite: invitation(stage.relay, stage.author) });
    }),
  };
}

/** The client becomes a member, and reads. */
async function joins(stage: Stage, args: { readonly invite: string; readonly passphrase?: string }): Promise<void> {
  await control('an honest invite', () => stage.client.act('pair_join', args));
  expectSame('records', stage.log.records.size, 2);
  await stage.controlled('after');
}

const withParameters = (changes: Partial<PassphraseParameters>): InvitationOptions => ({
  invite: (invite) => ({ ...invite, passphrase: { ...defaultParameters(random), ...changes } }),
  unsealed: true,
});

/** An invite whose parameters are out of bounds, with a Welcome that was sealed without them. */
function parameters(claim: Claim, changes: Partial<PassphraseParameters>): ClientScenario {
  return {
    ...claim,
    level: 'must',
    requires: REQUIRES,
    run: onStage({ unpaired: true }, async (stage) => {
      const invite = invitation(stage.relay, stage.author, withParameters(changes));
      const { connections } = stage.relay;
      const from = performance.now();
      await stage.client.rejects('pair_join', PARSE, { invite, passphrase: 'open' });
      expectTrue('before it computes', performance.now() - from < COMPUTING_MS, performance.now() - from);
      expectSame('connections', stage.relay.connections, connections);
      await joins(stage, { invite: invitation(stage.relay, stage.author) });
    }),
  };
}

/** No Argon2id of more than the bounds is done in this time, ms. */
const COMPUTING_MS = 5000;

function forgedRecord(state: GroupState): GroupState {
  const [member] = state.members;
  if (member === undefined) throw new TypeError('the author is a member');
  const record = { ...member.record, authSignature: flip(member.record.authSignature) };
  return { ...state, members: [{ ...member, record }] };
}

/** Invites, and what lies in their mailboxes. */
export const pairingScenarios: readonly ClientScenario[] = [
  refused({
    id: 'client/pairing/expired',
    title: 'an invite that is older than the tolerated skew is refused without a word to the relay',
    requirements: ['PA-05', 'LI-22'],
    classes: ['invite.expired'],
    invitation: { invite: (invite) => ({ ...invite, expiresAtMs: Date.now() - 6 * MINUTE_MS }) },
  }),
  refused({
    id: 'client/pairing/typing-mistake',
    title: 'a mistyped invite is refused by its checksum and burns no claim',
    requirements: ['PA-04'],
    invitation: {},
    link: (link) => link.slice(0, -10) + (link.at(-10) === 'y' ? 'b' : 'y') + link.slice(-9),
  }),
  refused({
    id: 'client/pairing/not-an-invite',
    title: 'something else than an invite is refused',
    requirements: ['PA-01', 'PA-03'],
    invitation: {},
    link: () => 'https://example.org/invite',
  }),
  refused({
    id: 'client/pairing/too-long',
    title: 'an invite of more than INVITE_CHARACTERS_MAX characters is refused',
    requirements: ['PA-02', 'LI-21'],
    invitation: {},
    link: (link) => link + 'y'.repeat(1024),
  }),
  refused({
    id: 'client/pairing/passphrase-missing',
    title: 'an invite that asks for a passphrase is refused without one',
    requirements: ['PA-07', 'PA-11'],
    invitation: { passphrase: 'correct horse' },
  }),
  refused({
    id: 'client/pairing/welcome-changed',
    title: 'a Welcome with a changed bit does not open',
    requirements: ['PA-10'],
    invitation: { payload: (payload) => flip(payload) },
    dials: true,
  }),
  refused({
    id: 'client/pairing/welcome-cut',
    title: 'a Welcome that is cut short does not open',
    requirements: ['PA-10'],
    invitation: { payload: (payload) => payload.slice(0, 20) },
    dials: true,
  }),
  refused({
    id: 'client/pairing/welcome-too-large',
    title: 'a Welcome of the largest payload that opens for nobody is refused',
    requirements: ['PA-10', 'LI-19'],
    invitation: { payload: () => random(MAILBOX_PAYLOAD_BYTES_MAX) },
    dials: true,
  }),
  refused({
    id: 'client/pairing/welcome-other-group',
    title: 'a Welcome whose epoch secret does not give its group id is refused',
    requirements: ['PA-12', 'GR-02'],
    invitation: { state: (state) => ({ ...state, groupId: random(32) }) },
    dials: true,
  }),
  refused({
    id: 'client/pairing/welcome-other-secret',
    title: 'a Welcome with the secret of another group is refused',
    requirements: ['PA-12', 'GR-02'],
    invitation: { state: (state) => ({ ...state, epochs: [new Group().epoch] }) },
    dials: true,
  }),
  refused({
    id: 'client/pairing/welcome-forged-record',
    title: 'a Welcome with a member record that does not verify is refused',
    requirements: ['PA-12', 'GR-09', 'GR-14'],
    invitation: { state: forgedRecord },
    dials: true,
  }),
  parameters(
    {
      id: 'client/pairing/argon2-little-memory',
      title: 'Argon2id parameters of less than 19 MiB are refused before computing',
      requirements: ['PA-08'],
    },
    { memoryKib: 19 * MIB - 1, iterations: 16 },
  ),
  parameters(
    {
      id: 'client/pairing/argon2-much-memory',
      title: 'Argon2id parameters of more than 1 GiB are refused before computing',
      requirements: ['PA-08'],
    },
    { memoryKib: 1024 * MIB + 1, iterations: 1 },
  ),
  parameters(
    {
      id: 'client/pairing/argon2-many-iterations',
      title: 'Argon2id parameters of more than 16 iterations are refused before computing',
      requirements: ['PA-08'],
    },
    { memoryKib: 1024 * MIB, iterations: 17 },
  ),
  parameters(
    {
      id: 'client/pairing/argon2-parallelism',
      title: 'Argon2id parameters of more than 16 lanes are refused before computing',
      requirements: ['PA-08'],
    },
    { parallelism: 17 },
  ),
  parameters(
    {
      id: 'client/pairing/argon2-little-work',
      title: 'Argon2id parameters whose memory times iterations is below 38 MiB are refused before computing',
      requirements: ['PA-08'],
    },
    { memoryKib: 37 * MIB, iterations: 1 },
  ),
  {
    id: 'client/pairing/used',
    title: 'a mailbox that somebody else has claimed is refused, and says no more than that',
    level: 'must',
    requirements: ['PA-14', 'PA-15'],
    requires: REQUIRES,
    run: onStage({ unpaired: true }, async (stage) => {
      const invite = invitation(stage.relay, stage.author);
      for (const mailbox of stage.relay.state.mailboxes.entries.values()) mailbox.claimToken = random(16);
      const { code } = await stage.client.rejects('pair_join', ['invite.used'], { invite });
      expectSame('the number', code, 1052);
      await joins(stage, { invite: invitation(stage.relay, stage.author) });
    }),
  },
  {
    id: 'client/pairing/other-relay',
    title: 'an invite is claimed at the relay that it names, and at no other',
    level: 'must',
    requirements: ['CL-32', 'HS-12'],
    requires: REQUIRES,
    run: onStage({ unpaired: true }, async (stage) => {
      const { nodeId } = relayKeys(crypto, random(32));
      const invite = invitation(stage.relay, stage.author, {
        invite: (honest) => ({ ...honest, relay: { ...honest.relay, nodeId } }),
      });
      await stage.client.rejects('pair_join', ['handshake.identity'], { invite });
      expectSame('claims', stage.requests('mailboxClaim').length, 0);
      // Another device: what the first one makes of an address whose keys an invite named wrongly is its own affair.
      const { adapter } = stage.client;
      await stage.client.close();
      stage.client = await Client.open(adapter, await stage.target.directory());
      await joins(stage, { invite: invitation(stage.relay, stage.author) });
    }),
  },
  {
    id: 'client/pairing/wrong-passphrase',
    title: 'a wrong passphrase does not open the Welcome, and the right one does afterwards',
    level: 'must',
    requirements: ['PA-07', 'PA-09', 'PA-11', 'PA-14'],
    requires: REQUIRES,
    run: onStage({ unpaired: true }, async (stage) => {
      const invite = invitation(stage.relay, stage.author, { passphrase: 'caf\u00e9' });
      await stage.client.rejects('pair_join', PARSE, { invite, passphrase: 'cafe' });
      expectSame('records', stage.log.records.size, 1);
      // Decomposed: NFKC makes it the same. PA-09.
      await joins(stage, { invite, passphrase: 'cafe\u0301' });
    }),
  },
  {
    id: 'client/pairing/white-space-and-case',
    title: 'white space around a link and its case do not matter',
    level: 'must',
    requirements: ['PA-01'],
    requires: REQUIRES,
    run: onStage({ unpaired: true }, async (stage) => {
      const invite = ` \n${invitation(stage.relay, stage.author).toUpperCase()}\t\n`;
      await joins(stage, { invite });
    }),
  },
  {
    id: 'client/pairing/within-the-skew',
    title: 'an invite that is past by less than the tolerated skew is the relay’s to judge',
    level: 'must',
    requirements: ['PA-05', 'LI-22'],
    requires: REQUIRES,
    run: onStage({ unpaired: true }, async (stage) => {
      const invite = invitation(stage.relay, stage.author, {
        invite: (honest) => ({ ...honest, expiresAtMs: Date.now() - 4 * MINUTE_MS }),
      });
      await joins(stage, { invite });
    }),
  },
  {
    id: 'client/pairing/announcement',
    title: 'the joiner’s first envelope is its announcement, and its mailbox is deleted',
    level: 'must',
    requirements: ['PA-16', 'PA-21', 'PA-22', 'GR-16'],
    requires: REQUIRES,
    run: onStage({ unpaired: true, config: { device_name: 'the joiner' } }, async (stage) => {
      await joins(stage, { invite: invitation(stage.relay, stage.author) });
      const [first] = stage.written;
      const content = first && readContent(stage.author.group, first);
      if (content?.type !== 'announcement') throw new TypeError('the first envelope is no announcement');
      expectSame('the name', content.announcement.name, 'the joiner');
      expectSame('mailboxes', stage.relay.state.mailboxes.entries.size, 0);
    }),
  },
  {
    id: 'client/pairing/creates',
    title: 'a client that makes a group gives invites that anybody can take, each once and with its own key',
    level: 'must',
    requirements: ['GR-01', 'GR-02', 'PA-03', 'PA-10', 'PA-13', 'SE-12'],
    requires: [...REQUIRES, 'pair_create'],
    run: onStage({ creates: 'address' }, async (stage) => {
      const links = [];
      for (const _ of [1, 2]) {
        const { invite, group_id: groupId } = await stage.client.act('pair_create');
        const group = groupOf(stage.relay, String(invite));
        expectSame('the group', [toHex(group.id), groupId], [toHex(stage.author.group.id), toHex(group.id)]);
        links.push(String(invite));
      }
      const invites = links.map((link) => parseInvite(crypto, link, Date.now()));
      const keys = invites.map((parsed) => (parsed.ok ? toHex(parsed.value.key.reveal()) : ''));
      expectTrue('two keys', keys[0] !== keys[1]);
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/pairing/creates-with-passphrase',
    title: 'with a passphrase the link carries the default parameters and does not open without it',
    level: 'must',
    requirements: ['PA-07', 'PA-11'],
    requires: [...REQUIRES, 'pair_create'],
    run: onStage({ creates: 'address' }, async (stage) => {
      const { invite } = await stage.client.act('pair_create', { passphrase: 'open sesame' });
      const parsed = parseInvite(crypto, String(invite), Date.now());
      const { memoryKib, iterations, parallelism } =
        (parsed.ok && parsed.value.passphrase) || defaultParameters(random);
      expectTrue('parameters in the link', parsed.ok && parsed.value.passphrase !== undefined);
      expectSame('parameters', [memoryKib, iterations, parallelism], [64 * MIB, 3, 1]);
      expectSame(
        'the group',
        toHex(groupOf(stage.relay, String(invite), 'open sesame').id),
        toHex(stage.author.group.id),
      );
      await stage.controlled('after');
    }),
  },
];
