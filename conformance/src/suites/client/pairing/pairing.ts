import { toHex } from '@0k-sync/core/bytes';
import { parseInvite } from '@0k-sync/core/pairing';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { relayKeys } from '@0k-sync/testkit/relay';
import { giving, requiring } from '../../acts.ts';
import { expect, expectThat } from '../../expect.ts';
import { Client } from '../client.ts';
import { readContent } from '../contents.ts';
import { groupOf, invitation, welcomeOf } from '../invitation.ts';
import type { ClientActs } from '../scene.ts';
import { joins, joinsHonestly, MIB, MINUTE_MS, PARSE, REQUIRES } from './joining.ts';

/** PA-14, as a joiner that has not acknowledged needs it. */
const KEEPS_TOKEN = 'ok: a joiner keeps its claim token for an invite until it has stored the Welcome';

const joiningActs: ClientActs = {
  'client/pairing/used': {
    title: 'a mailbox that somebody else has claimed is refused, and says no more than that',
    requirements: ['PA-14', 'PA-15'],
    run: async (scene) => {
      const invite = invitation(scene.relay, scene.author);
      for (const mailbox of scene.relay.state.mailboxes.entries.values()) mailbox.claimToken = random(16);
      const { code } = await scene.client.rejects('pair_join', ['invite.used'], { invite });
      expect('the number', code, 1052);
      await joinsHonestly(scene);
    },
  },
  'client/pairing/other-relay': {
    title: 'an invite is claimed at the relay that it names, and at no other',
    requirements: ['CL-32', 'HS-12'],
    run: async (scene) => {
      const { nodeId } = relayKeys(crypto, random(32));
      const invite = invitation(scene.relay, scene.author, {
        invite: (honest) => ({ ...honest, relay: { ...honest.relay, nodeId } }),
      });
      await scene.client.rejects('pair_join', ['handshake.identity'], { invite });
      expect('claims', scene.requests('mailboxClaim').length, 0);
      // Another device: what the first one makes of an address whose keys an invite named wrongly is its own affair.
      const { adapter } = scene.client;
      await scene.client.close();
      scene.client = await Client.open(adapter, await scene.target.directory());
      await joinsHonestly(scene);
    },
  },
  'client/pairing/wrong-passphrase': {
    title: 'a wrong passphrase does not open the Welcome, and the right one does afterwards with the same claim token',
    requirements: ['PA-07', 'PA-09', 'PA-11', 'PA-14'],
    run: async (scene) => {
      const invite = invitation(scene.relay, scene.author, { passphrase: 'caf\u00e9' });
      await scene.client.rejects('pair_join', PARSE, { invite, passphrase: 'cafe' });
      expect('records', scene.log.records.size, 1);
      // Decomposed: NFKC makes it the same. PA-09.
      const answer = await scene.client.attempt('pair_join', { invite, passphrase: 'cafe\u0301' });
      expectThat('pair_join with the right passphrase', 'ok' in answer, KEEPS_TOKEN, answer);
      expect('records', scene.log.records.size, 2);
      await scene.serves('after');
    },
  },
  'client/pairing/white-space-and-case': {
    title: 'white space around a link and its case do not matter',
    requirements: ['PA-01'],
    run: (scene) => joins(scene, ` \n${invitation(scene.relay, scene.author).toUpperCase()}\t\n`),
  },
  'client/pairing/wrapped': {
    title: 'a link that was wrapped, and quoted as in a mail, is read',
    requirements: ['PA-01'],
    run: (scene) => joins(scene, invitation(scene.relay, scene.author).replace(/.{60}/g, '$&\r\n> ')),
  },
  'client/pairing/dressed': {
    title: 'quotes, brackets, dots and invisible characters around and inside a link do not matter',
    requirements: ['PA-01'],
    run: (scene) => {
      const link = invitation(scene.relay, scene.author).replace(/.{20}/g, '$&\u200b');
      return joins(scene, `\ufeff\u201e<(${link})>."\u2026`);
    },
  },
  'client/pairing/within-the-skew': {
    title: 'an invite that is past by less than the tolerated skew is the relay’s to judge',
    requirements: ['PA-05', 'LI-22'],
    run: async (scene) => {
      const expiresAtMs = Date.now() - 4 * MINUTE_MS;
      const past = invitation(scene.relay, scene.author, { invite: (honest) => ({ ...honest, expiresAtMs }) });
      await joins(scene, past);
    },
  },
  'client/pairing/announcement': {
    title: 'the joiner’s first envelope is its announcement, and its mailbox is deleted',
    requirements: ['PA-16', 'PA-21', 'PA-22', 'GR-16'],
    given: { unpaired: true, config: { device_name: 'the joiner' } },
    run: async (scene) => {
      await joins(scene, invitation(scene.relay, scene.author));
      const [first] = scene.written;
      const content = first && readContent(scene.author.group, first);
      expectThat('the first envelope', content?.type === 'announcement', 'an announcement', content?.type);
      expect('the name', content.announcement.name, 'the joiner');
      expect('mailboxes', scene.relay.state.mailboxes.entries.size, 0);
    },
  },
};

