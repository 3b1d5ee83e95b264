import { formatInvite, parseInvite } from '@0k-sync/core/pairing';
import { CLOCK_SKEW_MS_MAX, DEVICE_NAME_BYTES_MAX, INVITE_LIFETIME_MS_MAX } from '@0k-sync/generated/limits';
import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { syncError } from './support/expect.ts';
import { texts, World } from './support/world.ts';

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

t.test('PA-22 members see who joined; devices() names all', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  await ann.session.pull();
  test.same(ann.named('member-joined'), [{ device: bob.session.device, name: 'Bob' }]);
  await bob.session.pull();
  const devices = await bob.session.devices();
  test.same(devices.map(({ name, own }) => [name, own]).sort(), [
    ['Ann', false],
    ['Bob', true],
  ]);
  const first = world.relay.group.envelopes[1];
  test.ok(first, 'PA-22 the joiner’s first envelope stands second in the log');
  test.same(texts(await bob.session.pull()), [], 'an announcement is no message');
});

t.test('PA-22 the joiner reads what the relay still holds', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  await (await ann.session.push('before')).acknowledged;
  const carol = await world.open({ deviceName: 'Carol' });
  await carol.session.pairJoin(await ann.session.pair());
  test.same(texts(await carol.session.pull()), ['before']);
});

t.test('PA-25 finding/T6 names outlive the announcements that a relay has removed', async (test) => {
  const world = await World.create(test);
  const [ann] = await world.pair();
  await ann.session.pull();
  world.relay.group.expireThrough(world.relay.group.head);
  const carol = await world.open({ deviceName: 'Carol' });
  await carol.session.pairJoin(await ann.session.pair());
  await carol.session.pull();
  const names = (await carol.session.devices()).map(({ name }) => name).sort();
  test.same(names, ['Ann', 'Bob', 'Carol']);
});

t.test('PA-15 lesson/invite-single-use an invite works once', async (test) => {
  const world = await World.create(test);
  const ann = await world.open();
  const invite = await ann.session.pair();
  const bob = await world.open();
  await bob.session.pairJoin(invite);
  const carol = await world.open();
  await test.rejects(carol.session.pairJoin(invite), syncError({ kind: 'invite', code: 1052, hint: /./ }));
  test.equal(carol.session.groupId, undefined);
  await test.rejects(bob.session.pairJoin(await ann.session.pair()), syncError({ kind: 'already-paired' }));
});

t.test('PA-20 the joiner stores the Welcome before it sends MailboxAck', async (test) => {
  const world = await World.create(test);
  const ann = await world.open();
  const invite = await ann.session.pair();
  const bob = await world.open();
  const commit = bob.store.commit.bind(bob.store);
  bob.store.commit = (changes) =>
    changes.some(({ kind }) => kind === 'group') ? Promise.reject(new Error('the disk is full')) : commit(changes);
  await test.rejects(bob.session.pairJoin(invite));
  test.notOk(world.relay.requests.some(({ $case }) => $case === 'mailboxAck'));
  test.equal(world.relay.state.mailboxes.entries.size, 1);
  bob.store.commit = commit;
  await bob.session.pairJoin(invite);
  test.equal(world.relay.state.mailboxes.entries.size, 0, 'PA-14 the same token may claim again');
  test.equal(bob.session.groupId, ann.session.groupId);
});

t.test('PA-07 PA-09 F-001 lesson/argon-params-travel lesson/salt-random an invite with a passphrase', async (test) => {
  const world = await World.create(test);
  const ann = await world.open();
  const invite = await ann.session.pair({ passphrase: 'Å correct horse battery' });
  const other = await ann.session.pair({ passphrase: 'Å correct horse battery' });
  const read = (link: string) => {
    const parsed = parseInvite(world.crypto, link, world.clock.now());
    return parsed.ok ? parsed.value.passphrase : undefined;
  };
  test.match(read(invite), { memoryKib: 65_536, iterations: 3, parallelism: 1 }, 'the parameters are in the link');
  test.notSame(read(invite)?.salt, read(other)?.salt);
  const bob = await world.open();
  await test.rejects(bob.session.pairJoin(invite), syncError({ kind: 'invite', code: 1050, message: /passphrase/ }));
  await test.rejects(bob.session.pairJoin(invite, { passphrase: 'wrong' }), syncError({ kind: 'invite', code: 1050 }));
  await bob.session.pairJoin(invite, { passphrase: 'A\u030a correct horse battery' });
  test.equal(bob.session.groupId, ann.session.groupId, 'PA-09 normalised, and after a mistake');
  await test.rejects(ann.session.pair({ passphrase: '' }), syncError({ kind: 'argument', code: 1050 }), 'F-035');
});

