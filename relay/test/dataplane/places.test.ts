import { errors } from '@0k-sync/generated/errors';
import { Device } from '@0k-sync/testkit/author';
import t from 'tap';
import { addressKey } from '../../src/dataplane/limits/address-key.ts';
import { type Place, Places } from '../../src/dataplane/limits/places.ts';
import { TestRelay } from '../support/relay.ts';

t.test('RL-80 finding/R7 a mapped address counts as its IPv4 address in any spelling', async (t) => {
  t.equal(addressKey('192.0.2.7'), '192.0.2.7');
  for (const host of ['::ffff:192.0.2.7', '::FFFF:C000:207', '0:0:0:0:0:ffff:192.0.2.7', '::ffff:c000:0207%eth0']) {
    t.equal(addressKey(host), '192.0.2.7', host);
  }
  t.equal(addressKey('::ffff:255.255.255.255'), '255.255.255.255');
  t.not(addressKey('::ffff:0:192.0.2.7'), '192.0.2.7', 'another prefix');
});

t.test('PA-18 RL-80 another IPv6 address counts as its /64', async (t) => {
  t.equal(addressKey('2001:DB8:1:2:3:4:5:6'), addressKey('2001:db8:1:2::9'));
  t.equal(addressKey('2001:0db8:0001:2::'), addressKey('2001:db8:1:2::9'));
  t.equal(addressKey('fe80::1%eth0'), addressKey('fe80::2'));
  t.not(addressKey('2001:db8:1:2::9'), addressKey('2001:db8:1:3::9'));
  t.equal(addressKey('::1'), addressKey('::2'));
});

/** Places on which yielded connections are recorded. */
function placesOf(config: { connectionsMax: number; perAddressMax?: number; strangersMax?: number }) {
  const places = new Places({ perAddressMax: 1000, strangersMax: config.connectionsMax, ...config });
  const yielded: string[] = [];
  const enter = (address: string, name = address): Place | undefined => {
    const place = places.enter(address);
    if (typeof place === 'string') return undefined;
    place.yield = () => void yielded.push(name);
    return place;
  };
  return { places, yielded, enter };
}

t.test('RL-61 finding/R14 four addresses cannot hold every place', async (t) => {
  const { places, yielded, enter } = placesOf({ connectionsMax: 40, perAddressMax: 10 });
  for (let count = 0; count < 10; count += 1) {
    for (const address of ['a', 'b', 'c', 'd']) enter(address, `${address}${count}`);
  }
  t.equal(places.total, 40);
  for (let count = 0; count < 8; count += 1) t.ok(enter('new'), 'an equal part of five');
  t.equal(enter('new'), undefined, 'and no more');
  t.same(yielded, ['a0', 'b0', 'c0', 'd0', 'a1', 'b1', 'c1', 'd1'], 'the oldest of the fullest goes first');
  t.equal(places.total, 40);
  t.equal(enter('a'), undefined, 'an address takes no place of its own');
});

/** Takes places for known devices, named by their number. */
function letIn({ places, enter }: ReturnType<typeof placesOf>, address: string, count: number): Place[] {
  return Array.from({ length: count }, (_, index) => {
    const place = enter(address, `${address}${index}`);
    if (place === undefined) throw new Error('there is no place');
    places.letIn(place);
    return place;
  });
}

t.test('RL-61 finding/R14 strangers have a share, and the rest is kept for known devices', async (t) => {
  const all = placesOf({ connectionsMax: 6, strangersMax: 2 });
  const [first] = letIn(all, 'k', 4);
  all.enter('s', 's0');
  all.enter('s', 's1');
  t.equal(all.enter('s', 's2'), undefined, 'the share of strangers is full');
  if (first !== undefined) all.places.leave(first);
  t.equal(all.enter('s', 's2'), undefined, 'a place that is free is kept');
  t.ok(all.enter('n', 'n0'));
  t.same(all.yielded, ['s0'], 'the oldest stranger of the address with most of them');
  t.equal(all.enter('n', 'n1'), undefined, 'each has an equal part');
});

t.test('RL-61 finding/R14 a known device gives its place up after the strangers of its address', async (t) => {
  const all = placesOf({ connectionsMax: 4 });
  letIn(all, 'k', 2);
  all.enter('k', 'k2');
  all.enter('k', 'k3');
  for (let count = 0; count < 2; count += 1) all.enter('n');
  t.same(all.yielded, ['k2', 'k3']);
  const known = placesOf({ connectionsMax: 4 });
  letIn(known, 'k', 4);
  known.enter('n');
  t.same(known.yielded, ['k0'], 'the oldest one');
});

t.test('RL-61 a place that was given away counts once', async (t) => {
  const { places, enter } = placesOf({ connectionsMax: 3 });
  const [first] = [enter('a'), enter('a'), enter('a')];
  t.ok(enter('b'));
  if (first !== undefined) {
    places.letIn(first);
    places.leave(first);
  }
  t.equal(places.total, 3);
});

t.test('RL-61 finding/R14 limits.strangers_percent_max: silent strangers make room for a member', async (t) => {
  const limits = { connections_max: 8, strangers_percent_max: 50, connections_per_address_per_second: 0 };
  const relay = await TestRelay.start(t, { limits });
  const device = new Device();
  await (await relay.member(device, 'home')).leave();
  const open = () => relay.network.transport('flood').connect(relay.target, { alpn: '/0k-sync/2' });
  const silent = await Promise.all(Array.from({ length: 4 }, open));
  const turnedAway = await open();
  t.equal((await turnedAway.closed).code, errors.RELAY_OVERLOADED.number, 'the share of strangers is used up');
  const client = await relay.member(device, 'home');
  await client.push(device.items(1));
  t.equal((await silent[0]?.closed)?.code, errors.RELAY_OVERLOADED.number, 'the oldest made room');
  t.equal(relay.relay.admission.connections, 4);
  t.equal(relay.counts.connections, 4);
  await open();
  t.equal(relay.relay.admission.connections, 5, 'the known device is no stranger any more');
});
