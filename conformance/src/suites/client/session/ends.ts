import { toHex } from '@0k-sync/core/bytes';
import { RECONNECT_MS_MAX } from '@0k-sync/generated/limits';
import { actsOf, type Claim, requiring } from '../../acts.ts';
import { comes, control, event, expect, expectThat } from '../../expect.ts';
import { Client } from '../client.ts';
import { invitation } from '../invitation.ts';
import { amid, type ClientActs, type ClientScene, READS, type SceneOptions, underAttack } from '../scene.ts';
import { noting, returns } from '../time.ts';

/** Moves of a clock, or returns of a twin, in which a client that dials by itself would have dialled. */
const CHANCES = 4;

/** A way in which a live client loses its relay. */
interface Loss extends Claim {
  readonly end: (scene: ClientScene) => Promise<void>;
}

/** The relay is honest, and the client comes back to it by itself. */
async function comesBackTo({ relay, client }: ClientScene): Promise<void> {
  const { seen, happened } = event();
  relay.behaviour = {
    hello: noting(happened),
  };
  await returns(client, seen);
}

/** Ends the relay and starts it again. Before the client's clock moves it knows that its connection is over. */
async function restarts({ relay, client }: ClientScene, signal: 'KILL' | 'TERM'): Promise<void> {
  const { length: past } = await client.events('disconnected');
  await relay.restart(signal);
  await client.event('disconnected', past);
}

/** The relay is back, and refuses the client for now. */
async function isOverloaded(scene: ClientScene): Promise<void> {
  const { relay, client } = scene;
  await restarts(scene, 'KILL');
  const { length: past } = await client.events('disconnected');
  const { seen, happened } = event();
  relay.behaviour = {
    hello: () => {
      happened();
      return { error: 'RELAY_OVERLOADED' };
    },
  };
  await returns(client, seen);
  // Only who has been told what became of its Hello can act upon it.
  expect('the class', (await client.event('disconnected', past)).class, 'session.rate');
}

/** A second device of the same client is live, loses its connection, and comes back by itself, again and again. */
async function twinReturns(scene: ClientScene): Promise<void> {
  const { relay, author, client, target } = scene;
  const { authorize, ...behaviour } = relay.behaviour;
  const twin = await Client.open(client.adapter, await target.directory());
  await twin.act('pair_join', { invite: invitation(relay, author) });
  await twin.act('subscribe');
  for (let chance = 0; chance < CHANCES; chance += 1) {
    const { seen, happened } = event();
    relay.behaviour = {
      ...behaviour,
      authorize: (verdict, hello, session) => {
        const instead = authorize?.(verdict, hello, session);
        if (instead === undefined) happened();
        return instead;
      },
    };
    for (const { connection } of relay.sessions) void connection.close(0);
    await client.advance(RECONNECT_MS_MAX);
    await returns(twin, seen);
  }
  await twin.close();
}

/**
 * Nobody dials who may not, though every wait of CL-36 is over: the clock is moved over it. Where nothing says that the
 * client does nothing then, a twin of it that may come back has done so.
 */
async function staysAway(scene: ClientScene): Promise<void> {
  for (let chance = 0; chance < CHANCES; chance += 1) {
    const { idle } = await scene.client.advance(RECONNECT_MS_MAX);
    if (!idle) return await control('a twin comes back', () => twinReturns(scene));
  }
}

/** The relay refuses the client's key as revoked. Hellos of the client from now on are counted. */
function revoke({ relay, deviceKey }: ClientScene): { hellos: number } {
  const count = { hellos: 0 };
  relay.behaviour = {
    authorize: (verdict, hello) => {
      if (toHex(hello.deviceKey) !== deviceKey) return verdict;
      count.hellos += 1;
      return { error: 'DEVICE_REVOKED' };
    },
  };
  return count;
}

