import { ROLL_BACK_MS_MIN } from '@0k-sync/generated/limits';
import { replaceAnswers } from '@0k-sync/testkit/relay';
import t from 'tap';
import { World } from './support/world.ts';

t.test(
  'CL-16 LI-78 finding/C6 a roll-back is believed once in ROLL_BACK_MS_MIN, or after reconnect()',
  async (test) => {
    const world = await World.create(test);
    const [, bob] = await world.pair();
    await bob.session.pull();
    const rollBackOnce = () => {
      world.relay.behaviour.request = (body) => {
        if (body.$case !== 'pull') return undefined;
        world.relay.behaviour = {};
        return { error: 'ROLLED_BACK' };
      };
    };
    const isObeyed = async () => {
      rollBackOnce();
      const { length } = bob.named('rolled-back');
      await bob.session.pull().catch(() => {});
      await bob.session.pull();
      return bob.named('rolled-back').length > length;
    };
    test.equal(await isObeyed(), true);
    test.equal(await isObeyed(), false);
    await world.clock.advance(ROLL_BACK_MS_MIN);
    test.equal(await isObeyed(), true);
    await bob.session.reconnect();
    test.equal(await isObeyed(), true);
  },
);

t.test('CL-04 finding/C6 a pull ends at the head that its first page names', async (test) => {
  const world = await World.create(test);
  const [, bob] = await world.pair();
  await bob.session.pull();
  const author = await world.authorOf(await world.open({ store: await world.copyStore(bob) }));
  let pages = 0;
  world.relay.behaviour.answer = replaceAnswers('page', (value) => {
    pages += 1;
    world.relay.group.append(author.next(`page ${pages}`));
    return { $case: 'page', value: { ...value, hasMore: true } };
  });
  world.relay.group.append(author.next('first'));
  await bob.session.pull();
  test.equal(pages, 1, 'what comes meanwhile is for the next pull');
});

t.test('CL-07 SE-17 an Ack goes to a relay with the capability ack-removal alone', async (test) => {
  for (const capabilities of [[], ['other', 'ack-removal']]) {
    const world = await World.create(test);
    const [ann, bob] = await world.pair();
    world.relay.behaviour.hello = (ack) => ({ ...ack, capabilities });
    const again = await world.reopen(bob);
    await (await ann.session.push('read')).acknowledged;
    const before = world.relay.requests.length;
    await again.session.pull();
    const acks = world.relay.requests.slice(before).filter(({ $case }) => $case === 'ack');
    test.equal(acks.length, capabilities.length > 0 ? 1 : 0);
  }
});
