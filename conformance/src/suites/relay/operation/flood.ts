import { concat } from '@0k-sync/core/bytes';
import { preface } from '@0k-sync/core/channel';
import { FRAME_BYTES_MAX } from '@0k-sync/generated/limits';
import { random } from '@0k-sync/testkit/crypto';
import type { RawClient } from '@0k-sync/testkit/raw';
import { Ended } from '@0k-sync/testkit/raw';
import { within } from '@0k-sync/testkit/time';
import { delimited, frameBytes, varint } from '@0k-sync/testkit/wire';
import { type Scenario, Unjudged } from '../../../model.ts';
import { type Arena, inArena } from '../arena.ts';
import { attack, fateOf, judge, leave, Stage } from '../attack.ts';
import { holds, same } from '../checks.ts';
import { arenaOn, type OpenRelay } from '../relays.ts';
import type { RelayTarget } from '../target.ts';

/** How long an honest member may wait beside a flood, ms. */
const SERVED_MS = 5000;
const CONNECTIONS = 24;
const ROUNDS = 20;
const REQUESTS_A_ROUND = 200;
/** What a refused length may cost a relay in memory: far less than was declared. */
const GROWTH_BYTES_MAX = 64 * 1024 * 1024;

/** Does something many times at once, and measures an honest member meanwhile. */
async function beside(arena: Arena, flood: () => Promise<unknown>): Promise<void> {
  const stage = await Stage.set(arena);
  const before = await stage.state();
  const flooding = Promise.all(Array.from({ length: CONNECTIONS }, flood));
  // It fails when the member is not served, too.
  flooding.catch(() => {});
  for (let round = 0; round < 5; round += 1)
    await within(stage.witness.client.ping(), 'Pong beside a flood', SERVED_MS);
  await flooding;
  same('what a member reads', await stage.state(), before);
  await stage.control();
}

/** The last request of a flood has its answer, or the connection is over. */
async function answeredOrRefused(client: RawClient, last: number): Promise<void> {
  try {
    await client.answer(last);
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
  }
}

/** Memory of the relay's process now; undefined where its adapter does not say. */
async function residentBytes(relay: OpenRelay): Promise<number | undefined> {
  const bytes = (await relay.stats())['resident_bytes'];
  if (bytes === undefined) return undefined;
  const isSize = Number.isSafeInteger(bytes) && Number(bytes) > 0;
  holds('resident_bytes of stats', isSize, 'a number of bytes above 0', JSON.stringify(bytes));
  return Number(bytes);
}