const creatingActs: ClientActs = {
  'client/pairing/creates': {
    title: 'a client that makes a group gives invites that anybody can take, each once and with its own key',
    requirements: ['GR-01', 'GR-02', 'PA-03', 'PA-10', 'PA-13', 'SE-12'],
    run: async (scene) => {
      const links = [];
      for (const _ of [1, 2]) {
        const { invite, group_id: groupId } = await scene.client.act('pair_create');
        const group = groupOf(scene.relay, String(invite));
        expect('the group', [toHex(group.id), groupId], [toHex(scene.author.group.id), toHex(group.id)]);
        links.push(String(invite));
      }
      const invites = links.map((link) => parseInvite(crypto, link, Date.now()));
      const keys = invites.map((parsed) => (parsed.ok ? toHex(parsed.value.key.reveal()) : ''));
      expectThat('the keys of two invites', keys[0] !== keys[1], 'one for each', 'the same');
      await scene.serves('after');
    },
  },
  'client/pairing/tells-names': {
    title: 'a Welcome tells the names that the inviter knows, so that they outlive the announcements',
    requirements: ['PA-25', 'GR-16'],
    run: async (scene) => {
      await scene.serves('before');
      const { invite } = await scene.client.act('pair_create');
      const { names } = welcomeOf(scene.relay, String(invite));
      const told = names.map(({ deviceKey, name }) => [toHex(deviceKey), name]);
      const known = [
        [toHex(scene.author.keys.deviceKey), 'author'],
        [scene.deviceKey, 'under test'],
      ];
      expect('names', told.sort(), known.sort());
      await scene.serves('after');
    },
  },
  'client/pairing/creates-with-passphrase': {
    title: 'with a passphrase the link carries the default parameters and does not open without it',
    requirements: ['PA-07', 'PA-11'],
    run: async (scene) => {
      const { invite } = await scene.client.act('pair_create', { passphrase: 'open sesame, at midnight' });
      const parsed = parseInvite(crypto, String(invite), Date.now());
      const parameters = parsed.ok ? parsed.value.passphrase : undefined;
      expectThat('passphrase parameters in the link', parameters !== undefined, 'the default ones', 'none');
      const { memoryKib, iterations, parallelism } = parameters;
      expect('parameters', [memoryKib, iterations, parallelism], [64 * MIB, 3, 1]);
      expect('the group', groupOf(scene.relay, String(invite), 'open sesame, at midnight').id, scene.author.group.id);
      await scene.serves('after');
    },
  },
  'client/pairing/weak-passphrase': {
    title: 'no invite is made with a weak passphrase',
    requirements: ['PA-09', 'PA-23'],
    run: async (scene) => {
      const { size } = scene.relay.state.mailboxes.entries;
      for (const passphrase of ['', 'password1', 'open sesame', 'a'.repeat(64)])
        await scene.client.rejects('pair_create', PARSE, { passphrase });
      expect('mailboxes', scene.relay.state.mailboxes.entries.size, size);
      await scene.serves('after');
    },
  },
};

const cancellingActs: ClientActs = {
  'client/pairing/cancels': {
    title: 'a member cancels an invite by its link, also an old one that another member made',
    requirements: ['PA-17', 'PA-24'],
    run: async (scene) => {
      const { mailboxes } = scene.relay.state;
      const { invite: own } = await scene.client.act('pair_create');
      const old = invitation(scene.relay, scene.author, { invite: (honest) => ({ ...honest, expiresAtMs: 1 }) });
      expect('mailboxes', mailboxes.entries.size, 3);
      for (const invite of [own, old]) await scene.client.act('pair_cancel', { invite });
      expect('mailboxes', mailboxes.entries.size, 1);
      const { code } = await scene.client.rejects('pair_cancel', ['invite.used'], { invite: own });
      expect('the number', code, 1052);
      await scene.serves('after');
    },
  },
  'client/pairing/cancels-elsewhere': {
    title: 'the link of another relay is not taken to this one',
    requirements: ['PA-24'],
    run: async (scene) => {
      const nodeId = random(32);
      const invite = invitation(scene.relay, scene.author, {
        invite: (honest) => ({ ...honest, relay: { ...honest.relay, nodeId } }),
      });
      await scene.client.rejects('pair_cancel', ['invite.used'], { invite });
      expect('requests', scene.requests('mailboxCancel').length, 0);
      await scene.client.rejects('pair_cancel', PARSE, { invite: invite.slice(0, -1) });
      await scene.serves('after');
    },
  },
};

/** Joining a group, and inviting to it. */
export const pairingActs: ClientActs = {
  ...giving({ unpaired: true }, requiring(REQUIRES, joiningActs)),
  ...giving({ creates: 'address' }, requiring([...REQUIRES, 'pair_create'], creatingActs)),
  ...giving({ creates: 'address' }, requiring([...REQUIRES, 'pair_create', 'pair_cancel'], cancellingActs)),
};
