import { concat } from '@0k-sync/core/bytes';
import { preface } from '@0k-sync/core/channel';
import { CIPHERTEXT_BYTES_MAX, FRAME_BYTES_MAX, PAGE_BYTES_MAX } from '@0k-sync/generated/limits';
import { itemOf } from '@0k-sync/testkit/author';
import { random } from '@0k-sync/testkit/crypto';
import { Ended, type RawClient } from '@0k-sync/testkit/raw';
import { delimited, frameBytes, varint } from '@0k-sync/testkit/wire';
import { Unjudged } from '../../../model.ts';
import { actsOf, type Claim } from '../../acts.ts';
import { attacked } from '../../attack.ts';
import { expect, expectThat } from '../../expect.ts';
import { Encounter } from '../attack.ts';
import { fateOf, judgeFate } from '../fate.ts';
import { type OpenRelay, openScene } from '../relays.ts';
import { leave, type Member, type RelayActs, type RelayScene } from '../scene.ts';

const CONNECTIONS = 24;
const PINGS = 5;
const ROUNDS = 20;
const REQUESTS_A_ROUND = 200;
const FIRST_ID = 1_000_000;
/** Pages of the largest size that are asked for at once. */
const PAGES = 12;
/** Memory that a refused length may cost a relay: far less than was declared. */
const GROWTH_BYTES_MAX = 64 * 1024 * 1024;
const TOO_LONG = { classes: ['frame.length'] } as const;

/** A deed that many strangers do at once. */
interface Flood extends Claim {
  readonly flood: (scene: RelayScene) => Promise<unknown>;
}

/** A member reads the same before and after a flood, and the relay answers it during the flood. */
function besides(rows: Readonly<Record<string, Flood>>): RelayActs {
  return actsOf(rows, ({ flood }) => async (scene: RelayScene) => {
    const encounter = await Encounter.begin(scene);
    await attacked(encounter, async () => {
      const flooding = Promise.all(Array.from({ length: CONNECTIONS }, () => flood(scene)));
      // It fails when the member is not served, too.
      flooding.catch(() => {});
      for (let count = 0; count < PINGS; count += 1) await encounter.witness.client.ping();
      await flooding;
    });
  });
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
  expectThat('resident_bytes of stats', isSize, 'a number of bytes above 0', bytes);
  return Number(bytes);
}

function pull(requestId: number): Uint8Array {
  const value = { after: 0n, hashAtAfter: new Uint8Array(0), bytesMax: 1 };
  return delimited(frameBytes({ $case: 'pull', value }, requestId));
}

function largePull(requestId: number): Uint8Array {
  const value = { after: 0n, hashAtAfter: new Uint8Array(0), bytesMax: PAGE_BYTES_MAX };
  return delimited(frameBytes({ $case: 'pull', value }, requestId));
}

const ping = (requestId: number) => delimited(frameBytes({ $case: 'ping', value: {} }, requestId));
const credit = delimited(frameBytes({ $case: 'credit', value: { bytes: 1 } }, 0));
const ack = delimited(frameBytes({ $case: 'ack', value: { cursor: 0n } }, 0));

