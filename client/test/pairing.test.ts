import t from 'tap';
import { settle } from './helpers/virtual-clock.ts';
import { texts, World } from './helpers/world.ts';

t.test('lesson/pairing-end-to-end two devices pair, push and pull', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  test.equal(bob.session.groupId, ann.session.groupId);
  const receipt = await ann.session.push('hello', { metadata: '{"a":1}' });
  test.match(await receipt.acknowledged, { relay: 'relay:4433', durable: true, cursor: 3 });
  await bob.session.push(Uint8Array.of(1, 2, 3));
  const [message] = await bob.session.pull();
  test.match(message, {
    id: receipt.id,
    content: 'hello',
    metadata: '{"a":1}',
    own: false,
    sender: ann.session.device,
    senderName: 'Ann',
    cursor: 3,
  });
  await settle();
  test.same(texts(await ann.session.pull()), ['hello', Uint8Array.of(1, 2, 3)]);
  test.same(texts(await ann.session.pull(3)), [Uint8Array.of(1, 2, 3)]);
});
