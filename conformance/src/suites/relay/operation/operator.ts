import { Buffer } from 'node:buffer';
import { toHex } from '@0k-sync/core/bytes';
import { envelopeCost } from '@0k-sync/core/session';
import { CIPHERTEXT_BYTES_MIN } from '@0k-sync/generated/limits';
import { type Device, Group, itemOf, placeOf } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import type { RawClient } from '@0k-sync/testkit/raw';
import { Unproven } from '../../../model.ts';
import { requiring } from '../../acts.ts';
import { control, expect, expectClass, expectMembers, numberOf } from '../../expect.ts';
import { fateOf, judgeFate } from '../fate.ts';
import { UNAUTHORIZED } from '../hello/refused.ts';
import { ACCEPTED, DUPLICATE, expectAccepted, pushOne, REFUSED, REMOVED, statusesOf } from '../log/pushing.ts';
import { cursorsOf } from '../log/reader.ts';
import { claim, mailboxOf, ticket } from '../mailbox/mailboxes.ts';
import { openScene, untilExpired } from '../relays.ts';
import type { Member, RelayActs, RelayScene } from '../scene.ts';

const FAILED_CLAIMS_MAX = 2000;
/** Creation by token. */
export const TOKEN = Buffer.from(random(24)).toString('hex');
export const BY_TOKEN = { creation: 'token', access_token: TOKEN };
const GROUP_BYTES_MAX = 100_000;
const QUOTAS = { group_envelopes_max: 5, group_bytes_max: GROUP_BYTES_MAX };
const EXPIRY = { expire_ms: 1000 };
/** Pushes of which one is read before it expires, on whatever machine. */
const PUSHES_MAX = 20;

/** A creator that names this token is not let in. */
export async function refusedWith(inner: RelayScene, accessToken: string): Promise<void> {
  const client = await inner.connect();
  client.send(client.helloBody(new Group().device(), { accessToken }));
  const stranger = async () => (await inner.connect()).ping();
  judgeFate(await fateOf(client, UNAUTHORIZED, stranger), UNAUTHORIZED);
}

/** Pushes envelopes with these ciphertext lengths at once. */
function pushSized({ client, device }: Member, ...ciphertexts: readonly number[]) {
  return client.push(ciphertexts.map((bytes) => itemOf(device.sized(bytes))));
}

/** An envelope behind expired ones is read before it has expired too: everything before it was removed, and it is there. */
async function expectNextRead({ client, device }: Member, next: number): Promise<void> {
  for (let cursor = next; cursor < next + PUSHES_MAX; cursor += 1) {
    expectAccepted('the next', await pushOne(client, itemOf(device.seal())), cursor);
    const { segment } = await client.pull();
    if (segment?.removedThrough === BigInt(cursor)) continue;
    expect('removed_through, with one behind', segment?.removedThrough, BigInt(cursor - 1));
    expect('cursors', cursorsOf(segment), [cursor]);
    return;
  }
  throw new Unproven('every envelope had expired before it was read');
}

/** A device without any envelope left is told its head, and how far the log has gone. */
async function expectHeadsLeft(inner: RelayScene, device: Device): Promise<Member> {
  const again = await inner.member(device);
  expectMembers('HelloAck', again.ack, { head: 3n, floor: 3n });
  expectMembers('own_head', placeOf(again.ack.ownHead), { sequence: 3, hash: device.previous });
  return again;
}

/** Claims mailboxes that are not there until the relay limits that. */
async function failUntilLimited(stranger: RawClient): Promise<void> {
  for (let tries = 0; tries < FAILED_CLAIMS_MAX; tries += 1) {
    const answer = await stranger.answer(stranger.send({ $case: 'mailboxClaim', value: ticket() }));
    if (answer.$case === 'error' && answer.value.code === numberOf('RATE_LIMITED')) return;
  }
  expect('failed claims', `${FAILED_CLAIMS_MAX} and no limit`, 'a limit');
}

