import t from 'tap';
import { memoryWire, next, once, quicWire, Setting } from './support/setting.ts';

const passphrase = 'correct horse battery staple';

for (const makeWire of [memoryWire, quicWire]) {
  for (const mode of ['hybrid', 'classical'] as const) {
    const wire = makeWire();
    t.test(`lesson/pairing-end-to-end over ${wire.name}, ${mode}: pair, push, live and pull`, async (test) => {
      const setting = await Setting.create(test, wire);
      const ann = await setting.device('ann', { mode });
      const bob = await setting.device('bob', { mode });
      const joined = once(ann, 'member-joined');
      await bob.pairJoin(await ann.pair({ passphrase }), { passphrase });

      const receipt = await ann.push('from ann');
      test.match(await receipt.acknowledged, { relay: setting.address, durable: true });
      test.match(await next(bob.messages()), { content: 'from ann', senderName: 'ann', id: receipt.id });

      const answer = await bob.push(Uint8Array.of(1, 2, 3));
      await answer.acknowledged;
      const pulled = await ann.pull();
      test.same(
        pulled.map(({ content }) => content),
        ['from ann', Uint8Array.of(1, 2, 3)],
      );
      test.match(await joined, { name: 'bob' });
      test.same((await bob.devices()).map(({ name }) => name).sort(), ['ann', 'bob']);
      test.equal(ann.status.unsynced, 0);
    });
  }
}
