import type { FrameName } from '@0k-sync/generated/frames';
import { type Device, Group } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import type { RawClient } from '@0k-sync/testkit/raw';
import type { Places } from '@0k-sync/testkit/samples';
import type { Scenario } from '../../../model.ts';
import { type Arena, inArena } from '../arena.ts';
import { fateOf, judge, stateOf } from '../attack.ts';
import { control, holds, same } from '../checks.ts';
import type { RelayTarget } from '../target.ts';
import { bodyOf, frameNames, isAccepted, isAnswered } from './bodies.ts';

const REQUEST_ID = 77;

/** A connection that was brought into a state, and what fits there. */
interface Reached {
  readonly client: RawClient;
  readonly places: Places;
}

function placesOf(arena: Arena, client: RawClient, device: Device, mailbox = random(16), token = random(16)): Places {
  const items = [{ envelope: device.forge().envelope, skip: false }];
  const push = { $case: 'push' as const, value: { items } };
  return { hello: arena.helloBody(client, device), push, mailboxId: mailbox, claimToken: token };
}

async function mailboxOf(client: RawClient): Promise<Uint8Array> {
  const mailboxId = random(16);
  const value = { mailboxId, payload: random(32), expiresInMs: 60_000n };
  await client.ask({ $case: 'mailboxPut', value }, 'mailboxItem');
  return mailboxId;
}

/** How each state is reached. `host` is a member that puts mailboxes. */
const reach: Record<
  'fresh' | 'claimed' | 'ready',
  (arena: Arena, host: RawClient, device: Device) => Promise<Reached>
> = {
  fresh: async (arena, host, device) => {
    const client = await arena.connect();
    return { client, places: placesOf(arena, client, device, await mailboxOf(host)) };
  },
  claimed: async (arena, host, device) => {
    const client = await arena.connect();
    const [mailboxId, claimToken] = [await mailboxOf(host), random(16)];
    await client.ask({ $case: 'mailboxClaim', value: { mailboxId, claimToken } }, 'mailboxItem');
    return { client, places: placesOf(arena, client, device, mailboxId, claimToken) };
  },
  ready: async (arena, _, device) => {
    const { client } = await arena.member(device);
    return { client, places: placesOf(arena, client, device, await mailboxOf(client)) };
  },
};

/** One frame in one state: what the table accepts is served, everything else ends the session. */
async function judgeFrame(name: FrameName, state: keyof typeof reach, { client, places }: Reached): Promise<void> {
  const isOwed = isAnswered(name);
  client.send(bodyOf(name, places), isOwed ? REQUEST_ID : 0);
  if (!isAccepted(name, state)) {
    judge(await fateOf(client, 'closed'), { classes: ['frame.state'], connection: 'closed' });
  } else if (name === 'Bye') {
    same('the close after Bye', (await client.gone()).code, 0);
  } else if (isOwed) {
    const answer = await client.answer(REQUEST_ID);
    holds(`the answer to ${name} in ${state}`, answer.$case !== 'error', 'an answer', answer.$case);
  } else {
    await client.ping();
  }
}

function everyFrame(state: keyof typeof reach): (target: RelayTarget) => Promise<void> {
  return inArena(async (arena) => {
    const group = new Group();
    const host = await arena.member(group.device());
    await control('an honest push', () => host.client.push(host.device.items(1)));
    const before = await stateOf(host.client);
    // A group has at most 16 mailboxes.
    const hosts = [host, await arena.member()];
    await Promise.all(
      frameNames.map(async (name, index) => {
        // A group of its own for what is stored; the host's is read afterwards.
        const { client } = hosts[index % hosts.length] ?? host;
        const reached = await reach[state](arena, client, new Group().device());
        await judgeFrame(name, state, reached);
        await reached.client.close();
      }),
    );
    same('what a member of another group reads', await stateOf(host.client), before);
  });
}

export const orderScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/order/fresh',
    title: 'Before Hello: Hello, MailboxClaim, Ping and Bye are served, every other frame ends the session',
    level: 'must',
    requirements: ['SE-02', 'SE-71', 'SE-75', 'SE-81', 'SE-85', 'SE-106'],
    requires: [],
    run: everyFrame('fresh'),
  },
  {
    id: 'relay/order/claimed',
    title: 'After a claim: MailboxAck and Hello are served too, every other frame ends the session',
    level: 'must',
    requirements: ['SE-02', 'SE-72', 'SE-76', 'SE-77', 'SE-82', 'SE-86'],
    requires: [],
    run: everyFrame('claimed'),
  },
  {
    id: 'relay/order/ready',
    title: "After Hello: a member's requests are served, a second Hello and every frame of a relay end the session",
    level: 'must',
    requirements: ['SE-02', 'SE-79', 'SE-83', 'SE-87', 'SE-104', 'SE-105'],
    requires: [],
    run: everyFrame('ready'),
  },
];
