import { randomBytes } from 'node:crypto';
import { errors } from '@0k-sync/generated/errors';
import { MailboxState } from '@0k-sync/generated/wire/pairing';
import { Device } from '@0k-sync/testkit/author';
import type { RawClient } from '@0k-sync/testkit/raw';
import t from 'tap';
import { ClaimLimits } from '../../src/dataplane/limits/claim-limits.ts';
import { TestRelay } from '../support/relay.ts';

const UNAVAILABLE = errors.INVITE_UNAVAILABLE.number;
const LIMITED = errors.RATE_LIMITED.number;

function claim(client: RawClient, mailboxId: Uint8Array, claimToken = randomBytes(16)): void {
  client.send({ $case: 'mailboxClaim', value: { mailboxId, claimToken } });
}

/** Puts a mailbox. @returns its id */
async function mailbox(host: RawClient): Promise<Uint8Array> {
  const mailboxId = randomBytes(16);
  host.send({ $case: 'mailboxPut', value: { mailboxId, payload: randomBytes(300), expiresInMs: 600_000n } });
  await host.expectNext('mailboxItem');
  return mailboxId;
}

/** Claims from one address after the other. @returns the numbers of the refusals */
async function failing(relay: TestRelay, addresses: readonly string[], id?: Uint8Array): Promise<number[]> {
  const numbers: number[] = [];
  for (const address of addresses) {
    const client = await relay.connect(address);
    claim(client, id ?? randomBytes(16));
    numbers.push(await client.expectError());
    await client.close();
  }
  return numbers;
}

t.test('PA-18 limits.failed_claims_per_minute_per_address: failed claims of one address are limited', async (t) => {
  const relay = await TestRelay.start(t, { limits: { failed_claims_per_minute_per_address: 3 } });
  const one = ['2001:db8::1', '2001:db8::2', '2001:db8:0:0:ffff::3', '2001:db8::4'];
  t.same(await failing(relay, one), [UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, LIMITED], 'one /64');
  const mapped = ['::ffff:192.0.2.1', '192.0.2.1', '::FFFF:c000:201', '192.0.2.1'];
  t.same(await failing(relay, mapped), [UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, LIMITED], 'one IPv4 address');
  t.same(await failing(relay, ['::ffff:192.0.2.2']), [UNAVAILABLE], 'finding/R7 its neighbour');
  await relay.clock.advance(60_000);
  t.same(await failing(relay, ['192.0.2.1']), [UNAVAILABLE], 'a minute later');
});

t.test('PA-18 finding/R7 a hundred addresses that fail keep nobody else from claiming', async (t) => {
  const relay = await TestRelay.start(t, { limits: { failed_claims_per_minute_per_address: 10 } });
  for (let index = 0; index < 100; index += 1) {
    const client = await relay.connect(`198.51.100.${index}`);
    for (let tries = 0; tries < 10; tries += 1) claim(client, randomBytes(16));
    for (let tries = 0; tries < 10; tries += 1) t.equal(await client.expectError(), UNAVAILABLE);
    await client.close();
  }
  t.same(await failing(relay, ['192.0.2.77']), [UNAVAILABLE]);
});

t.test('PA-18 limits.failed_claims_per_minute_per_mailbox: failed claims of one mailbox are limited', async (t) => {
  const relay = await TestRelay.start(t, { limits: { failed_claims_per_minute_per_mailbox: 2 } });
  const id = randomBytes(16);
  t.same(await failing(relay, ['a', 'b', 'c'], id), [UNAVAILABLE, UNAVAILABLE, LIMITED]);
  t.same(await failing(relay, ['c']), [UNAVAILABLE], 'another mailbox');
});

t.test('PA-18 finding/R7 who may claim is answered beyond the limits of address and mailbox', async (t) => {
  const limits = { failed_claims_per_minute_per_address: 2, failed_claims_per_minute_per_mailbox: 2 };
  const relay = await TestRelay.start(t, { limits });
  const host = await relay.member(new Device());
  const [id, token] = [await mailbox(host), randomBytes(16)];
  const neighbour = await relay.connect('192.0.2.9');
  for (let tries = 0; tries < 3; tries += 1) claim(neighbour, randomBytes(16));
  const numbers = [await neighbour.expectError(), await neighbour.expectError(), await neighbour.expectError()];
  t.same(numbers.toSorted(), [UNAVAILABLE, UNAVAILABLE, LIMITED]);
  const joiner = await relay.connect('192.0.2.9');
  claim(joiner, id, token);
  t.match(await joiner.expectNext('mailboxItem'), { state: MailboxState.MAILBOX_STATE_CLAIMED });
  t.same(await failing(relay, ['a', 'b', 'c'], id), [UNAVAILABLE, UNAVAILABLE, LIMITED], 'with another token');
  claim(joiner, id, token);
  t.match(await joiner.expectNext('mailboxItem'), { state: MailboxState.MAILBOX_STATE_CLAIMED }, 'again');
  for (let again = 0; again < 2; again += 1) {
    joiner.send({ $case: 'mailboxAck', value: { mailboxId: id, claimToken: token } });
    t.match(await joiner.expectNext('mailboxItem'), { state: MailboxState.MAILBOX_STATE_CLOSED });
  }
});

t.test('PA-18 RL-62 finding/R7 claims that come at once take their places before anything is done', async (t) => {
  const relay = await TestRelay.start(t, { limits: { failed_claims_per_minute_per_address: 3 } });
  const client = await relay.connect();
  for (let tries = 0; tries < 50; tries += 1) claim(client, randomBytes(16));
  const numbers: number[] = [];
  while (numbers.length < 50) numbers.push(await client.expectError());
  t.equal(numbers.filter((number) => number === UNAVAILABLE).length, 3);
  t.equal(numbers.filter((number) => number === LIMITED).length, 47);
});

t.test('PA-18 a claim that does not fail gives its places back', async (t) => {
  const limits = new ClaimLimits({ perMinuteAndAddress: 1, perMinuteAndMailbox: 1, entriesMax: 16 });
  const [one, other] = [
    { address: 'a', mailbox: '1' },
    { address: 'a', mailbox: '2' },
  ];
  const first = limits.begin(one, 0);
  t.equal(limits.begin(other, 0), undefined, 'while it is under way');
  first?.settle(false);
  const failed = limits.begin(other, 0);
  failed?.settle(true);
  t.equal(limits.begin(one, 0), undefined, 'the address has failed');
  t.equal(limits.begin({ address: 'b', mailbox: '2' }, 0), undefined, 'the mailbox has failed');
  t.ok(limits.begin({ address: 'b', mailbox: '1' }, 0), 'a mailbox that is full costs the address nothing');
  const beyond = limits.beginBeyond(one);
  t.equal(limits.beginBeyond({ address: 'c', mailbox: '1' }), undefined, 'one beyond the limits at once');
  beyond?.settle(true);
  t.ok(limits.beginBeyond(one));
});

t.test(
  'SE-13 RL-62 finding/R7 groups that are created at once take their places before anything is done',
  async (t) => {
    const relay = await TestRelay.start(t, { groups: { created_per_hour_per_address: 2 } });
    const clients = await Promise.all(Array.from({ length: 6 }, () => relay.connect()));
    for (const client of clients) client.send(client.helloBody(new Device()));
    const answers = await Promise.all(clients.map(async (client) => (await client.next()).body?.$case));
    t.equal(answers.filter((answer) => answer === 'helloAck').length, 2);
    t.equal(answers.filter((answer) => answer === 'error').length, 4);
  },
);
