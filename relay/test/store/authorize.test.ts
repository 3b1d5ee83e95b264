import { randomBytes } from 'node:crypto';
import { stubHash } from '@0k-sync/core/envelope';
import { crypto } from '@0k-sync/testkit/crypto';
import { VirtualClock } from '@0k-sync/testkit/time';
import t from 'tap';
import { isRefused } from '../../src/store/port.ts';
import { enrol, openStore, Sender, someRecord } from '../support/store.ts';

const store = await openStore(t.testdir(), new VirtualClock(), { quotas: { devicesMax: 3 } });
t.teardown(() => store.close());

function hello(groupId: Uint8Array, deviceKey: Uint8Array) {
  return { kind: 'authorize', groupId, deviceKey, enrolment: undefined, creator: new Uint8Array(16) } as const;
}

t.test('SE-11 SE-12 the first enrolment creates the group, later ones join it', async (t) => {
  const first = await enrol(store);
  t.match(first.opened, { created: true, head: 0, floor: 0, epoch: 0, ownHead: undefined });
  const second = await enrol(store, first.groupId);
  t.match(second.opened, { created: false, group: first.opened.group });
  const list = store.listDevices(first.opened.group);
  t.equal(list.version, 2);
  t.equal(list.records.length, 2);
});

t.test('SE-11 SE-15 an enrolled device is let in without its record and told its own head', async (t) => {
  const device = await enrol(store);
  const sender = new Sender(device);
  await store.perform(sender.push(sender.next(), sender.next()));
  const again = await store.perform(hello(device.groupId, device.deviceKey));
  t.match(again, { created: false, head: 2, floor: 0 });
  t.same(isRefused(again) ? undefined : again.ownHead && stubHash(crypto, again.ownHead), sender.previous);
});

t.test('SE-12 enrolling again changes no record', async (t) => {
  const device = await enrol(store);
  const enrolment = { record: someRecord(), authKey: randomBytes(32) };
  const again = await store.perform({ ...hello(device.groupId, device.deviceKey), enrolment });
  t.match(again, { device: device.opened.device });
  const [record] = store.listDevices(device.opened.group).records;
  t.notSame(record, enrolment.record);
});

t.test('ER-03 SE-14 a stranger is refused alike whether the group exists or not', async (t) => {
  const device = await enrol(store);
  const known = await store.perform(hello(device.groupId, randomBytes(32)));
  const unknown = await store.perform(hello(randomBytes(32), randomBytes(32)));
  t.same(known, { refused: 'UNAUTHORIZED' });
  t.same(unknown, known);
});

t.test('SE-13 nothing is created where creation is not allowed', async (t) => {
  const groupId = randomBytes(32);
  const enrolment = { record: someRecord(), authKey: randomBytes(32) };
  const refused = await store.perform({ ...hello(groupId, randomBytes(32)), enrolment, creator: undefined });
  t.same(refused, { refused: 'UNAUTHORIZED' });
  const device = await enrol(store);
  const joining = await store.perform({ ...hello(device.groupId, randomBytes(32)), enrolment, creator: undefined });
  t.notOk(isRefused(joining), 'joining is no creation');
});

t.test('GR-15 a group has at most the configured number of devices', async (t) => {
  const { groupId } = await enrol(store);
  await enrol(store, groupId);
  await enrol(store, groupId);
  await t.rejects(enrol(store, groupId), /DEVICES_EXCEEDED/);
});

t.test('RL-48 lesson/ack-after-store Ack is monotonic and at most what was delivered or acknowledged', async (t) => {
  const { device } = (await enrol(store)).opened;
  const ack = (cursor: number, delivered: number) => store.perform({ kind: 'acknowledge', device, cursor, delivered });
  t.same(await ack(5, 4), { refused: 'CURSOR_OUT_OF_RANGE' });
  t.equal(await ack(5, 5), undefined);
  t.equal(await ack(3, 5), undefined, 'lower is harmless');
  t.equal(await ack(5, 0), undefined, 'acknowledged before, in another session');
  t.same(await ack(6, 0), { refused: 'CURSOR_OUT_OF_RANGE' });
});