const lossActs: ClientActs = actsOf<Loss, ClientScene, SceneOptions>(
  {
    'client/ends/go-away': {
      title: 'after GoAway the client comes back by itself, and is live again',
      requirements: ['SE-21', 'SE-46', 'CL-36'],
      end: (scene) => restarts(scene, 'TERM'),
    },
    'client/ends/relay-killed': {
      title: 'after a lost connection the client comes back by itself, and is live again',
      requirements: ['CL-36', 'SE-54'],
      end: (scene) => restarts(scene, 'KILL'),
    },
    'client/ends/overloaded': {
      title: 'an Error that may be retried later is followed by a new connection',
      requirements: ['CL-36', 'ER-05', 'SE-55'],
      end: isOverloaded,
    },
  },
  ({ end }) =>
    amid(async (scene) => {
      const { client } = scene;
      await client.act('subscribe');
      scene.publish('live');
      await scene.delivered('before', 'live');
      await client.advance(0);
      await end(scene);
      await comesBackTo(scene);
      scene.publish('live again');
      await scene.delivered('before', 'live', 'live again');
      return ['live', 'live again'];
    }),
);

/** Ends of sessions, and the client's next steps. */
export const endActs: ClientActs = requiring([...READS, 'connect', 'subscribe', 'disconnect'], {
  ...lossActs,
  'client/ends/revoked': {
    title: 'a device that was removed is told so, and does not come back by itself',
    requirements: ['CL-37', 'SE-11', 'ER-05'],
    run: underAttack(async (scene) => {
      const { client, relay } = scene;
      await client.act('disconnect');
      const count = revoke(scene);
      await client.advance(0);
      const { code } = await client.rejects('connect', ['session.revoked']);
      expect('the number', code, 1003);
      await staysAway(scene);
      expect('Hellos of a client that may not come back', count.hellos, 1);
      relay.behaviour = {};
      await client.act('connect');
      return [];
    }),
  },
  'client/ends/unauthorized': {
    title: 'a device that is not let in is told so, and nothing of it is lost',
    requirements: ['SE-11', 'SE-16', 'CL-37'],
    run: underAttack(async ({ client, relay }) => {
      await client.act('disconnect');
      relay.behaviour = { authorize: () => ({ error: 'UNAUTHORIZED' }) };
      await client.rejects('connect', ['session.unauthorized']);
      return [];
    }),
  },
  'client/ends/enrolment-again': {
    title: 'a relay that has lost the record is given it again',
    requirements: ['SE-11', 'SE-12', 'PA-21'],
    run: async (scene) => {
      await scene.serves('before');
      await scene.client.act('disconnect');
      const { deviceKey } = scene;
      scene.log.records.delete(deviceKey);
      // An attempt without the record may come first.
      const first = await scene.client.attempt('connect');
      if (!('ok' in first)) await scene.client.act('connect');
      expectThat('the record at the relay', scene.log.records.has(deviceKey), 'there again');
      await scene.serves('after');
    },
  },
  'client/ends/refused-pull': {
    title: 'a refused Pull is a refusal and no outage: the same connection goes on',
    requirements: ['SE-03', 'ER-02', 'SE-42'],
    run: async (scene) => {
      const { client, relay } = scene;
      await scene.serves('before');
      const { connections } = relay;
      relay.behaviour = {
        request: ({ $case }) => ($case === 'pull' ? { error: 'RATE_LIMITED', retryAfterMs: 60_000 } : undefined),
      };
      const { code } = await client.rejects('pull', ['session.rate']);
      expect('the number', code, 2000);
      await scene.serves('after');
      expect('connections', relay.connections, connections);
      await scene.delivered('before', 'after');
    },
  },
  'client/ends/bye': {
    title: 'a client that is done says Bye',
    requirements: ['SE-20', 'SE-49'],
    run: async (scene) => {
      await scene.serves('before');
      const ended = event<number>();
      scene.relay.behaviour = {
        ending: (code) => {
          ended.happened(code);
          return 'end';
        },
      };
      const sessions = [...scene.relay.sessions];
      await scene.client.act('disconnect');
      await comes('the end', Promise.all(sessions.map(({ connection }) => connection.closed)));
      expect('the number that the session ended with', await comes('an end in order', ended.seen), 0);
      await scene.serves('after');
    },
  },
});