export const floodScenarios: readonly Scenario<RelayTarget>[] = [
  {
    id: 'relay/flood/garbage',
    title: 'Two dozen connections that send garbage are closed, and a member is served meanwhile',
    level: 'must',
    requirements: ['WI-01', 'RL-61'],
    requires: [],
    run: inArena((arena) =>
      beside(arena, async () => {
        const client = await arena.dial();
        client.sendRaw(random(60_000));
        await client.gone();
      }),
    ),
  },
  {
    id: 'relay/flood/half-handshakes',
    title: 'Two dozen handshakes that stop half-way hold up nobody',
    level: 'must',
    requirements: ['HS-15', 'RL-61'],
    requires: [],
    run: inArena((arena) =>
      beside(arena, async () => {
        const client = await arena.dial();
        client.sendRaw(concat(preface(2), Uint8Array.of(0x04, 0xc0), random(600)));
      }),
    ),
  },
  {
    id: 'relay/flood/half-frames',
    title: 'Two dozen strangers that send half of the largest frame hold up nobody',
    level: 'must',
    requirements: ['WI-11', 'RL-63'],
    requires: [],
    run: inArena((arena) =>
      beside(arena, async () => {
        const client = await arena.connect({ suite: 'classical' });
        client.sendPlaintext(concat(varint(FRAME_BYTES_MAX), new Uint8Array(FRAME_BYTES_MAX / 4)));
      }),
    ),
  },
  {
    id: 'relay/flood/pings',
    title: 'A member that sends thousands of requests without waiting is answered or refused, and others are served',
    level: 'must',
    requirements: ['SE-05', 'RL-62'],
    requires: [],
    run: inArena(async (arena) => {
      const stage = await Stage.set(arena);
      const before = await stage.state();
      const client = await stage.session();
      const pull = (id: number) =>
        delimited(frameBytes({ $case: 'pull', value: { after: 0n, hashAtAfter: new Uint8Array(0), bytesMax: 1 } }, id));
      for (let round = 0; round < ROUNDS; round += 1) {
        const ids = Array.from(
          { length: REQUESTS_A_ROUND },
          (_, index) => 1_000_000 + round * REQUESTS_A_ROUND + index,
        );
        client.sendPlaintext(concat(...ids.map(pull)));
        await within(stage.witness.client.ping(), 'Pong beside a flood', SERVED_MS);
      }
      await answeredOrRefused(client, 1_000_000 + ROUNDS * REQUESTS_A_ROUND - 1);
      same('what a member reads', await stage.state(), before);
      await stage.control();
    }),
  },
  {
    id: 'relay/flood/declared-lengths',
    title: 'Declared lengths of 4 GiB cost the relay no memory',
    level: 'must',
    requirements: ['WI-11'],
    requires: ['relay'],
    run: inArena(async (arena) => {
      const { inner, relay } = await arenaOn(arena, {}, 'others');
      const before = await residentBytes(relay);
      const clients = await Promise.all(Array.from({ length: 4 }, () => inner.connect()));
      for (const client of clients) client.sendPlaintext(varint(0xffff_ffff));
      for (const client of clients) {
        judge(await fateOf(client, 'closed'), { classes: ['frame.length'], connection: 'closed' });
      }
      const after = await residentBytes(relay);
      if (before === undefined || after === undefined)
        throw new Unjudged('nothing is known of the memory of the relay: let stats name resident_bytes');
      const growth = after - before;
      holds('memory', growth < GROWTH_BYTES_MAX, `less than ${GROWTH_BYTES_MAX} bytes more`, `${growth} bytes more`);
    }),
  },
  {
    id: 'relay/flood/vanishing',
    title: 'Two dozen members that vanish in the middle of a Push leave the log whole',
    level: 'must',
    requirements: ['SE-23', 'WI-12', 'RL-20'],
    requires: [],
    run: inArena(async (arena) => {
      const stage = await Stage.set(arena);
      const devices = Array.from({ length: CONNECTIONS }, () => stage.group.device());
      const members = await Promise.all(devices.map((device) => arena.member(device, { suite: 'classical' })));
      const before = await stage.state();
      await Promise.all(
        members.map(async ({ client, device }) => {
          const push = frameBytes({ $case: 'push', value: { items: device.items(4) } }, 5);
          client.sendPlaintext(delimited(push).slice(0, -10));
          await client.close(9);
        }),
      );
      for (const device of devices) {
        const { client, ack } = await arena.member(device, { suite: 'classical' });
        same('own_sequence of a member that vanished', ack.ownSequence, 0n);
        await leave(client);
      }
      same('what a member reads', await stage.state(), before);
      await stage.control();
    }),
  },
  {
    id: 'relay/flood/violations',
    title: 'A device that breaks the rules again and again is refused each time, and let in when it keeps them',
    level: 'must',
    requirements: ['SE-02', 'SE-07'],
    requires: [],
    run: inArena(async (arena) => {
      const stage = await Stage.set(arena);
      for (let round = 0; round < 5; round += 1) {
        await attack(stage, { classes: ['frame.type'], connection: 'closed' }, async () => {
          const client = await stage.session();
          client.sendPlaintext(Uint8Array.of(2, 8, 7));
          return client;
        });
      }
    }),
  },
];
