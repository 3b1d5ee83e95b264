import { setTimeout as pause } from 'node:timers/promises';
import {
  ANSWER_MS_MAX,
  CREDIT_BYTES_MAX,
  PROBE_MS_MAX,
  QUIET_MS_MAX,
  RECONNECT_MS_MAX,
  REFUSED_RETRY_MS,
  RETRY_AFTER_MS_MAX,
} from '@0k-sync/generated/limits';
import type { Behaviour, ScriptedSession } from '@0k-sync/testkit/relay';
import { requiring } from '../../acts.ts';
import { comes, event, expect, expectThat } from '../../expect.ts';
import type { Moved } from '../client.ts';
import { type ClientActs, type ClientScene, READS } from '../scene.ts';
import { noting, returns } from '../time.ts';
import { live, strangerActs } from './strangers.ts';

/** Shorter than QUIET_MS_MAX: a link on which something came in between is not quiet. */
const STEP_MS = 4000;

/** The relay has seen what an idle client did, or sees it within this time, ms. */
const GRACE_MS = 10_000;
const TOKEN = 'a token of the operator';

/** The access tokens of the Hellos of one connection. */
async function tokensOf({ client, relay }: ClientScene): Promise<readonly string[]> {
  await client.act('disconnect');
  const { length: past } = relay.hellos;
  await client.act('connect');
  return relay.hellos.slice(past).map(({ accessToken }) => accessToken);
}

/** After a move of its clock an idle client has done what was due: `seen` has happened. */
async function isThere(what: string, { stands, idle }: Moved, seen: Promise<void>): Promise<void> {
  if (!(stands && idle)) return await comes(what, seen);
  const isSeen = await Promise.race([seen.then(() => true), pause(GRACE_MS, false)]);
  expectThat(what, isSeen, 'there when the client is idle', 'not there');
}

/** Nothing that the relay says in the present sessions arrives any more; in others it does. */
function falls(sessions: Iterable<ScriptedSession>, more: Behaviour = {}): Behaviour {
  const silent = new Set(sessions);
  return {
    ...more,
    send: (bytes, session) => (silent.has(session) ? new Uint8Array() : bytes),
    ending: (_, session) => (silent.has(session) ? 'silence' : 'end'),
  };
}

