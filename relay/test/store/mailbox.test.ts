import { randomBytes } from 'node:crypto';
import { VirtualClock } from '@0k-sync/testkit/time';
import t from 'tap';
import { enrol, openStore } from '../support/store.ts';

const clock = new VirtualClock();
const store = await openStore(t.testdir(), clock, { quotas: { mailboxesMax: 3, inviteLifetimeMsMax: 5000 } });
t.teardown(() => store.close());

const UNAVAILABLE = { refused: 'INVITE_UNAVAILABLE' };
const payload = randomBytes(2000);

function put(group: number, mailboxId: Uint8Array, expiresInMs = 1000) {
  return store.perform({ kind: 'mailbox-put', requestId: 1, group, mailboxId, payload, expiresInMs });
}

function claim(mailboxId: Uint8Array, claimToken: Uint8Array) {
  return store.perform({ kind: 'mailbox-claim', requestId: 1, mailboxId, claimToken });
}

function acknowledge(mailboxId: Uint8Array, claimToken: Uint8Array) {
  return store.perform({ kind: 'mailbox-acknowledge', requestId: 1, mailboxId, claimToken });
}

async function newGroup(): Promise<number> {
  return (await enrol(store)).opened.group;
}

t.test(
  'PA-14 PA-30 PA-31 PA-35 lesson/invite-single-use a claim binds the mailbox to its token, which may repeat it',
  async (t) => {
    const [id, token] = [randomBytes(16), randomBytes(16)];
    t.same(await put(await newGroup(), id), { expiresAtMs: clock.wall() + 1000 });
    const content = await claim(id, token);
    t.same(content, { payload: new Uint8Array(payload), expiresAtMs: clock.wall() + 1000 });
    t.same(await claim(id, token), content);
    t.same(await claim(id, randomBytes(16)), UNAVAILABLE);
  },
);

t.test('PA-16 PA-32 PA-36 PA-37 acknowledging deletes; a wrong token, or before the claim, does nothing', async (t) => {
  const [id, token] = [randomBytes(16), randomBytes(16)];
  await put(await newGroup(), id);
  t.same(await acknowledge(id, token), UNAVAILABLE, 'not claimed yet');
  await claim(id, token);
  t.same(await acknowledge(id, randomBytes(16)), UNAVAILABLE);
  t.equal(await acknowledge(id, token), undefined);
  t.same(await acknowledge(id, token), UNAVAILABLE);
  t.same(await claim(id, token), UNAVAILABLE);
});

t.test('PA-15 unknown, used, expired, cancelled and a wrong token are refused alike', async (t) => {
  const group = await newGroup();
  const [used, expired, cancelled, taken] = [randomBytes(16), randomBytes(16), randomBytes(16), randomBytes(16)];
  const token = randomBytes(16);
  await put(group, used);
  await claim(used, token);
  await acknowledge(used, token);
  await put(group, cancelled);
  await store.perform({ kind: 'mailbox-cancel', requestId: 1, group, mailboxId: cancelled });
  await put(group, taken);
  await claim(taken, token);
  await put(group, expired, 1);
  clock.stepWall(1);
  for (const id of [used, expired, cancelled, randomBytes(16)]) t.same(await claim(id, token), UNAVAILABLE);
  t.same(await claim(taken, randomBytes(16)), UNAVAILABLE);
});

t.test('PA-34 lesson/invite-expiry-relay the relay ends an invite by its own clock, claimed or not', async (t) => {
  const [id, token] = [randomBytes(16), randomBytes(16)];
  await put(await newGroup(), id, 1000);
  await claim(id, token);
  clock.stepWall(999);
  t.hasProp(await claim(id, token), 'payload');
  clock.stepWall(1);
  t.same(await claim(id, token), UNAVAILABLE);
});

t.test('PA-13 the relay shortens what it is asked for, and a group has a bounded number', async (t) => {
  const group = await newGroup();
  t.same(await put(group, randomBytes(16), 600_000), { expiresAtMs: clock.wall() + 5000 });
  await put(group, randomBytes(16), 10);
  await put(group, randomBytes(16));
  t.same(await put(group, randomBytes(16)), { refused: 'MAILBOXES_EXCEEDED' });
  clock.stepWall(10);
  t.hasProp(await put(group, randomBytes(16)), 'expiresAtMs', 'what has expired does not count');
});

t.test('PA-13 an id in use is refused like an unknown one, a free one is not', async (t) => {
  const id = randomBytes(16);
  await put(await newGroup(), id, 10);
  const other = await newGroup();
  t.same(await put(other, id), UNAVAILABLE);
  clock.stepWall(10);
  t.hasProp(await put(other, id), 'expiresAtMs');
});

t.test('PA-17 PA-33 a member of its group cancels a mailbox, nobody else', async (t) => {
  const [group, other, mailboxId] = [await newGroup(), await newGroup(), randomBytes(16)];
  await put(group, mailboxId);
  t.same(await store.perform({ kind: 'mailbox-cancel', requestId: 1, group: other, mailboxId }), UNAVAILABLE);
  t.equal(await store.perform({ kind: 'mailbox-cancel', requestId: 1, group, mailboxId }), undefined);
  t.same(await store.perform({ kind: 'mailbox-cancel', requestId: 1, group, mailboxId }), UNAVAILABLE);
});