t.test(
  'PA-20 C10 a joiner that ends between Claim and Ack joins with the same invite in a new process',
  async (test) => {
    const world = await World.create(test);
    const ann = await world.open();
    const invite = await ann.session.pair();
    const first = await world.open();
    const commit = first.store.commit.bind(first.store);
    first.store.commit = (changes) =>
      changes.some(({ kind }) => kind === 'group') ? Promise.reject(new Error('killed')) : commit(changes);
    await test.rejects(first.session.pairJoin(invite));
    first.store.commit = commit;
    const again = await world.reopen(first);
    await again.session.pairJoin(invite);
    test.equal(again.session.groupId, ann.session.groupId);
    const [claim, other] = world.relay.requests.filter(({ $case }) => $case === 'mailboxClaim');
    test.same(claim, other, 'the same token');
  },
);

t.test('PA-23 a weak passphrase is refused before a group is made or a relay is dialled', async (test) => {
  const world = await World.create(test);
  const ann = await world.open();
  for (const passphrase of ['', 'password1', 'open sesame']) {
    await test.rejects(
      ann.session.pair({ passphrase }),
      syncError({ kind: 'argument', message: /too weak/ }),
      passphrase,
    );
  }
  test.equal(ann.session.groupId, undefined);
  test.equal(world.relay.connections, 0);
});

t.test('PA-17 PA-24 a member cancels an invite by its link, whichever member made it', async (test) => {
  const world = await World.create(test);
  const [ann, bob] = await world.pair();
  const invite = await ann.session.pair();
  await bob.session.cancelInvite(`<${invite}>`);
  const carol = await world.open();
  await test.rejects(carol.session.pairJoin(invite), syncError({ kind: 'invite', code: 1052 }));
  await test.rejects(ann.session.cancelInvite(invite), syncError({ kind: 'invite', code: 1052 }), 'it is cancelled');
  await test.rejects(ann.session.cancelInvite('hello'), syncError({ kind: 'invite', code: 1050 }));
  await test.rejects(carol.session.cancelInvite(invite), syncError({ kind: 'not-paired' }));
  const stranger = await world.open();
  const theirs = await stranger.session.pair();
  await test.rejects(ann.session.cancelInvite(theirs), syncError({ kind: 'invite', code: 1052 }), 'of another group');
});

t.test('PA-24 an old invite can be cancelled, and one of another relay is not asked about', async (test) => {
  const world = await World.create(test);
  const ann = await world.open();
  const invite = await ann.session.pair();
  const parsed = parseInvite(world.crypto, invite, 0);
  if (!parsed.ok) throw new TypeError(parsed.detail);
  const { relay } = parsed.value;
  const elsewhere = formatInvite(world.crypto, { ...parsed.value, relay: { ...relay, nodeId: new Uint8Array(32) } });
  await settle();
  const { length } = world.relay.requests;
  await test.rejects(ann.session.cancelInvite(elsewhere), syncError({ kind: 'invite', code: 1052 }));
  test.equal(world.relay.requests.length, length);
  const old = formatInvite(world.crypto, { ...parsed.value, expiresAtMs: 1 });
  await ann.session.cancelInvite(old);
  test.equal(world.relay.state.mailboxes.entries.size, 0);
});

