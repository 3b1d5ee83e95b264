import type { FrameName } from '@0k-sync/generated/frames';
import { type Device, Group } from '@0k-sync/testkit/author';
import type { RawClient } from '@0k-sync/testkit/raw';
import type { Places } from '@0k-sync/testkit/samples';
import { actsOf, type Claim } from '../../acts.ts';
import { control, expect, expectThat } from '../../expect.ts';
import { stateOf } from '../attack.ts';
import { fateOf, judgeFate } from '../fate.ts';
import { claim, mailboxOf, type Ticket } from '../mailbox/mailboxes.ts';
import type { RelayScene } from '../scene.ts';
import { bodyOf, frameNames, isAccepted, isAnswered } from './bodies.ts';

const REQUEST_ID = 77;
const OUT_OF_STATE = { classes: ['frame.state'] } as const;

/** A connection that was brought into a state, and what fits there. */
interface Reached {
  readonly client: RawClient;
  readonly places: Places;
}

function placesOf(scene: RelayScene, client: RawClient, device: Device, box: Ticket): Places {
  const items = [{ envelope: device.forge().envelope, skip: false }];
  const push = { $case: 'push' as const, value: { items } };
  return { hello: scene.helloBody(client, device), push, ...box };
}

/** Steps into each state. `host` is a member that puts mailboxes. */
const reach = {
  fresh: async (scene: RelayScene, host: RawClient, device: Device): Promise<Reached> => {
    const client = await scene.connect();
    return { client, places: placesOf(scene, client, device, await mailboxOf(host)) };
  },
  claimed: async (scene: RelayScene, host: RawClient, device: Device): Promise<Reached> => {
    const reached = await reach.fresh(scene, host, device);
    await claim(reached.client, reached.places);
    return reached;
  },
  ready: async (scene: RelayScene, _: RawClient, device: Device): Promise<Reached> => {
    const { client } = await scene.member(device);
    return { client, places: placesOf(scene, client, device, await mailboxOf(client)) };
  },
};

type State = keyof typeof reach;

/** One frame in one state: what the table accepts is served, everything else ends the session. */
async function judgeFrame(name: FrameName, state: State, { client, places }: Reached, host: RawClient): Promise<void> {
  const isOwed = isAnswered(name);
  client.send(bodyOf(name, places), isOwed ? REQUEST_ID : 0);
  if (!isAccepted(name, state)) {
    judgeFate(await fateOf(client, OUT_OF_STATE, () => host.pull()), OUT_OF_STATE);
  } else if (name === 'Bye') {
    expect('the close after Bye', (await client.gone()).code, 0);
  } else if (isOwed) {
    const answer = await client.answer(REQUEST_ID);
    expectThat(`the answer to ${name} in ${state}`, answer.$case !== 'error', 'an answer', answer.$case);
  } else {
    await client.ping();
  }
}

async function everyFrame(scene: RelayScene, state: State): Promise<void> {
  const host = await scene.member();
  await control('an honest push', () => host.client.push(host.device.items(1)));
  const before = await stateOf(host.client);
  // A group has at most 16 mailboxes.
  const hosts = [host, await scene.member()];
  const judgeOne = async (name: FrameName, index: number) => {
    // A group of its own for what is stored; the host's is read afterwards.
    const { client } = hosts[index % hosts.length] ?? host;
    const reached = await reach[state](scene, client, new Group().device());
    await judgeFrame(name, state, reached, client);
    await reached.client.close();
  };
  await Promise.all(frameNames.map(judgeOne));
  expect('what a member of another group reads', await stateOf(host.client), before);
}

const rows: Readonly<Record<string, Claim & { readonly state: State }>> = {
  'relay/order/fresh': {
    title: 'Before Hello: Hello, MailboxClaim, Ping and Bye are served, every other frame ends the session',
    requirements: ['SE-02', 'SE-71', 'SE-75', 'SE-81', 'SE-85', 'SE-106'],
    state: 'fresh',
  },
  'relay/order/claimed': {
    title: 'After a claim: MailboxAck and Hello are served too, every other frame ends the session',
    requirements: ['SE-02', 'SE-72', 'SE-76', 'SE-77', 'SE-82', 'SE-86'],
    state: 'claimed',
  },
  'relay/order/ready': {
    title: "After Hello: a member's requests are served, a second Hello and every frame of a relay end the session",
    requirements: ['SE-02', 'SE-79', 'SE-83', 'SE-87', 'SE-104', 'SE-105'],
    state: 'ready',
  },
};

/** Every frame in every state of a session. */
export const orderActs = actsOf(
  rows,
  ({ state }) =>
    (scene: RelayScene) =>
      everyFrame(scene, state),
);
