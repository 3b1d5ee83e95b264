import { errors } from '@0k-sync/generated/errors';
import { RECONNECT_EQUAL_MS_MAX } from '@0k-sync/generated/limits';
import { type Connection, type Transport, TransportError } from '@0k-sync/transport';
import t from 'tap';
import { type TestDevice, texts, World } from './support/world.ts';

const widest = (length: number) => new Uint8Array(length).fill(255);

/** Somebody at the relay's address, in the relay's place, who does this with every connection. */
type Stranger = (connection: Connection) => void;

const whatever: Readonly<Record<string, Stranger>> = {
  ...Object.fromEntries(
    [0, 1000, 1001, 1002, 1003, 1010, 1011, 1015, 1022, 1041, 2004, 3000, 9999].map((code) => [
      `close ${code}`,
      (connection: Connection) => void connection.close(code),
    ]),
  ),
  'a version answer': answers(Uint8Array.of(0x30, 0x4b, 9, 0)),
  garbage: answers(widest(4000)),
  'an empty stream': (connection) => connection.onStream((stream) => stream.end()),
};

function answers(bytes: Uint8Array): Stranger {
  return (connection) =>
    connection.onStream((stream) => {
      stream.receive({ data: () => {}, end: () => {}, closed: () => {} });
      stream.write(bytes.slice());
    });
}

/** The relay is stopped, and a stranger has its address until the returned function is called. */
async function replaced(world: World, stranger: Stranger): Promise<() => Promise<void>> {
  await world.relay.stop();
  const transport = world.network.transport('stranger');
  const alpns = ['/0k-sync/1', '/0k-sync/2'];
  const listener = await transport.listen({ host: 'relay', port: 4433, alpns }, stranger);
  return async () => {
    await listener.close();
    await world.listen();
  };
}

/** Equal failures in a row have made the wait longer than RECONNECT_MS_MAX. CL-36. */
async function isSynced(world: World, ann: TestDevice, bob: TestDevice): Promise<boolean> {
  for (let waited = 0; waited <= RECONNECT_EQUAL_MS_MAX && ann.session.status.unsynced > 0; waited += 10_000) {
    await world.clock.advance(10_000);
  }
  const read = bob.session.pull();
  await world.clock.advance(10_000);
  return ann.session.status.unsynced === 0 && texts(await read).includes('kept');
}

t.test(
  'CL-37 CL-67 finding/C1 what a stranger does stops no client, and its hint asks for nothing to be deleted',
  async (test) => {
    for (const [what, stranger] of Object.entries(whatever)) {
      const world = await World.create(test);
      const [ann, bob] = await world.pair();
      const restore = await replaced(world, stranger);
      await ann.session.push('kept').then(({ acknowledged }) => void acknowledged.catch(() => {}));
      for (let attempt = 0; attempt < 3; attempt += 1) await world.clock.advance(4000);
      const [link] = ann.session.status.relays;
      test.match(link, { state: /waiting|connecting/, relay: 'relay:4433' }, what);
      test.notMatch((link?.error as { hint?: string })?.hint ?? '', /delete|fresh|join|invite|create/i, what);
      await restore();
      test.ok(await isSynced(world, ann, bob), `${what}: synced again by itself`);
    }
  },
);

t.test('CL-37 finding/C1 a refused ALPN stops no client', async (test) => {
  const world = await World.create(test);
  const [, bob] = await world.pair();
  const inner = world.network.transport('device');
  let isHonest = true;
  const connect: Transport['connect'] = async (target, options) => {
    if (!isHonest) throw new TransportError('alpn', 'the relay speaks another protocol', 'Check the address.');
    return await inner.connect(target, options);
  };
  const ann = await world.open({ transport: { listen: inner.listen.bind(inner), connect } });
  await ann.session.pairJoin(await bob.session.pair());
  isHonest = false;
  for (const link of world.network.links) link.cut();
  await world.clock.advance(4000);
  test.match(ann.session.status.relays, [{ state: 'waiting', error: { code: 1010, relay: 'relay:4433' } }]);
  await ann.session.push('kept').then(({ acknowledged }) => void acknowledged.catch(() => {}));
  isHonest = true;
  test.ok(await isSynced(world, ann, bob));
});

t.test('CL-67 the hints of rows that need no channel advise neither to delete nor to join', async (test) => {
  for (const { number, hint } of Object.values(errors)) {
    if (number < 1030) test.notMatch(hint, /delete|fresh|join|invite|create/i, `${number}`);
  }
});
