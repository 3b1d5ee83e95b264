import { randomBytes } from 'node:crypto';
import { errors } from '@0k-sync/generated/errors';
import { MailboxState } from '@0k-sync/generated/wire/pairing';
import { Device } from '@0k-sync/testkit/author';
import type { RawClient } from '@0k-sync/testkit/raw';
import t from 'tap';
import { TestRelay } from '../support/relay.ts';

const UNAVAILABLE = errors.INVITE_UNAVAILABLE.number;
const payload = randomBytes(5000);

function put(client: RawClient, mailboxId: Uint8Array, expiresInMs = 60_000n) {
  client.send({ $case: 'mailboxPut', value: { mailboxId, payload, expiresInMs } });
}

function claim(client: RawClient, mailboxId: Uint8Array, claimToken: Uint8Array) {
  client.send({ $case: 'mailboxClaim', value: { mailboxId, claimToken } });
}

function acknowledge(client: RawClient, mailboxId: Uint8Array, claimToken: Uint8Array) {
  client.send({ $case: 'mailboxAck', value: { mailboxId, claimToken } });
}

t.test(
  'PA-13 to PA-17, PA-21 a stranger claims, repeats, acknowledges, and enrols on the same connection',
  async (t) => {
    const relay = await TestRelay.start(t);
    const member = new Device();
    const host = await relay.member(member);
    const [id, token] = [randomBytes(16), randomBytes(16)];
    put(host, id);
    t.match(await host.expectNext('mailboxItem'), { state: MailboxState.MAILBOX_STATE_OPEN });
    const guest = await relay.connect();
    for (let again = 0; again < 2; again += 1) {
      claim(guest, id, token);
      const item = await guest.expectNext('mailboxItem');
      t.equal(item.state, MailboxState.MAILBOX_STATE_CLAIMED);
      t.ok(payload.equals(item.payload));
    }
    const elsewhere = await relay.connect();
    claim(elsewhere, id, token);
    t.ok(payload.equals((await elsewhere.expectNext('mailboxItem')).payload), 'the same token after a lost connection');
    for (let again = 0; again < 2; again += 1) {
      acknowledge(guest, id, token);
      t.match(await guest.expectNext('mailboxItem'), { state: MailboxState.MAILBOX_STATE_CLOSED });
    }
    claim(guest, id, token);
    t.equal(await guest.expectError(), UNAVAILABLE, 'lesson/invite-single-use');
    const joiner = member.sibling();
    await guest.hello(joiner);
    await guest.push(joiner.items(1));
  },
);

t.test('ER-03 PA-15 unknown, used, expired, cancelled and taken look the same, byte for byte', async (t) => {
  const relay = await TestRelay.start(t, { limits: { failed_claims_per_minute_per_address: 100 } });
  const host = await relay.member(new Device());
  const [cancelled, taken, expired] = [randomBytes(16), randomBytes(16), randomBytes(16)];
  for (const id of [cancelled, taken]) {
    put(host, id);
    await host.expectNext('mailboxItem');
  }
  put(host, expired, 1n);
  await host.expectNext('mailboxItem');
  await relay.clock.advance(1);
  host.send({ $case: 'mailboxCancel', value: { mailboxId: cancelled } });
  t.match(await host.expectNext('mailboxItem'), { state: MailboxState.MAILBOX_STATE_CLOSED });
  const first = await relay.connect();
  claim(first, taken, randomBytes(16));
  await first.expectNext('mailboxItem');
  const other = await relay.connect();
  const answers: unknown[] = [];
  for (const id of [cancelled, taken, expired, randomBytes(16)]) {
    claim(other, id, randomBytes(16));
    answers.push((await other.next()).body);
  }
  for (const answer of answers) t.same(answer, answers[0]);
  put(host, taken);
  t.equal(await host.expectError(), UNAVAILABLE, 'PA-13 an id in use');
});

t.test('PA-13 groups.mailboxes_max and groups.invite_lifetime_ms_max', async (t) => {
  const relay = await TestRelay.start(t, { groups: { mailboxes_max: 1, invite_lifetime_ms_max: 2000 } });
  const host = await relay.member(new Device());
  put(host, randomBytes(16), 600_000n);
  const { expiresAtMs } = await host.expectNext('mailboxItem');
  t.equal(Number(expiresAtMs), relay.clock.wall() + 2000);
  put(host, randomBytes(16));
  t.equal(await host.expectError(), errors.MAILBOXES_EXCEEDED.number);
});

t.test('PA-19 a claim puts the deadline off to the mailbox’s, not further', async (t) => {
  const relay = await TestRelay.start(t, { limits: { hello_deadline_ms: 300 } });
  const host = await relay.member(new Device());
  const [id, token] = [randomBytes(16), randomBytes(16)];
  put(host, id, 900n);
  await host.expectNext('mailboxItem');
  const guest = await relay.connect();
  claim(guest, id, token);
  await guest.expectNext('mailboxItem');
  await relay.clock.advance(899);
  t.equal(relay.counts.connections, 2, 'not before');
  await relay.clock.advance(1);
  t.equal(await guest.closed(), errors.DEADLINE_EXCEEDED.number);
});

t.test('SE-02 a stranger can do nothing but claim, and acknowledge only what it claimed', async (t) => {
  const relay = await TestRelay.start(t);
  const early = await relay.connect();
  acknowledge(early, randomBytes(16), randomBytes(16));
  t.equal(await early.closed(), errors.UNEXPECTED_FRAME.number);
});
