import { errors } from '@0k-sync/generated/errors';
import {
  ANSWER_ARRIVING_MS_MAX,
  ANSWER_MS_MAX,
  PING_INTERVAL_MS,
  PROBE_MS_MAX,
  QUIET_MS_MAX,
} from '@0k-sync/generated/limits';
import { frameSamples } from '@0k-sync/testkit/samples';
import t from 'tap';
import { Pair } from './harness.ts';

const { pull, page, subscribe, deliver } = frameSamples.full;
const DEADLINE = errors.DEADLINE_EXCEEDED.number;

/** A client that has asked a relay of which nothing arrives any more. */
function unheard(): Pair {
  const pair = new Pair().enter();
  pair.tamperToRelay = () => [];
  pair.client.request(pull);
  pair.run();
  return pair;
}

/** The client's time passes up to `ms` after the present. Returns how often it sent something. */
function pass(pair: Pair, ms: number, unsent = 0): number {
  const before = pair.sentByClient.length;
  pair.now += ms;
  pair.client.tick(pair.now, unsent);
  pair.run();
  return pair.sentByClient.length - before;
}

t.test(
  'SE-24 LI-70 LI-71 finding/C9 a link that is quiet while something is unanswered is probed, and then dead',
  async (t) => {
    const pair = unheard();
    t.equal(pair.client.nextDeadline(), pair.now + QUIET_MS_MAX);
    t.equal(pass(pair, QUIET_MS_MAX - 1), 0, 'not before');
    t.equal(pass(pair, 1), 1, 'one Ping');
    t.equal(pair.client.nextDeadline(), pair.now + PROBE_MS_MAX);
    t.equal(pass(pair, PROBE_MS_MAX - 1), 0);
    t.equal(pair.clientCloseCode, undefined);
    pass(pair, 1);
    t.equal(pair.clientCloseCode, DEADLINE);
    t.match(pair.clientEvents.at(-1), { type: 'closed', error: 'DEADLINE_EXCEEDED', isSilent: true });
  },
);

t.test('SE-24 a byte that is heard begins both times anew', async (t) => {
  const pair = unheard();
  pass(pair, QUIET_MS_MAX);
  pair.relay.deliver(deliver.value);
  pair.client.receive(Uint8Array.of(0), pair.now + PROBE_MS_MAX - 1);
  pair.now += PROBE_MS_MAX - 1;
  pair.run();
  t.equal(pass(pair, QUIET_MS_MAX - 1), 0, 'no Ping');
  t.equal(pair.clientCloseCode, undefined);
});

t.test('SE-24 after a machine has slept a link gets its Ping first', async (t) => {
  const pair = unheard();
  t.equal(pass(pair, QUIET_MS_MAX + PROBE_MS_MAX + 20_000), 1);
  t.equal(pair.clientCloseCode, undefined);
  pass(pair, PROBE_MS_MAX);
  t.equal(pair.clientCloseCode, DEADLINE);
});

t.test('SE-24 a slow link that takes queued bytes is alive, one that takes none is not', async (t) => {
  const slow = unheard();
  for (const unsent of [400_000, 300_000, 200_000, 100_000]) pass(slow, QUIET_MS_MAX, unsent);
  t.equal(slow.clientCloseCode, undefined);
  const stuck = unheard();
  pass(stuck, QUIET_MS_MAX, 400_000);
  pass(stuck, PROBE_MS_MAX, 400_000);
  t.equal(stuck.clientCloseCode, DEADLINE);
});

t.test('SE-24 SE-22 where nothing is unanswered nothing is probed: a live subscription is answered', async (t) => {
  const pair = new Pair().enter();
  pair.client.request(subscribe);
  pair.run();
  pair.relay.deliver(deliver.value);
  pair.run();
  t.equal(pass(pair, PING_INTERVAL_MS - 1), 0);
  pair.tamperToRelay = () => [];
  t.equal(pass(pair, 1), 1, 'the Ping of SE-22, which is unanswered then');
  t.equal(pass(pair, QUIET_MS_MAX), 1);
  pass(pair, PROBE_MS_MAX);
  t.equal(pair.clientCloseCode, DEADLINE);
});

/** Time passes up to the deadline of the request, with a Pong every other second. Returns the time that it took. */
function untilOverdue(pair: Pair): number {
  const start = pair.now;
  while (pair.clientCloseCode === undefined) {
    pair.client.request(frameSamples.full.ping);
    pair.run();
    pair.advanceTo(Math.min(pair.now + 2000, pair.client.nextDeadline() ?? 0));
  }
  return pair.now - start;
}

t.test('SE-25 LI-72 finding/C2 a relay that pongs and answers nothing has ANSWER_MS_MAX for a request', async (t) => {
  const pair = new Pair().enter();
  pair.client.request(pull);
  pair.client.tick(pair.now);
  t.equal(untilOverdue(pair), ANSWER_MS_MAX);
  t.match(pair.clientEvents.at(-1), { error: 'DEADLINE_EXCEEDED', remote: undefined, isSilent: false });
  const slow = new Pair().enter();
  slow.client.request(pull);
  slow.run();
  slow.client.tick(slow.now + 7000);
  slow.client.tick(slow.now + 7000 + ANSWER_MS_MAX - 1);
  slow.client.receive(Uint8Array.of(0), slow.now);
  t.equal(slow.clientCloseCode, undefined, 'it counts from the last byte that left');
});

t.test('SE-25 LI-73 an answer that is partly there has ANSWER_ARRIVING_MS_MAX', async (t) => {
  const pair = new Pair().enter();
  pair.client.request(pull);
  pair.run();
  pair.client.tick(pair.now);
  const [request] = pair.requests();
  const bytes: number[] = [];
  pair.tamperToClient = (arriving) => {
    bytes.push(...arriving);
    return [];
  };
  pair.relay.answer(request?.requestId ?? 0, page);
  pair.run();
  const end = pair.now + ANSWER_ARRIVING_MS_MAX;
  for (const byte of bytes) {
    if (pair.now >= end) break;
    pair.now += 4000;
    pair.client.receive(Uint8Array.of(byte), pair.now);
    if (pair.now < end) t.equal(pair.clientCloseCode, undefined);
    pair.client.tick(pair.now);
    pair.run();
  }
  t.equal(pair.now, end, 'the answer is long enough');
  t.equal(pair.clientCloseCode, DEADLINE);
});

t.test('ER-07 finding/C1 a close code without an Error frame says why there is no channel, or nothing', async (t) => {
  for (const [code, error] of [
    [1000, 'INVALID_MESSAGE'],
    [1010, 'UNSUPPORTED_VERSION'],
    [1023, 'STREAM_TRUNCATED'],
    [0, 'STREAM_TRUNCATED'],
    [1001, 'STREAM_TRUNCATED'],
    [1003, 'STREAM_TRUNCATED'],
    [1018, 'STREAM_TRUNCATED'],
    [1041, 'STREAM_TRUNCATED'],
    [2004, 'STREAM_TRUNCATED'],
    [3000, 'STREAM_TRUNCATED'],
    [4_000_000_000, 'STREAM_TRUNCATED'],
  ] as const) {
    const pair = new Pair().enter();
    pair.client.ended(pair.now, code);
    pair.run();
    t.match(pair.clientEvents.at(-1), { type: 'closed', error, remote: undefined }, `${code}`);
  }
});
