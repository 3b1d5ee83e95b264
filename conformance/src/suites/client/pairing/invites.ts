import { defaultParameters, type GroupState } from '@0k-sync/core/pairing';
import { MAILBOX_PAYLOAD_BYTES_MAX } from '@0k-sync/generated/limits';
import type { PassphraseParameters } from '@0k-sync/generated/wire/pairing';
import { Group } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import { flip } from '@0k-sync/testkit/wire';
import type { Claim } from '../forged.ts';
import { type InvitationOptions, invitation } from '../invitation.ts';
import { onStage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { expectSame, expectTrue } from '../verdict.ts';
import { joinsHonestly, MIB, MINUTE_MS, PARSE, REQUIRES } from './joining.ts';

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
      await joinsHonestly(stage);
    }),
  };
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
      expectTrue(
        `a refusal within ${COMPUTING_MS} ms`,
        performance.now() - from < COMPUTING_MS,
        performance.now() - from,
      );
      expectSame('connections', stage.relay.connections, connections);
      await joinsHonestly(stage);
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

/** Invites, and Welcomes in their mailboxes, that are refused. */
export const inviteScenarios: readonly ClientScenario[] = [
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
    // In the invite key, where every text is one: only the checksum can tell.
    link: (link) => link.slice(0, -40) + (link.at(-40) === 'y' ? 'b' : 'y') + link.slice(-39),
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
];