/** Clients that ask for too much beside members that are served. */
export const floodActs: RelayActs = {
  ...besides({
    'relay/flood/garbage': {
      title: 'Two dozen connections that send garbage are closed, and a member is served meanwhile',
      requirements: ['WI-01', 'RL-61'],
      flood: async (scene) => {
        const client = await scene.dial();
        client.sendRaw(random(60_000));
        await client.gone();
      },
    },
    'relay/flood/half-handshakes': {
      title: 'Two dozen handshakes that stop half-way hold up nobody',
      requirements: ['HS-15', 'RL-61'],
      flood: async (scene) => {
        const client = await scene.dial();
        client.sendRaw(concat(preface(2), Uint8Array.of(0x04, 0xc0), random(600)));
      },
    },
    'relay/flood/half-frames': {
      title: 'Two dozen strangers that send half of the largest frame hold up nobody',
      requirements: ['WI-11', 'RL-63'],
      flood: async (scene) => {
        const client = await scene.connect({ suite: 'classical' });
        client.sendPlaintext(concat(varint(FRAME_BYTES_MAX), new Uint8Array(FRAME_BYTES_MAX / 4)));
      },
    },
  }),
  'relay/flood/pings': {
    title: 'A member that sends thousands of requests without waiting is answered or refused, and others are served',
    requirements: ['SE-05', 'RL-62'],
    run: async (scene) => {
      const encounter = await Encounter.begin(scene);
      await attacked(encounter, async () => {
        const client = await encounter.session();
        let last = FIRST_ID;
        for (let round = 0; round < ROUNDS; round += 1) {
          const requests = Array.from({ length: REQUESTS_A_ROUND }, () => pull(++last));
          client.sendPlaintext(concat(...requests));
          await encounter.witness.client.ping();
        }
        await answeredOrRefused(client, last);
      });
    },
  },
  'relay/flood/small-frames': {
    title: 'Thousands of Credits, Acks and records of one byte hold up nobody, and what is behind them is answered',
    requirements: ['RL-73', 'RL-74'],
    run: async (scene) => {
      const encounter = await Encounter.begin(scene);
      await attacked(encounter, async () => {
        const client = await encounter.session();
        client.subscribe();
        await client.expect('deliver');
        for (let round = 0; round < ROUNDS; round += 1) {
          client.sendPlaintext(concat(...Array.from({ length: REQUESTS_A_ROUND }, () => concat(credit, ack))));
          for (const byte of ping(FIRST_ID + round)) client.sendPlaintext(Uint8Array.of(byte));
          await encounter.witness.client.ping();
        }
        await answeredOrRefused(client, FIRST_ID + ROUNDS - 1);
      });
    },
  },
  'relay/flood/pipelined-pulls': {
    title: 'Many Pulls in one piece are each answered with a page, in order, and what is behind them is answered too',
    requirements: ['RL-72', 'RL-73', 'SE-06'],
    run: async (scene) => {
      const { client, device } = await scene.member();
      for (let push = 0; push < PAGES; push += 1) await client.push([itemOf(device.sized(CIPHERTEXT_BYTES_MAX))]);
      const pulls = Array.from({ length: PAGES }, (_, page) => largePull(FIRST_ID + page));
      client.sendPlaintext(concat(...pulls, ping(FIRST_ID + PAGES)));
      for (let page = 0; page < PAGES; page += 1) {
        const answer = await client.answer(FIRST_ID + page);
        const envelopes = answer.$case === 'page' ? answer.value.segment?.envelopes.length : undefined;
        expectThat('the envelopes of a page', (envelopes ?? 0) > 0, 'at least one', envelopes ?? answer.$case);
      }
      await client.answer(FIRST_ID + PAGES);
      const answered = client.inbox.log.map(({ frame }) => frame.requestId).filter((id) => id >= FIRST_ID);
      const pages = answered.filter((id) => id < FIRST_ID + PAGES);
      expect(
        'the order of the pages',
        pages,
        pages.toSorted((a, b) => a - b),
      );
    },
  },
  'relay/flood/declared-lengths': {
    title: 'Declared lengths of 4 GiB cost the relay no memory',
    requirements: ['WI-11'],
    requires: ['relay'],
    run: async (scene) => {
      const { inner, relay } = await openScene(scene, {}, 'others');
      const before = await residentBytes(relay);
      const clients = await Promise.all(Array.from({ length: 4 }, () => inner.connect()));
      for (const client of clients) client.sendPlaintext(varint(0xffff_ffff));
      for (const client of clients) judgeFate(await fateOf(client, TOO_LONG, () => inner.connect()), TOO_LONG);
      const after = await residentBytes(relay);
      if (before === undefined || after === undefined)
        throw new Unjudged('nothing is known of the memory of the relay: let stats name resident_bytes');
      const growth = after - before;
      expectThat('memory', growth < GROWTH_BYTES_MAX, `less than ${GROWTH_BYTES_MAX} bytes more`, growth);
    },
  },
  'relay/flood/vanishing': {
    title: 'Two dozen members that vanish in the middle of a Push leave the log whole',
    requirements: ['SE-23', 'WI-12', 'RL-20'],
    run: async (scene) => {
      const encounter = await Encounter.begin(scene);
      const devices = Array.from({ length: CONNECTIONS }, () => encounter.group.device());
      const suite = 'classical';
      const members = await Promise.all(devices.map((device) => scene.member(device, { suite })));
      await attacked(encounter, async () => {
        const vanish = ({ client, device }: Member) => {
          const push = frameBytes({ $case: 'push', value: { items: device.items(4) } }, 5);
          client.sendPlaintext(delimited(push).slice(0, -10));
          return client.close(9);
        };
        await Promise.all(members.map(vanish));
        for (const device of devices) {
          const { client, ack } = await scene.member(device, { suite });
          expect('own_head of a member that vanished', ack.ownHead, undefined);
          await leave(client);
        }
      });
    },
  },
  'relay/flood/violations': {
    title: 'A device that breaks the rules again and again is refused each time, and let in when it keeps them',
    requirements: ['SE-02', 'SE-07'],
    run: async (scene) => {
      const encounter = await Encounter.begin(scene);
      for (let round = 0; round < 5; round += 1) {
        await encounter.attack({ classes: ['frame.type'] }, async () => {
          const client = await encounter.session();
          client.sendPlaintext(Uint8Array.of(2, 8, 7));
          return client;
        });
      }
    },
  },
};