t.test('PA-04 PA-05 a mistyped or old invite is refused before anybody is asked', async (test) => {
  const world = await World.create(test);
  const ann = await world.open();
  const invite = await ann.session.pair();
  const bob = await world.open();
  const { connections } = world.relay;
  const typo = `${invite.slice(0, 40)}${invite[40] === 'y' ? 'b' : 'y'}${invite.slice(41)}`;
  for (const text of ['', 'hello', typo, invite.slice(0, -1)]) {
    await test.rejects(bob.session.pairJoin(text), syncError({ kind: 'invite', code: 1050 }));
  }
  await world.clock.advance(INVITE_LIFETIME_MS_MAX + CLOCK_SKEW_MS_MAX + 1);
  await test.rejects(bob.session.pairJoin(invite), syncError({ kind: 'invite', code: 1051 }));
  test.equal(world.relay.connections, connections);
  const fresh = await ann.session.pair({ expiresInMs: 1000 });
  await world.clock.advance(1001);
  await test.rejects(bob.session.pairJoin(fresh), syncError({ code: 1052 }), 'the relay has its own deadline');
  await test.rejects(ann.session.pair({ expiresInMs: 0 }), syncError({ kind: 'argument' }));
});

/** Every byte string and text in a value. */
function leavesOf(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  if (typeof value === 'string') return [Buffer.from(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}

t.test('GR-04 GR-16 PA-06 PA-12 what a relay sees of a pairing opens nothing', async (test) => {
  const world = await World.create(test);
  const ann = await world.open({ deviceName: 'canary-name-7351' });
  const invite = await ann.session.pair();
  await settle();
  const { group, seed } = await ann.store.load();
  const parsed = parseInvite(world.crypto, invite, world.clock.now());
  const key = parsed.ok ? parsed.value.key.reveal() : undefined;
  const [mailbox] = world.relay.state.mailboxes.entries.values();
  test.ok(mailbox);
  const { relay } = world;
  const seen = [relay.hellos, relay.requests, relay.group.envelopes, mailbox].flatMap(leavesOf);
  const secrets = [seed, group?.epochSecrets[0]?.secret, key, new TextEncoder().encode('canary-name-7351')];
  for (const secret of secrets) {
    test.ok(secret && secret.length > 0);
    test.notOk(seen.some((bytes) => Buffer.from(bytes).includes(Buffer.from(secret ?? []))));
  }
});

t.test('F-012 a device name is bounded', async (test) => {
  const world = await World.create(test);
  const ann = await world.open({ deviceName: 'é'.repeat(DEVICE_NAME_BYTES_MAX / 2 + 1) });
  await test.rejects(ann.session.pair(), syncError({ kind: 'argument', message: /name/ }));
  test.equal((await ann.store.load()).group, undefined);
});

t.test('SE-13 a refusal of the new group names the relay, and pair() may be called again', async (test) => {
  const world = await World.create(test);
  world.relay.behaviour.hello = () => ({ error: 'UNAUTHORIZED' });
  const ann = await world.open();
  await test.rejects(ann.session.pair(), syncError({ kind: 'refused', code: 1002, relay: 'relay:4433' }));
  world.relay.behaviour = {};
  const { groupId } = ann.session;
  test.match(await ann.session.pair(), /^0ksync:/);
  test.equal(ann.session.groupId, groupId);
});

t.test('finding/T7 a device whose clock stands before 1970 pairs, invites and pushes', async (test) => {
  const world = await World.create(test);
  const past = {
    now: () => -5_000_000.5,
    monotonic: () => world.clock.monotonic(),
    after: world.clock.after.bind(world.clock),
  };
  const ann = await world.open({ clock: past });
  const invite = await ann.session.pair();
  const parsed = parseInvite(world.crypto, invite, 0);
  test.match(parsed, { ok: true, value: { expiresAtMs: INVITE_LIFETIME_MS_MAX } });
  await (await ann.session.push('early')).acknowledged;
  const bob = await world.open({ clock: past });
  await bob.session.pairJoin(invite);
  const [message] = await bob.session.pull();
  test.match(message, { content: 'early', sentAtMs: 0 });
});

t.test('PA-13 a session that is closed while it pairs dials no more', async (test) => {
  const world = await World.create(test);
  const ann = await world.open();
  const pairing = ann.session.pair();
  const refused = test.rejects(pairing, syncError({ kind: 'closed' }));
  while (ann.session.groupId === undefined) await null;
  await ann.session.close();
  await refused;
  test.same(world.relay.requests, []);
});
