import { expect, expectThat } from '../../expect.ts';
import type { ClientActs, ClientScene } from '../scene.ts';

const MONTH_SECONDS = 30 * 24 * 3600;
const U32_MAX = 0xffffffff;
const HOUR_MS = 3_600_000;
const AGE_MS = MONTH_SECONDS * 1000;
const EXPIRING = ['client', 'pair_join', 'reconnect', 'expiring'];

/** A new session with a relay that expires by age, when `passedMs` have passed at the relay since its messages came. */
async function meets({ client, relay }: ClientScene, passedMs: number): Promise<void> {
  const serverTimeMs = BigInt(Date.now() + passedMs);
  relay.behaviour = { hello: (ack) => ({ ...ack, retentionSeconds: MONTH_SECONDS, serverTimeMs }) };
  await client.act('reconnect');
}

/** The connection ends, and each new one ends before the handshake. */
async function losesRelay(scene: ClientScene): Promise<void> {
  const { length: past } = await scene.client.events('disconnected');
  scene.replace((connection) => void connection.close(0));
  for (const { connection } of scene.relay.sessions) void connection.close(0);
  await scene.client.event('disconnected', past);
}

/** The client has told this often. */
async function hasTold({ client }: ClientScene, when: string, times: number): Promise<void> {
  if (times > 0) await client.event('expiring', times - 1);
  const told = await client.events('expiring');
  expect(`events expiring ${when}`, told.length, times);
}

/** The retention that a relay names, and the client's status. */
export const retentionActs: ClientActs = {
  'client/retention/status': {
    title: 'the status says what the last HelloAck said of the relay’s retention',
    requirements: ['CL-19', 'SE-18'],
    requires: ['client', 'pair_join', 'reconnect'],
    run: async ({ client, relay }) => {
      const claims = [
        [{ retentionSeconds: MONTH_SECONDS, retentionBytes: 0n }, { expires_after_ms: MONTH_SECONDS * 1000 }],
        [{ retentionSeconds: 0, retentionBytes: 2n ** 40n }, { bytes_max: `${2n ** 40n}` }],
        [
          { retentionSeconds: U32_MAX, retentionBytes: 1n },
          { expires_after_ms: U32_MAX * 1000, bytes_max: '1' },
        ],
        [{ retentionSeconds: 0, retentionBytes: 0n }, {}],
      ] as const;
      for (const [claim, shown] of claims) {
        relay.behaviour = { hello: (ack) => ({ ...ack, ...claim }) };
        await client.act('reconnect');
        expect('retention', await client.retention(), shown);
      }
    },
  },
  'client/retention/unread': {
    title: 'an absence of three quarters of the age by which a relay expires is told once, and again only in the next',
    requirements: ['CL-29', 'SE-18'],
    requires: EXPIRING,
    run: async (scene) => {
      const { client } = scene;
      const { stands } = await client.advance(0);
      if (stands) {
        for (const absence of [1, 2]) {
          await meets(scene, 0);
          const goneAt = Date.now();
          await client.setNow(goneAt);
          await losesRelay(scene);
          await client.advance((AGE_MS * 3) / 4 - HOUR_MS);
          await hasTold(scene, 'an hour before', absence - 1);
          await client.advance(2 * HOUR_MS);
          const { what, at } = await client.event('expiring', absence - 1);
          expect('what', what, 'unread');
          expectAbout('at', at, goneAt + AGE_MS);
          await client.advance(AGE_MS);
          await hasTold(scene, 'after the whole age', absence);
          scene.undivert();
        }
      }
      await scene.serves('after');
    },
  },
  'client/retention/history': {
    title: 'messages that the relay will not serve much longer are told once in a run of the client',
    requirements: ['CL-29', 'SE-18'],
    requires: EXPIRING,
    run: async (scene) => {
      const { client } = scene;
      let ageMs = 0;
      await scene.serves('old');
      const { stands } = await client.advance(0);
      if (stands) {
        const storedAt = Date.now();
        await client.setNow(storedAt);
        for (const [passedMs, told] of [
          [0, 0],
          [(AGE_MS * 7) / 10, 0],
          [AGE_MS / 10, 1],
          [0, 1],
        ] as const) {
          await client.advance(passedMs);
          ageMs += passedMs;
          await meets(scene, ageMs);
          await client.act('pull');
          await hasTold(scene, `when ${ageMs / HOUR_MS} hours have passed`, told);
        }
        const { what, at } = await client.event('expiring');
        expect('what', what, 'history');
        expectAbout('at', at, storedAt + AGE_MS);
      }
      await scene.serves('after');
    },
  },
};

/** Expects a time within an hour: clocks of the suite and of the client differ by what lies between two lines. */
function expectAbout(name: string, value: unknown, timeMs: number): void {
  const isNear = typeof value === 'number' && Math.abs(value - timeMs) < HOUR_MS;
  expectThat(name, isNear, `about ${timeMs}`, value);
}