/** Links that are dead, or that a relay holds up, and waits without end. */
export const linkActs: ClientActs = requiring([...READS, 'connect', 'subscribe', 'disconnect'], {
  ...strangerActs,
  'client/links/silent': {
    title:
      'a link that is silent while a request waits is left after QUIET_MS_MAX and PROBE_MS_MAX, for a new one at once',
    requirements: ['SE-24', 'SE-26', 'LI-70', 'LI-71'],
    run: async (scene) => {
      const { client, relay } = scene;
      await live(scene);
      const asked = event();
      const back = event();
      relay.behaviour = falls(relay.sessions, {
        request: ({ $case }) => {
          if ($case === 'pull') asked.happened();
          return undefined;
        },
        hello: noting(back.happened),
      });
      const pulled = client.attempt('pull');
      await comes('the Pull', asked.seen);
      const { connections } = relay;
      if (!(await client.advance(QUIET_MS_MAX)).stands) return await comes('a new session', back.seen);
      await client.advance(PROBE_MS_MAX - 1);
      expect('connections before the time is over', relay.connections, connections);
      await isThere('a new session', await client.advance(1), back.seen);
      expectThat('the Pull', !('ok' in (await pulled)), 'no ok', await pulled);
      scene.publish('after');
      await scene.delivered('before', 'live', 'after');
    },
  },
  'client/links/held-up': {
    title: 'a relay that is alive and answers nothing has ANSWER_MS_MAX for a request',
    requirements: ['SE-25', 'LI-72'],
    run: async (scene) => {
      const { client, relay } = scene;
      await live(scene);
      const asked = event();
      relay.behaviour = {
        request: ({ $case }) => {
          if ($case !== 'pull') return undefined;
          asked.happened();
          return 'silence';
        },
      };
      const pulled = client.attempt('pull');
      await comes('the Pull', asked.seen);
      const texts = ['before', 'live'];
      const { length: past } = await client.events('disconnected');
      for (let passed = STEP_MS; passed < ANSWER_MS_MAX; passed += STEP_MS) {
        if (!(await client.advance(STEP_MS)).stands) break;
        const text = `alive after ${passed}`;
        scene.publish(text);
        texts.push(text);
        await scene.delivered(...texts);
      }
      expect('losses before the time is over', (await client.events('disconnected')).length, past);
      await client.advance(ANSWER_MS_MAX % STEP_MS);
      const answer = await pulled;
      const isOverdue = 'reject' in answer && answer.reject.class === 'resource.limit';
      expectThat('the Pull', isOverdue, 'reject resource.limit', answer);
      expect('the class', (await client.event('disconnected', past)).class, 'resource.limit');
      const { seen, happened } = event();
      relay.behaviour = {
        hello: noting(happened),
      };
      await returns(client, seen);
      scene.publish('after');
      await scene.delivered(...texts, 'after');
    },
  },
  'client/links/refused-for-now': {
    title: 'a device that the relay, proven, has refused asks again after REFUSED_RETRY_MS',
    requirements: ['CL-37', 'LI-76'],
    run: async (scene) => {
      const { client, relay } = scene;
      await scene.serves('before');
      await client.act('subscribe');
      await client.act('disconnect');
      await client.advance(0);
      relay.behaviour = { authorize: () => ({ error: 'DEVICE_REVOKED' }) };
      await client.rejects('connect', ['session.revoked']);
      const { seen, happened } = event();
      let hellos = 0;
      relay.behaviour = {
        hello: (ack) => {
          hellos += 1;
          happened();
          return ack;
        },
      };
      if ((await client.advance(REFUSED_RETRY_MS - 1)).stands) {
        expect('Hellos before the time is over', hellos, 0);
        await isThere('a Hello', await client.advance(1), seen);
      }
      await scene.serves('after');
    },
  },
  'client/links/told-to-wait': {
    title: 'a relay that asks for a wait without end gets one of RETRY_AFTER_MS_MAX and a time of CL-36',
    requirements: ['ER-05', 'LI-77'],
    run: async (scene) => {
      const { client, relay } = scene;
      await live(scene);
      const { length: past } = await client.events('disconnected');
      const told = event();
      relay.behaviour = {
        hello: () => {
          told.happened();
          return { error: 'RELAY_OVERLOADED', retryAfterMs: 2 ** 52 };
        },
      };
      for (const { connection } of relay.sessions) void connection.close(0);
      await client.event('disconnected', past);
      await returns(client, told.seen);
      await client.event('disconnected', past + 1);
      const { seen, happened } = event();
      let hellos = 0;
      relay.behaviour = {
        hello: (ack) => {
          hellos += 1;
          happened();
          return ack;
        },
      };
      if ((await client.advance(RETRY_AFTER_MS_MAX - 1)).stands) {
        expect('Hellos before the time is over', hellos, 0);
        await isThere('a Hello', await client.advance(RECONNECT_MS_MAX + 1), seen);
      }
      await scene.serves('after');
    },
  },
  'client/links/reconnect': {
    title: 'an app that asks for a new connection gets one at once, though the present one is dead',
    requirements: ['CL-39'],
    requires: [...READS, 'connect', 'subscribe', 'reconnect'],
    run: async (scene) => {
      const { client, relay } = scene;
      await live(scene);
      const back = event();
      relay.behaviour = falls(relay.sessions, {
        hello: noting(back.happened),
      });
      const { connections } = relay;
      const asked = client.attempt('reconnect');
      await isThere('a new connection', await client.advance(0), back.seen);
      const answer = await asked;
      expectThat('reconnect', 'ok' in answer, 'ok', answer);
      expect('connections', relay.connections, connections + 1);
      scene.publish('after');
      await scene.delivered('before', 'live', 'after');
    },
  },
  'client/links/ack-unasked': {
    title: 'a relay that removes nothing by Ack gets none',
    requirements: ['CL-07', 'SE-17'],
    run: async (scene) => {
      const { client, relay } = scene;
      const hello: Behaviour['hello'] = (ack) => ({ ...ack, capabilities: [] });
      await scene.serves('before');
      await client.act('disconnect');
      relay.behaviour = { hello };
      const past = scene.requests('ack').length;
      scene.publish('read');
      await client.act('pull');
      await client.act('disconnect');
      expect('Acks', scene.requests('ack').length, past);
      await scene.serves('after');
    },
  },
  'client/links/overdrawn': {
    title: 'a delivery that begins an envelope without credit for it ends the session',
    requirements: ['CL-18', 'RL-45'],
    given: { settings: { creditBytesMax: 1000 } },
    run: async (scene) => {
      const { client, relay, log } = scene;
      await live(scene);
      const { length: past } = await client.events('disconnected');
      relay.behaviour = {
        deliver: (segment) => {
          relay.behaviour = {};
          return log.segment(Number(segment.after), CREDIT_BYTES_MAX);
        },
      };
      for (const text of ['one', 'two', 'three', 'four']) log.append(scene.author.seal(text).envelope);
      relay.publish(log);
      expect('the class', (await client.event('disconnected', past)).class, 'resource.limit');
      const { seen, happened } = event();
      relay.behaviour = {
        hello: noting(happened),
      };
      await returns(client, seen);
      await scene.delivered('before', 'live', 'one', 'two', 'three', 'four');
    },
  },
  'client/links/token-kept': {
    title: 'an access token does not go to a relay that nobody vouches for',
    requirements: ['CL-69'],
    given: { creates: 'address', config: { access_token: TOKEN } },
    run: async (scene) => expect('tokens', await tokensOf(scene), ['']),
  },
  'client/links/token-given': {
    title: 'an access token goes to a relay whose key the app has named',
    requirements: ['CL-69', 'SE-13'],
    given: { creates: 'node id', config: { access_token: TOKEN } },
    run: async (scene) => expect('tokens', await tokensOf(scene), [TOKEN]),
  },
});