/** Settings of an operator. */
export const operatorActs: RelayActs = requiring(['relay'], {
  'relay/operator/token': {
    title: 'With creation by token only who names it creates a group; later devices need none',
    requirements: ['SE-13'],
    run: async (scene) => {
      const { inner } = await openScene(scene, BY_TOKEN);
      const { device } = await inner.member();
      const wrong = ['', 'x'.repeat(TOKEN.length), TOKEN.slice(0, -1), `${TOKEN}x`];
      for (const token of wrong) await refusedWith(inner, token);
      const sibling = await inner.connect();
      await sibling.hello(device.group.device());
      await inner.member();
    },
  },
  'relay/operator/closed': {
    title: 'A relay whose creation is closed creates no group, and tells a creator what it tells a stranger',
    requirements: ['SE-13', 'SE-14'],
    run: async (scene) => {
      await control('group creation where it is open', () => scene.member());
      const { inner } = await openScene(scene, { creation: 'closed' });
      for (const token of ['', 'x'.repeat(32)]) await refusedWith(inner, token);
      const pinging = await inner.connect();
      await pinging.ping();
    },
  },
  'relay/operator/named-group': {
    title: 'A group whose id the operator names is created at a relay that creates no other; a sibling joins as always',
    requirements: ['SE-13'],
    run: async (scene) => {
      const device = new Group().device();
      const { inner } = await openScene(scene, { creation: 'closed', group_ids: [toHex(device.group.id)] });
      await refusedWith(inner, '');
      for (const [index, creator] of [device, device.group.device()].entries()) {
        const client = await inner.connect();
        const { $case } = await client.answer(client.send(client.helloBody(creator)));
        expect('the answer to Hello', $case, 'helloAck');
        expectAccepted('its first envelope', await pushOne(client, itemOf(creator.seal())), index + 1);
      }
    },
  },
  'relay/operator/quota-envelopes': {
    title: 'A group holds exactly as many envelopes as configured; one more is refused, and repeats still answered',
    requirements: ['RL-20', 'RL-28'],
    run: async (scene) => {
      const { inner } = await openScene(scene, QUOTAS);
      const { client, device } = await inner.member();
      const items = device.items(5);
      const { results } = await client.push([...items, itemOf(device.forge())]);
      expect('statuses', statusesOf(results), [...items.map(() => ACCEPTED), REFUSED]);
      expectClass('the refusal', results[5]?.error?.code, 'session.quota');
      const again = await client.push(items.slice(0, 1));
      expect('status of a repeat', statusesOf(again.results), [DUPLICATE]);
      expect('head', (await client.pull()).segment?.head, 5n);
      const other = await inner.member();
      await other.client.push(other.device.items(5));
    },
  },
  'relay/operator/quota-bytes': {
    title: 'A group holds exactly as many bytes as configured; one more is refused',
    requirements: ['RL-28'],
    run: async (scene) => {
      const { inner } = await openScene(scene, QUOTAS);
      const overhead = envelopeCost(new Group().device().forge().envelope) - CIPHERTEXT_BYTES_MIN;
      const half = GROUP_BYTES_MAX / 2 - overhead;
      const over = await pushSized(await inner.member(), half, half + 1);
      expect('statuses with one byte too many', statusesOf(over.results), [ACCEPTED, REFUSED]);
      expectClass('the refusal', over.results[1]?.error?.code, 'session.quota');
      const exact = await pushSized(await inner.member(), half, half);
      expect('statuses of what fits exactly', statusesOf(exact.results), [ACCEPTED, ACCEPTED]);
    },
  },
  'relay/operator/expiry': {
    title: 'What has expired is served no more, cursors stay accounted for, heads and cursors outlive it',
    requirements: ['RL-24', 'RL-26', 'RL-27', 'RL-41', 'RL-47', 'RL-50', 'RL-51', 'RL-68', 'SE-15'],
    run: async (scene) => {
      const { inner, relay } = await openScene(scene, EXPIRY);
      const { client, device } = await inner.member();
      const items = device.items(3);
      await client.push(items);
      await untilExpired(client, 3);
      const { segment } = await client.pull();
      expectMembers('the page', segment, { envelopes: [], removedThrough: 3n, next: 3n, head: 3n });
      await relay.gc();
      const { results } = await client.push(items);
      expect('statuses of repeats', statusesOf(results), [REMOVED, REMOVED, REMOVED]);
      const { error } = await pushOne(client, itemOf(device.forge({ sequence: 3 })));
      expectClass("another H for the head's sequence", error?.code, 'envelope.chain');
      expectMembers('the conflict', placeOf(error?.conflict), { sequence: 3, hash: device.previous });
      await expectNextRead(await expectHeadsLeft(inner, device), 4);
    },
  },
  'relay/operator/says-what-expires': {
    title: 'A relay removes nothing unless it is configured to, and HelloAck says to every device what it removes',
    requirements: ['RL-53', 'SE-18'],
    run: async (scene) => {
      const keeping = { retentionSeconds: 0, retentionBytes: 0n };
      const { inner: unconfigured } = await openScene(scene, {}, 'others');
      expectMembers('HelloAck where nothing is configured', (await unconfigured.member()).ack, keeping);
      const { inner } = await openScene(scene, { expire_ms: 86_400_000 });
      const { ack, device } = await inner.member();
      const expiring = { retentionSeconds: 86_400, retentionBytes: 0n };
      expectMembers('HelloAck of a relay that expires after a day', ack, expiring);
      const again = await inner.connect();
      expectMembers('HelloAck to a sibling', await again.hello(device.group.device()), expiring);
    },
  },
  'relay/operator/failed-claims': {
    title: 'Failed claims of one address are limited',
    requirements: ['PA-18', 'RL-62'],
    run: async (scene) => {
      const { inner } = await openScene(scene, {}, 'others');
      const box = await mailboxOf((await inner.member()).client);
      const stranger = await inner.connect();
      await control('an honest claim', () => claim(stranger, box));
      await failUntilLimited(stranger);
    },
  },
  'relay/operator/claim-of-a-neighbour': {
    title: 'A claim that succeeds is answered also where its address has failed too many',
    requirements: ['PA-18'],
    run: async (scene) => {
      const { inner } = await openScene(scene, {}, 'others');
      const box = await mailboxOf((await inner.member()).client);
      await failUntilLimited(await inner.connect());
      const joiner = await inner.connect();
      const answer = await joiner.answer(joiner.send({ $case: 'mailboxClaim', value: box }));
      expect('the answer to a neighbour', answer.$case, 'mailboxItem');
      const again = await joiner.answer(joiner.send({ $case: 'mailboxClaim', value: box }));
      expect('the answer to its repeat', again.$case, 'mailboxItem');
      const other = await joiner.answer(joiner.send({ $case: 'mailboxClaim', value: ticket(box.mailboxId) }));
      const code = other.$case === 'error' ? other.value.code : undefined;
      expect('the refusal of another token', code, numberOf('RATE_LIMITED'));
    },
  },
});
