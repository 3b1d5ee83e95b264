import t from 'tap';
import { memoryWire, next, once, Setting } from './support/setting.ts';

t.test('lesson/typed-refusal a quota refusal is no outage, and the message waits', async (test) => {
  const setting = await Setting.create(test, memoryWire(), { groups: { envelopes_max: 3 } });
  const ann = await setting.device('ann');
  await ann.pair();
  for (const text of ['one', 'two']) await (await ann.push(text)).acknowledged;
  const refused = once(ann, 'refused');
  await ann.push('three');
  test.match(await refused, { code: 2002, willRetry: true, relay: setting.address });
  test.match(ann.status, { connected: true, unsynced: 1 });
});

t.test('SE-13 SyncSessionOptions.accessToken: groups are created by token where the relay wants one', async (test) => {
  const token = 'a-token-of-enough-characters';
  const setting = await Setting.create(test, memoryWire(), { groups: { creation: 'token', access_tokens: [token] } });
  const without = await setting.device('ann');
  await test.rejects(without.pair(), { message: /./, name: 'SyncError' });
  test.match(without.status.relays, [{ state: 'stopped', error: { code: 1002 } }]);
  const [{ nodeId } = { nodeId: '' }] = without.trustedRelays;
  await without.close();
  const ann = await setting.device('ann', { accessToken: token });
  await ann.trustRelay(`${nodeId}@${setting.address}`); // CL-69
  const bob = await setting.device('bob');
  await bob.pairJoin(await ann.pair());
  await (await bob.push('no token needed to join')).acknowledged;
  test.match(await next(ann.messages()), { senderName: 'bob' });
});

t.test('PA-15 lesson/invite-single-use at the real relay', async (test) => {
  const setting = await Setting.create(test, memoryWire());
  const ann = await setting.device('ann');
  const invite = await ann.pair();
  const bob = await setting.device('bob');
  await bob.pairJoin(invite);
  const carol = await setting.device('carol');
  await test.rejects(carol.pairJoin(invite), { name: 'SyncError', message: /./ });
  test.equal(carol.groupId, undefined);
});

t.test('E-large messages, many messages and five devices that write at once arrive whole', async (test) => {
  const setting = await Setting.create(test, memoryWire());
  const names = ['ann', 'bob', 'carol', 'dave', 'eve'];
  const devices = [];
  for (const name of names) {
    const device = await setting.device(name);
    const [inviter] = devices;
    if (inviter !== undefined) await device.pairJoin(await inviter.pair());
    devices.push(device);
  }
  const written = await Promise.all(
    devices.map(async (device, index) => {
      const receipts = [];
      for (let number = 0; number < 100; number += 1) receipts.push(await device.push(`${names[index]} ${number}`));
      receipts.push(await device.push(new Uint8Array(192 * 1024).fill(index)));
      await Promise.all(receipts.map(({ acknowledged }) => acknowledged));
      return receipts.map(({ id }) => id);
    }),
  );
  const all = written.flat().sort();
  for (const [index, device] of devices.entries()) {
    const messages = await device.pull();
    test.same(messages.map(({ id }) => id).sort(), all, `${names[index]} has all, once each`);
    for (const name of names) {
      const own = messages.filter(({ senderName, content }) => senderName === name && typeof content === 'string');
      test.same(
        own.map(({ content }) => content),
        Array.from({ length: 100 }, (_, number) => `${name} ${number}`),
        `in the order of ${name}`,
      );
    }
  }
});
