import { toHex } from '@0k-sync/core/bytes';
import { createMemberRecord, EpochKeys } from '@0k-sync/core/group';
import type { MemberRecord } from '@0k-sync/generated/wire/group';
import { type Device, Group } from '@0k-sync/testkit/author';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { flip } from '@0k-sync/testkit/wire';
import { actsOf, type Claim, requiring } from '../../acts.ts';
import { expect } from '../../expect.ts';
import { amid, type ClientActs, type ClientScene, READS, type SceneOptions } from '../scene.ts';

/** A record that the relay lists for a stranger. */
interface Listed extends Claim {
  readonly recordFor: (stranger: Device, scene: ClientScene) => MemberRecord | undefined;
}

function list(scene: ClientScene, device: Device, record: MemberRecord): void {
  scene.log.records.set(toHex(device.keys.deviceKey), record);
}

/** The client pulls, and asks once who is in the group. */
async function pullsAndAsksOnce(scene: ClientScene): Promise<void> {
  const asked = scene.requests('listDevices').length;
  await scene.client.act('pull');
  expect('ListDevices', scene.requests('listDevices').length - asked, 1);
}

/** The client holds envelopes of a stranger whose record does not verify, and reads those of members. */
const strangerActs: ClientActs = actsOf<Listed, ClientScene, SceneOptions>(
  {
    'client/members/no-record': {
      title: 'what a sender without a record wrote is held after one ListDevices',
      requirements: ['CL-09', 'EN-07'],
      recordFor: () => undefined,
    },
    'client/members/auth-signature': {
      title: 'a record whose auth signature does not verify makes no member',
      requirements: ['GR-09', 'GR-14', 'CL-09'],
      recordFor: (stranger) => ({
        ...stranger.enrolment.record,
        authSignature: flip(stranger.enrolment.record.authSignature),
      }),
    },
    'client/members/device-signature': {
      title: 'a record whose device signature does not verify makes no member',
      requirements: ['GR-09', 'GR-14', 'CL-09'],
      recordFor: (stranger) => ({
        ...stranger.enrolment.record,
        deviceSignature: flip(stranger.enrolment.record.deviceSignature),
      }),
    },
    'client/members/another-auth-key': {
      title: 'a record that the relay countersigned with a key of its own makes no member',
      requirements: ['GR-05', 'GR-09', 'GR-14'],
      recordFor: (stranger, { author }) => {
        // The group id is public: the keys of another secret claim it.
        const own = new EpochKeys(crypto, random(32), 0, author.group.id);
        return createMemberRecord(stranger.keys, own);
      },
    },
    'client/members/another-group': {
      title: 'a record of another group, honest there, makes no member here',
      requirements: ['GR-08', 'GR-14'],
      recordFor: () => new Group().device().enrolment.record,
    },
    'client/members/body-not-canonical': {
      title: 'a record whose body was changed makes no member',
      requirements: ['GR-08', 'GR-14'],
      recordFor: (stranger) => ({ ...stranger.enrolment.record, body: flip(stranger.enrolment.record.body) }),
    },
  },
  ({ recordFor }) =>
    amid(async (scene) => {
      const stranger = scene.author.sibling();
      const record = recordFor(stranger, scene);
      if (record !== undefined) list(scene, stranger, record);
      scene.append(stranger.next('from nobody'));
      await pullsAndAsksOnce(scene);
      expect('rejections', await scene.client.events('rejected'), []);
      return [];
    }),
);

/** Members, and strangers that claim to be members. */
export const memberListActs: ClientActs = requiring(READS, {
  ...strangerActs,
  'client/members/unknown-sender': {
    title: 'a sender that the client does not know is looked up by one ListDevices, and then read',
    requirements: ['CL-09', 'EN-07', 'GR-14'],
    run: amid(async (scene) => {
      const other = scene.author.sibling();
      list(scene, other, other.enrolment.record);
      scene.append(other.announce('another').envelope);
      for (const text of ['one', 'two']) scene.append(other.next(text));
      await pullsAndAsksOnce(scene);
      return ['one', 'two'];
    }),
  },
  'client/members/record-later': {
    title: 'what a sender without a record wrote is read when its record becomes known, in order',
    requirements: ['CL-09', 'CL-12'],
    run: amid(async (scene) => {
      const other = scene.author.sibling();
      for (const text of ['one', 'two']) scene.append(other.next(text));
      await pullsAndAsksOnce(scene);
      await scene.delivered('before');
      list(scene, other, other.enrolment.record);
      scene.append(other.next('three'));
      await pullsAndAsksOnce(scene);
      return ['one', 'two', 'three'];
    }),
  },
  'client/members/record-announced': {
    title: 'an announcement brings the record of its sender, though the relay lists nobody',
    requirements: ['CL-09', 'PA-22', 'GR-14'],
    run: amid(async (scene) => {
      const other = scene.author.sibling();
      scene.append(other.announce('another').envelope);
      scene.append(other.next('one'));
      await scene.client.act('pull');
      return ['one'];
    }),
  },
  'client/members/record-of-another-announced': {
    title: 'an announcement with the record of another device makes no member of its sender',
    requirements: ['CL-09', 'GR-14'],
    run: amid(async (scene) => {
      const [other, third] = [scene.author.sibling(), scene.author.sibling()];
      Object.assign(other, { enrolment: third.enrolment });
      scene.append(other.announce('another').envelope);
      scene.append(other.next('one'));
      await scene.client.act('pull');
      expect('rejections', await scene.client.events('rejected'), []);
      return [];
    }),
  },
  'client/members/joined': {
    title: 'members see who joined, under the name that it gave itself',
    requirements: ['PA-22', 'GR-16'],
    run: async (scene) => {
      await scene.serves('before');
      const { device, name } = await scene.client.event('member-joined');
      expect('who joined', [device, name], [toHex(scene.author.keys.deviceKey), 'author']);
    },
  },
});
