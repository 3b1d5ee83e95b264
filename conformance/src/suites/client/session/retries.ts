import { RECONNECT_EQUAL_MAX, RECONNECT_EQUAL_MS_MAX, RECONNECT_MS_MAX } from '@0k-sync/generated/limits';
import type { ScriptedSession } from '@0k-sync/testkit/relay';
import { requiring } from '../../acts.ts';
import { comes, event, expect, expectThat } from '../../expect.ts';
import { type ClientActs, type ClientScene, READS } from '../scene.ts';
import { closes, live } from './strangers.ts';

/** After so many equal failures the window has its full width. */
const FAILURES = RECONNECT_EQUAL_MAX + Math.log2(RECONNECT_EQUAL_MS_MAX);
/** More steps of RECONNECT_MS_MAX than it takes to have so many failures, each after the whole of its window. */
const STEPS_MAX = 400;
/** Steps of RECONNECT_MS_MAX that are four times the widest window. */
const STEPS = (4 * RECONNECT_EQUAL_MS_MAX) / RECONNECT_MS_MAX;

/** The client keeps to its connection and is then let go; somebody in the relay's place counts its attempts. */
async function countsAttempts(scene: ClientScene): Promise<() => number> {
  let attempts = 0;
  const close = closes(1003);
  scene.replace((connection) => {
    attempts += 1;
    close(connection);
  });
  const { length: past } = await scene.client.events('disconnected');
  for (const { connection } of scene.relay.sessions) void connection.close(0);
  await scene.client.event('disconnected', past);
  return () => attempts;
}

/** When a client tries again, and what it brings. */
export const retryActs: ClientActs = requiring([...READS, 'connect', 'subscribe', 'disconnect'], {
  'client/links/ten-minutes': {
    title:
      'after many equal failures that nobody has signed a client tries every few minutes, and within RECONNECT_EQUAL_MS_MAX',
    requirements: ['CL-36', 'LI-74', 'LI-75'],
    run: async (scene) => {
      await live(scene);
      const attempts = await countsAttempts(scene);
      const { stands } = await scene.client.advance(0);
      if (stands) {
        for (let steps = 0; attempts() < FAILURES && steps < STEPS_MAX; steps += 1)
          await scene.client.advance(RECONNECT_MS_MAX);
        const past = attempts();
        for (let steps = 0; steps < STEPS; steps += 1) await scene.client.advance(RECONNECT_MS_MAX);
        const made = attempts() - past;
        // About eight; a client with the narrow window makes one in every step.
        expectThat('attempts in four windows', made >= 3 && made <= STEPS / 2, `from 3 to ${STEPS / 2}`, made);
      }
      await scene.serves('after');
    },
  },
  'client/links/record-lost': {
    title: 'a device that the relay has forgotten says Hello once more with its record, and no third time',
    requirements: ['CL-38', 'SE-11'],
    run: async (scene) => {
      const { client, relay, log } = scene;
      await scene.serves('before');
      await client.act('disconnect');
      const { deviceKey } = scene;
      log.records.delete(deviceKey);
      const { length: past } = relay.hellos;
      await client.act('connect');
      const hellos = relay.hellos.slice(past).map(({ enrolment }) => enrolment !== undefined);
      expect('Hellos with an Enrolment', hellos, [false, true]);
      await client.act('disconnect');
      await client.advance(0);
      const { length: before } = relay.hellos;
      relay.behaviour = { authorize: () => ({ error: 'UNAUTHORIZED' }) };
      await client.rejects('connect', ['session.unauthorized']);
      expect('Hellos', relay.hellos.length - before, 2);
      await scene.serves('after');
    },
  },
  'client/links/asked-meanwhile': {
    title: 'what the app asks for while an attempt is under way is not answered by the end of that attempt',
    requirements: ['CL-66'],
    run: async (scene) => {
      const { client, relay } = scene;
      await live(scene);
      const { seen, happened } = event();
      let silent: ScriptedSession | undefined;
      relay.behaviour = {
        authorize: (verdict, _, session) => {
          silent ??= session;
          happened();
          return verdict;
        },
        send: (bytes, session) => (session === silent ? new Uint8Array() : bytes),
      };
      const { length: past } = await client.events('disconnected');
      for (const { connection } of relay.sessions) void connection.close(0);
      await client.event('disconnected', past);
      client.attempt('connect');
      await comes('a Hello', seen);
      const asked = client.attempt('connect');
      // Answered behind the second question: the client has it.
      await client.unsynced();
      void silent?.connection.close(0);
      const answer = await asked;
      expectThat('the second connect', 'ok' in answer, 'ok', answer);
      await scene.serves('after');
    },
  },
});
