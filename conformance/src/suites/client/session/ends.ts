import { toHex } from '@0k-sync/core/bytes';
import { RECONNECT_MS_MAX } from '@0k-sync/generated/limits';
import { Client } from '../client.ts';
import { READS } from '../forged.ts';
import { invitation } from '../invitation.ts';
import { onStage, type Stage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { returns } from '../time.ts';
import { comes, control, expectSame, expectTrue } from '../verdict.ts';

const REQUIRES: readonly string[] = [...READS, 'connect', 'subscribe', 'disconnect'];
/** Moves of a clock, or returns of a twin, in which a client that dials by itself would have dialled. */
const CHANCES = 4;

/** The relay is honest, and the client comes back to it by itself. */
async function comesBackTo({ relay, client }: Stage): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  relay.behaviour = {
    hello: (ack) => {
      resolve();
      return ack;
    },
  };
  await returns(client, promise);
}

/** A live client loses its relay by `end`, comes back by itself, and is live again. */
function comesBack(end: (stage: Stage) => Promise<void>) {
  return onStage({}, async (stage) => {
    const { client } = stage;
    await stage.controlled('before');
    await client.act('subscribe');
    stage.publish('live');
    await stage.delivered(['before', 'live']);
    await client.advance(0);
    await end(stage);
    await comesBackTo(stage);
    stage.publish('live again');
    await stage.delivered(['before', 'live', 'live again']);
    await stage.controlled('after');
    await stage.delivered(['before', 'live', 'live again', 'after']);
  });
}

/** Ends the relay and starts it again. Before the client's clock moves it knows that its connection is over. */
async function restarts({ relay, client }: Stage, signal: 'KILL' | 'TERM'): Promise<void> {
  const { length: past } = await client.events('disconnected');
  await relay.restart(signal);
  await client.event('disconnected', past);
}

/** A second device of the same client is live, loses its connection, and comes back by itself, again and again. */
async function twinReturns(stage: Stage): Promise<void> {
  const { relay, author, client, target } = stage;
  const { authorize, ...behaviour } = relay.behaviour;
  const twin = await Client.open(client.adapter, await target.directory());
  await twin.act('pair_join', { invite: invitation(relay, author) });
  await twin.act('subscribe');
  for (let chance = 0; chance < CHANCES; chance += 1) {
    const { promise, resolve } = Promise.withResolvers<void>();
    relay.behaviour = {
      ...behaviour,
      authorize: (verdict, hello, session) => {
        const instead = authorize?.(verdict, hello, session);
        if (instead === undefined) resolve();
        return instead;
      },
    };
    for (const { connection } of relay.sessions) void connection.close(0);
    await client.advance(RECONNECT_MS_MAX);
    await returns(twin, promise);
  }
  await twin.close();
}

/**
 * Nobody dials who may not, though every wait of CL-36 is over: the clock is moved over it. Where nothing says that the
 * client does nothing then, a twin of it that may come back has done so.
 */
async function staysAway(stage: Stage): Promise<void> {
  for (let chance = 0; chance < CHANCES; chance += 1) {
    const { idle } = await stage.client.advance(RECONNECT_MS_MAX);
    if (!idle) return await control('a twin comes back', () => twinReturns(stage));
  }
}

