import { toHex } from '@0k-sync/core/bytes';
import { createMemberRecord, EpochKeys } from '@0k-sync/core/group';
import type { MemberRecord } from '@0k-sync/generated/wire/group';
import { type Device, Group } from '@0k-sync/testkit/author';
import { crypto, random } from '@0k-sync/testkit/crypto';
import { flip } from '@0k-sync/testkit/wire';
import { sealAnnouncement, sealMessage } from '../contents.ts';
import { type Claim, expectRejected, READS } from '../forged.ts';
import { onStage, type Stage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { expectSame } from '../verdict.ts';

function recordOf({ enrolment }: Device): MemberRecord {
  if (enrolment.record === undefined) throw new TypeError('a device has a record');
  return enrolment.record;
}

function list(stage: Stage, device: Device, record: MemberRecord): void {
  stage.log.records.set(toHex(device.keys.deviceKey), record);
}

/** The relay lists a record that does not verify: what its device signs is rejected, and members go on. */
function forgedRecord(
  claim: Claim,
  recordFor: (stranger: Device, stage: Stage) => MemberRecord | undefined,
): ClientScenario {
  return {
    ...claim,
    level: 'must',
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const stranger = stage.author.group.device();
      const record = recordFor(stranger, stage);
      if (record !== undefined) list(stage, stranger, record);
      const asked = stage.requests('listDevices').length;
      const cursor = stage.append(sealMessage(stranger, { content: 'from nobody' }).envelope);
      await stage.client.act('pull');
      await expectRejected(stage, ['envelope.auth', 'envelope.binding'], cursor);
      expectSame('ListDevices', stage.requests('listDevices').length - asked, 1);
      await stage.controlled('after');
      await stage.delivered(['before', 'after']);
    }),
  };
}

/** Who is a member, and who only says so. */
export const memberListScenarios: readonly ClientScenario[] = [
  {
    id: 'client/members/unknown-sender',
    title: 'a sender that the client does not know is looked up by one ListDevices, and then read',
    level: 'must',
    requirements: ['CL-09', 'EN-07', 'GR-14'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const other = stage.author.group.device();
      list(stage, other, recordOf(other));
      const asked = stage.requests('listDevices').length;
      stage.append(sealAnnouncement(other, 'another').envelope);
      for (const content of ['one', 'two']) stage.append(sealMessage(other, { content }).envelope);
      await stage.client.act('pull');
      expectSame('ListDevices', stage.requests('listDevices').length - asked, 1);
      await stage.controlled('after');
      await stage.delivered(['before', 'one', 'two', 'after']);
    }),
  },
  {
    id: 'client/members/joined',
    title: 'members see who joined, under the name that it gave itself',
    level: 'must',
    requirements: ['PA-22', 'GR-16'],
    requires: READS,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const { device, name } = await stage.client.event('member-joined');
      expectSame('who joined', [device, name], [toHex(stage.author.keys.deviceKey), 'author']);
    }),
  },
  forgedRecord(
    {
      id: 'client/members/no-record',
      title: 'what a sender without a record wrote is rejected after one ListDevices',
      requirements: ['CL-09', 'EN-07'],
    },
    () => undefined,
  ),
  forgedRecord(
    {
      id: 'client/members/auth-signature',
      title: 'a record whose auth signature does not verify makes no member',
      requirements: ['GR-09', 'GR-14', 'CL-09'],
    },
    (stranger) => ({ ...recordOf(stranger), authSignature: flip(recordOf(stranger).authSignature) }),
  ),
  forgedRecord(
    {
      id: 'client/members/device-signature',
      title: 'a record whose device signature does not verify makes no member',
      requirements: ['GR-09', 'GR-14', 'CL-09'],
    },
    (stranger) => ({ ...recordOf(stranger), deviceSignature: flip(recordOf(stranger).deviceSignature) }),
  ),
  forgedRecord(
    {
      id: 'client/members/another-auth-key',
      title: 'a record that the relay countersigned with a key of its own makes no member',
      requirements: ['GR-05', 'GR-09', 'GR-14'],
    },
    (stranger, { author }) => {
      // The group id is public: the keys of another secret claim it.
      const own = new EpochKeys(crypto, random(32), 0, author.group.id);
      return createMemberRecord(stranger.keys, own);
    },
  ),
  forgedRecord(
    {
      id: 'client/members/another-group',
      title: 'a record of another group, honest there, makes no member here',
      requirements: ['GR-08', 'GR-14'],
    },
    () => recordOf(new Group().device()),
  ),
  forgedRecord(
    {
      id: 'client/members/body-not-canonical',
      title: 'a record whose body was changed makes no member',
      requirements: ['GR-08', 'GR-14'],
    },
    (stranger) => ({ ...recordOf(stranger), body: flip(recordOf(stranger).body) }),
  ),
];
