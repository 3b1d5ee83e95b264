import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import type { Group, Message } from '../../src/index.ts';
import { World } from '../support/world.ts';

/** Processes a group live into a list. */
function followInto(group: Group, seen: unknown[], signal: AbortSignal): Promise<void> {
  const list = {
    position: async () => 0,
    transaction: (_name: string, _position: number, work: (tx: undefined) => Promise<void>) => work(undefined),
  };
  const keep = (page: readonly Message[]) => void seen.push(...page.map(({ content }) => content));
  return group.log.process<undefined>('seen', keep, { into: list, signal });
}

for (const error of ['DEVICE_REVOKED', 'UNKNOWN_GROUP', 'DEVICES_EXCEEDED'] as const)
  t.test(`CL-37 log.process goes on when the relay refuses for good: ${error}`, async (test) => {
    const world = await World.create(test);
    const [ann, bob] = [await world.device(), await world.device()];
    const group = await ann.createGroup({ relays: ['relay:4433'] });
    const joined = await bob.join(await group.invite());
    const controller = new AbortController();
    const seen: unknown[] = [];
    const following = followInto(group, seen, controller.signal);
    await settle();
    world.relay.behaviour.authorize = () => ({ error });
    for (const link of world.network.links) link.cut();
    await world.clock.advance(10_000);
    test.match(group.state, { connected: false, relays: [{ state: 'stopped', error: { errorName: error } }] });
    await group.push('written here');
    await joined.push('written there');
    await world.clock.advance(10_000);
    test.same(seen, ['written here'], 'what is stored here is processed');
    world.relay.behaviour = {};
    await Promise.all([group.reconnect(), joined.reconnect()]);
    await settle();
    test.same(seen, ['written here', 'written there'], 'and what comes when the refusal is taken back');
    controller.abort(new Error('enough'));
    await test.rejects(following, { message: 'enough' }, 'only its signal ends it');
  });
