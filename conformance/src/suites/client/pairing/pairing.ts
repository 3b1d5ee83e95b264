import { toHex } from '@0k-sync/core/bytes';
import { defaultParameters, parseInvite } from '@0k-sync/core/pairing';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { relayKeys } from '@0k-sync/testkit/relay';
import { Failed } from '../../../model.ts';
import { Client } from '../client.ts';
import { readContent } from '../contents.ts';
import { groupOf, invitation } from '../invitation.ts';
import { onStage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { expectSame, expectTrue, show } from '../verdict.ts';
import { joins, joinsHonestly, MIB, MINUTE_MS, PARSE, REQUIRES } from './joining.ts';

/** PA-14, as a joiner that has not acknowledged needs it. */
const KEEPS_TOKEN = 'a joiner keeps its claim token for an invite until it has stored the Welcome';

/** Joining a group, and inviting to it. */
export const pairingScenarios: readonly ClientScenario[] = [
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
      await joinsHonestly(stage);
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
      await joinsHonestly(stage);
    }),
  },
  {
    id: 'client/pairing/wrong-passphrase',
    title: 'a wrong passphrase does not open the Welcome, and the right one does afterwards with the same claim token',
    level: 'must',
    requirements: ['PA-07', 'PA-09', 'PA-11', 'PA-14'],
    requires: REQUIRES,
    run: onStage({ unpaired: true }, async (stage) => {
      const invite = invitation(stage.relay, stage.author, { passphrase: 'caf\u00e9' });
      await stage.client.rejects('pair_join', PARSE, { invite, passphrase: 'cafe' });
      expectSame('records', stage.log.records.size, 1);
      // Decomposed: NFKC makes it the same. PA-09.
      const answer = await stage.client.attempt('pair_join', { invite, passphrase: 'cafe\u0301' });
      if (!('ok' in answer))
        throw new Failed('pair_join with the right passphrase', `ok: ${KEEPS_TOKEN}`, show(answer));
      expectSame('records', stage.log.records.size, 2);
      await stage.controlled('after');
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
      await joins(stage, invite);
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
      await joins(stage, invite);
    }),
  },
  {
    id: 'client/pairing/announcement',
    title: 'the joiner’s first envelope is its announcement, and its mailbox is deleted',
    level: 'must',
    requirements: ['PA-16', 'PA-21', 'PA-22', 'GR-16'],
    requires: REQUIRES,
    run: onStage({ unpaired: true, config: { device_name: 'the joiner' } }, async (stage) => {
      await joins(stage, invitation(stage.relay, stage.author));
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
      expectTrue('each device under a key of its own', keys[0] !== keys[1]);
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
      expectTrue('passphrase parameters in the link', parsed.ok && parsed.value.passphrase !== undefined);
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
