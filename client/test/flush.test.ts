import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { MemoryStore, type Store } from '../src/index.ts';
import { World } from './support/world.ts';

/** A store whose answers to reads of the outbox wait until they are let go, as those of a busy disk. */
class SlowStore extends MemoryStore {
  #gate: PromiseWithResolvers<void> | undefined;

  hold(): void {
    this.#gate = Promise.withResolvers();
  }

  letGo(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  override async outbox(...args: Parameters<Store['outbox']>): ReturnType<MemoryStore['outbox']> {
    const page = await super.outbox(...args);
    await this.#gate?.promise;
    return page;
  }

  override async outboxEntry(...args: Parameters<Store['outboxEntry']>): ReturnType<MemoryStore['outboxEntry']> {
    const entry = await super.outboxEntry(...args);
    await this.#gate?.promise;
    return entry;
  }
}

/** A device with an unacknowledged message, in a session that has no receipt for it. */
async function withUnacknowledged(world: World) {
  const store = new SlowStore();
  const [ann] = await world.pair();
  await world.shut(ann);
  const first = await world.open({ store });
  await first.session.pair();
  await settle();
  world.relay.behaviour.request = (body) => (body.$case === 'push' ? 'silence' : undefined);
  const { id, acknowledged } = await first.session.push('one');
  acknowledged.catch(() => {});
  await settle();
  const again = await world.reopen(first);
  await settle();
  return { again, store, id };
}

t.test('CL-43 flush() waits for no message that was acknowledged while it read the queue', async (test) => {
  const world = await World.create(test);
  const { again, store } = await withUnacknowledged(world);
  store.hold();
  const flushed = again.session.flush();
  world.relay.behaviour = {};
  await again.session.reconnect();
  await settle();
  test.equal(again.session.status.unsynced, 0);
  store.letGo();
  await flushed;
});

t.test(
  'CL-43 EN-16 the receipt of a repeated push settles when the first one was acknowledged meanwhile',
  async (test) => {
    const world = await World.create(test);
    const { again, store, id } = await withUnacknowledged(world);
    store.hold();
    const pushed = again.session.push('one', { id });
    world.relay.behaviour = {};
    await again.session.reconnect();
    await settle();
    test.equal(again.session.status.unsynced, 0);
    store.letGo();
    const receipt = await pushed;
    test.match(await receipt.acknowledged, { relay: 'relay:4433' });
  },
);