/** How sessions end, and what follows. */
export const endScenarios: readonly ClientScenario[] = [
  {
    id: 'client/ends/go-away',
    title: 'after GoAway the client comes back by itself, and is live again',
    level: 'must',
    requirements: ['SE-21', 'SE-46', 'CL-36'],
    requires: REQUIRES,
    run: comesBack((stage) => restarts(stage, 'TERM')),
  },
  {
    id: 'client/ends/relay-killed',
    title: 'after a lost connection the client comes back by itself, and is live again',
    level: 'must',
    requirements: ['CL-36', 'SE-54'],
    requires: REQUIRES,
    run: comesBack((stage) => restarts(stage, 'KILL')),
  },
  {
    id: 'client/ends/overloaded',
    title: 'an Error that may be retried later is followed by a new connection',
    level: 'must',
    requirements: ['CL-36', 'ER-05', 'SE-55'],
    requires: REQUIRES,
    run: comesBack(async (stage) => {
      const { relay, client } = stage;
      await restarts(stage, 'KILL');
      const { length: past } = await client.events('disconnected');
      const { promise, resolve } = Promise.withResolvers<void>();
      relay.behaviour = {
        hello: () => {
          resolve();
          return { error: 'RELAY_OVERLOADED' };
        },
      };
      await returns(client, promise);
      // Only who has been told what became of its Hello can act upon it.
      expectSame('the class', (await client.event('disconnected', past)).class, 'session.rate');
    }),
  },
  {
    id: 'client/ends/revoked',
    title: 'a device that was removed is told so, and does not come back by itself',
    level: 'must',
    requirements: ['CL-37', 'SE-11', 'ER-05'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.client.act('disconnect');
      const state = await stage.client.state();
      const { deviceKey } = stage;
      let hellos = 0;
      stage.relay.behaviour = {
        authorize: (verdict, hello) => {
          if (toHex(hello.deviceKey) !== deviceKey) return verdict;
          hellos += 1;
          return { error: 'DEVICE_REVOKED' };
        },
      };
      await stage.client.advance(0);
      const { code } = await stage.client.rejects('connect', ['session.revoked']);
      expectSame('the number', code, 1003);
      await staysAway(stage);
      expectSame('Hellos of a client that may not come back', hellos, 1);
      stage.relay.behaviour = {};
      await stage.client.act('connect');
      expectSame('the state', await stage.client.state(), state);
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/ends/unauthorized',
    title: 'a device that is not let in is told so, and nothing of it is lost',
    level: 'must',
    requirements: ['SE-11', 'SE-16', 'CL-37'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.client.act('disconnect');
      const state = await stage.client.state();
      stage.relay.behaviour = { authorize: () => ({ error: 'UNAUTHORIZED' }) };
      await stage.client.rejects('connect', ['session.unauthorized']);
      expectSame('the state', await stage.client.state(), state);
      await stage.controlled('after');
      await stage.delivered(['before', 'after']);
    }),
  },
  {
    id: 'client/ends/enrolment-again',
    title: 'a relay that has lost the record is given it again',
    level: 'must',
    requirements: ['SE-11', 'SE-12', 'PA-21'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      await stage.client.act('disconnect');
      const { deviceKey } = stage;
      stage.log.records.delete(deviceKey);
      // An attempt without the record may come first.
      const first = await stage.client.attempt('connect');
      if (!('ok' in first)) await stage.client.act('connect');
      expectTrue('the record at the relay again', stage.log.records.has(deviceKey));
      await stage.controlled('after');
    }),
  },
  {
    id: 'client/ends/refused-pull',
    title: 'a refused Pull is a refusal and no outage: the same connection goes on',
    level: 'must',
    requirements: ['SE-03', 'ER-02', 'SE-42'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const { connections } = stage.relay;
      stage.relay.behaviour = {
        request: ({ $case }) => ($case === 'pull' ? { error: 'RATE_LIMITED', retryAfterMs: 60_000 } : undefined),
      };
      const { code } = await stage.client.rejects('pull', ['session.rate']);
      expectSame('the number', code, 2000);
      await stage.controlled('after');
      expectSame('connections', stage.relay.connections, connections);
      await stage.delivered(['before', 'after']);
    }),
  },
  {
    id: 'client/ends/bye',
    title: 'a client that is done says Bye',
    level: 'must',
    requirements: ['SE-20', 'SE-49'],
    requires: REQUIRES,
    run: onStage({}, async (stage) => {
      await stage.controlled('before');
      const ended = Promise.withResolvers<number>();
      stage.relay.behaviour = {
        ending: (code) => {
          ended.resolve(code);
          return 'end';
        },
      };
      const sessions = [...stage.relay.sessions];
      await stage.client.act('disconnect');
      await comes('the end', Promise.all(sessions.map(({ connection }) => connection.closed)));
      expectSame('the number that the session ended with', await comes('an end in order', ended.promise), 0);
      await stage.controlled('after');
    }),
  },
];
