import { setTimeout as pause } from 'node:timers/promises';
import { RECONNECT_MS_MAX, RECONNECT_MS_MIN } from '@0k-sync/generated/limits';
import { TimedOut, within } from '@0k-sync/testkit/time';
import { Failed } from '../../../model.ts';
import { READS } from '../forged.ts';
import { onStage, type Stage } from '../stage.ts';
import type { ClientScenario } from '../target.ts';
import { inTime } from '../time.ts';
import { comes, expectSame, expectTrue } from '../verdict.ts';

const REQUIRES: readonly string[] = [...READS, 'connect', 'subscribe', 'disconnect'];
/** How long a client that may dial by itself has to be there, ms. */
const DIAL_MS = 1500;

/** Longest wait for a client that has to dial by itself: every wait of CL-36 is over by then, and some dials have failed. */
const RETURN_MS = 20_000;

/** Time goes on until a client has come back by itself, as `sign` shows. */
async function returns({ client }: Stage, sign: Promise<void>): Promise<void> {
  try {
    await within(inTime(client, sign, RECONNECT_MS_MAX), 'new connection', RETURN_MS);
  } catch (error) {
    if (!(error instanceof TimedOut)) throw error;
    throw new Failed('a client whose relay is back', 'a new connection by itself', error.message);
  }
}

/** Resolves when the relay lets somebody in. */
async function letIn(stage: Stage): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  stage.relay.behaviour = {
    hello: (ack) => {
      resolve();
      return ack;
    },
  };
  await returns(stage, promise);
}

/** A live client loses its relay by `end`, comes back by itself, and is live again. */
function comesBack(end: (stage: Stage) => Promise<void>) {
  return onStage({}, async (stage) => {
    await stage.controlled('before');
    await stage.client.act('subscribe');
    stage.publish('live');
    await stage.delivered(['before', 'live']);
    await end(stage);
    await letIn(stage);
    stage.publish('live again');
    await stage.delivered(['before', 'live', 'live again']);
    await stage.controlled('after');
    await stage.delivered(['before', 'live', 'live again', 'after']);
  });
}

/**
 * Nobody dials, though every wait of CL-36 is over: by the client's clock, or in real time where that cannot be moved. Then
 * the first window is all that a scenario can wait for, and it is waited for each time.
 */
async function staysAway({ relay, client }: Stage): Promise<void> {
  const { connections } = relay;
  for (const _ of [1, 2, 3]) {
    const hasMoved = await client.advance(RECONNECT_MS_MAX);
    await pause(hasMoved ? DIAL_MS : RECONNECT_MS_MIN + DIAL_MS);
    expectSame('connections of a client that may not come back', relay.connections - connections, 0);
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
    run: comesBack(async ({ relay }) => {
      await relay.restart('TERM');
    }),
  },
  {
    id: 'client/ends/relay-killed',
    title: 'after a lost connection the client comes back by itself, and is live again',
    level: 'must',
    requirements: ['CL-36', 'SE-54'],
    requires: REQUIRES,
    run: comesBack(async ({ relay }) => {
      await relay.restart('KILL');
    }),
  },
  {
    id: 'client/ends/overloaded',
    title: 'an Error that may be retried later is followed by a new connection',
    level: 'must',
    requirements: ['CL-36', 'ER-05', 'SE-55'],
    requires: REQUIRES,
    run: comesBack(async (stage) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      stage.relay.behaviour = {
        hello: () => {
          resolve();
          return { code: 'RELAY_OVERLOADED' };
        },
      };
      await stage.relay.restart('KILL');
      await returns(stage, promise);
      stage.relay.behaviour = {};
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
      const { connections } = stage.relay;
      stage.relay.behaviour = { authorize: () => ({ code: 'DEVICE_REVOKED' }) };
      const { code } = await stage.client.rejects('connect', ['session.revoked']);
      expectSame('the number', code, 1003);
      expectSame('connections', stage.relay.connections - connections, 1);
      await staysAway(stage);
      stage.relay.behaviour = {};
      await stage.client.act('connect');
      expectSame('connections', stage.relay.connections - connections, 2);
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
      stage.relay.behaviour = { authorize: () => ({ code: 'UNAUTHORIZED' }) };
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
      await stage.client.attempt('connect');
      await stage.controlled('after');
      expectTrue('the record at the relay again', stage.log.records.has(deviceKey));
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
        request: ({ $case }) => ($case === 'pull' ? { code: 'RATE_LIMITED', retryAfterMs: 60_000 } : undefined),
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
