import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import {
  createMemberRecord,
  DeviceKeys,
  EpochKeys,
  readMemberRecordBody,
  verifyMember,
  verifyMemberRecord,
} from '@0k-sync/core/group';
import { type MemberRecord, MemberRecordBody } from '@0k-sync/generated/wire/group';
import { deterministicRandom } from '@0k-sync/testkit/crypto';
import fc from 'fast-check';
import t from 'tap';

const random = deterministicRandom('member-record');
const keys = EpochKeys.create(crypto, random);
const stranger = EpochKeys.create(crypto, random);
const device = new DeviceKeys(crypto, random(32), keys.groupId);
const record = createMemberRecord(device, keys);
const authKeyOf = (epoch: number) => (epoch === 0 ? keys.authKey : undefined);

t.test('GR-08 GR-09 a record verifies and says what it says', async (t) => {
  const body = verifyMemberRecord(crypto, record, keys.authKey);
  const { groupId, deviceKey, xwingKey } = device;
  t.strictSame(body, { groupId, deviceKey, xwingKey, epoch: 0 });
  t.match(verifyMember(crypto, record, keys.groupId, authKeyOf), { deviceKey, record });
  t.ok(record.body.length <= 1400, `${record.body.length} bytes of body`);
});

t.test('GR-14 another group, key or epoch does not count', async (t) => {
  t.equal(verifyMemberRecord(crypto, record, stranger.authKey), undefined);
  t.equal(verifyMember(crypto, record, stranger.groupId, authKeyOf), undefined);
  t.equal(
    verifyMember(crypto, record, keys.groupId, () => undefined),
    undefined,
    'an epoch that is not held',
  );
  t.throws(() => createMemberRecord(device, stranger), TypeError);
});

t.test('GR-09 lesson/splice no part of one record fits another', async (t) => {
  const other = createMemberRecord(new DeviceKeys(crypto, random(32), keys.groupId), keys);
  const spliced: MemberRecord[] = [
    { ...record, body: other.body },
    { ...record, deviceSignature: other.deviceSignature },
    { ...record, authSignature: other.authSignature },
    { ...record, deviceSignature: record.authSignature },
    { ...record, authSignature: record.deviceSignature },
  ];
  for (const candidate of spliced) t.equal(verifyMemberRecord(crypto, candidate, keys.authKey), undefined);
});

t.test('GR-08 a body that is not canonical is none, even when it is signed', async (t) => {
  const { groupId, deviceKey, xwingKey } = device;
  const fields = { groupId, deviceKey, xwingKey };
  const canonical = MemberRecordBody.encode({ ...fields, epoch: 3 }).finish();
  const bodies = {
    'unknown field': Uint8Array.of(...canonical, 0x28, 0x01),
    'default written out': Uint8Array.of(...record.body, 0x20, 0x00),
    'fields out of order': Uint8Array.of(0x20, 0x03, ...record.body),
    'short key': MemberRecordBody.encode({ ...fields, deviceKey: deviceKey.subarray(1), epoch: 0 }).finish(),
    'short X-Wing key': MemberRecordBody.encode({
      ...fields,
      xwingKey: xwingKey.subarray(1),
      epoch: 0,
    }).finish(),
    empty: new Uint8Array(0),
  };
  for (const [what, body] of Object.entries(bodies))
    t.equal(readMemberRecordBody({ ...record, body }), undefined, what);
  t.match(readMemberRecordBody({ ...record, body: canonical }), { epoch: 3 });
});

t.test('GR-09 any flipped bit of a record fails', async (t) => {
  const parts = ['body', 'deviceSignature', 'authSignature'] as const;
  fc.assert(
    fc.property(fc.constantFrom(...parts), fc.nat(), fc.nat({ max: 7 }), (part, at, bit) => {
      const bytes = record[part].slice();
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit);
      return verifyMemberRecord(crypto, { ...record, [part]: bytes }, keys.authKey) === undefined;
    }),
    { numRuns: 150, seed: 8 },
  );
  t.pass('150 flips');
});
