import { errors } from '@0k-sync/generated/errors';
import { DRAIN_MS, HELLO_DEADLINE_MS, IDLE_TIMEOUT_MS, PING_INTERVAL_MS } from '@0k-sync/generated/limits';
import { helloAck } from '@0k-sync/testkit/harness';
import { frameSamples } from '@0k-sync/testkit/samples';
import t from 'tap';
import { helloCommand, Pair } from './harness.ts';

const { pull, page, push, pushAck, subscribe, deliver, ack } = frameSamples.full;

t.test('SE-22 SE-83 a client pings after silence, and both ends live on', async (t) => {
  const pair = new Pair().enter();
  for (let turn = 0; turn < 20; turn += 1) {
    const next = Math.min(pair.client.nextDeadline() ?? 0, pair.relay.nextDeadline() ?? 0);
    t.ok(next > pair.now, 'time moves');
    pair.advanceTo(next);
  }
  t.strictSame([pair.client.state, pair.relay.state], ['ready', 'ready']);
  t.strictSame(pair.clientTypes(), ['channel', 'ready'], 'a Pong is no event');
});

t.test('SE-22 LI-25 a client that only listens pings too, for the relay hears nothing of it', async (t) => {
  const pair = new Pair().enter();
  pair.client.request(subscribe);
  pair.run();
  const start = pair.now;
  const before = pair.sentByClient.length;
  while (pair.now < start + 2 * IDLE_TIMEOUT_MS) {
    pair.relay.deliver(deliver.value);
    pair.advanceTo(pair.now + 5000);
  }
  t.strictSame([pair.client.state, pair.relay.state], ['ready', 'ready']);
  t.equal(pair.sentByClient.length - before, Math.floor((2 * IDLE_TIMEOUT_MS) / PING_INTERVAL_MS));
});

t.test('SE-22 a client that only talks learns from Pong that the relay lives', async (t) => {
  const pair = new Pair().enter();
  const start = pair.now;
  while (pair.now < start + 2 * IDLE_TIMEOUT_MS) {
    pair.client.request(ack);
    pair.advanceTo(pair.now + 5000);
  }
  t.strictSame([pair.client.state, pair.relay.state], ['ready', 'ready']);
});

t.test('SE-57 SE-100 LI-24 abuse/idle-stream silence of IDLE_TIMEOUT_MS ends a session', async (t) => {
  const pair = new Pair().enter();
  pair.tamperToRelay = () => [];
  pair.relay.tick(pair.now + IDLE_TIMEOUT_MS - 1);
  t.equal(pair.relay.state, 'ready');
  pair.relay.tick(pair.now + IDLE_TIMEOUT_MS);
  pair.run();
  t.equal(pair.relayCloseCode, errors.DEADLINE_EXCEEDED.number);
  t.match(pair.clientEvents.at(-1), { type: 'closed', error: 'DEADLINE_EXCEEDED', remote: { code: 2007 } });
  const deaf = new Pair().enter();
  deaf.client.tick(deaf.now + IDLE_TIMEOUT_MS);
  deaf.run();
  t.equal(deaf.clientCloseCode, errors.DEADLINE_EXCEEDED.number);
});

t.test(
  'HS-15 SE-100 LI-23 abuse/hello-deadline a client that shakes hands and never says Hello is let go',
  async (t) => {
    const pair = new Pair().open();
    for (let turn = 1; turn < 10; turn += 1) {
      pair.client.request(frameSamples.full.ping);
      pair.relay.tick(pair.now + turn * 1000);
      pair.run();
    }
    pair.relay.tick(pair.now + HELLO_DEADLINE_MS);
    pair.run();
    t.equal(pair.relayCloseCode, errors.DEADLINE_EXCEEDED.number, 'pings move no deadline');
    const slow = new Pair().open();
    slow.client.hello(helloCommand);
    slow.run();
    slow.relay.tick(slow.now + HELLO_DEADLINE_MS);
    slow.run();
    t.match(
      slow.clientEvents.at(-1),
      { type: 'closed', error: 'DEADLINE_EXCEEDED' },
      'nor does a Hello that is not answered',
    );
    slow.relay.acceptHello(helloAck);
    t.strictSame(slow.relay.takeOutputs(), [], 'SE-96: a late answer of the store is nothing');
  },
);

t.test('SE-21 SE-46 SE-80 SE-90 SE-99 LI-26 a relay drains', async (t) => {
  const pair = new Pair().enter();
  const begun = pair.client.request(push);
  pair.run();
  pair.relay.shutdown(pair.now);
  pair.run();
  t.equal(pair.relay.state, 'draining');
  t.match(pair.clientEvents.at(-1), { type: 'go-away', goAway: { code: 3001 } });
  t.equal(pair.client.state, 'leaving');
  pair.relay.answer(begun, pushAck);
  pair.run();
  t.match(pair.clientEvents.at(-1), { type: 'answer', requestId: begun }, 'what was begun is finished');
  t.equal(pair.relay.nextDeadline(), pair.now + DRAIN_MS);
  pair.relay.tick(pair.now + DRAIN_MS);
  pair.run();
  t.equal(pair.relayCloseCode, 0);
  pair.client.ended(pair.now);
  pair.run();
  t.match(pair.clientEvents.at(-1), { type: 'closed', error: undefined });
});

t.test('SE-43 SE-50 SE-80 SE-84 SE-88 a request that crosses the GoAway is refused, a Ping is answered', async (t) => {
  const pair = new Pair().enter();
  const id = pair.client.request(pull);
  pair.client.request(frameSamples.full.ping);
  pair.relay.shutdown(pair.now);
  pair.run();
  t.match(pair.clientEvents.slice(-2), [
    { type: 'go-away' },
    { type: 'refused', requestId: id, error: 'RELAY_SHUTTING_DOWN' },
  ]);
  pair.client.bye(pair.now);
  pair.run();
  t.equal(pair.relayCloseCode, 0, 'SE-88 SE-50: Bye ends the drain');
});

t.test('SE-93 SE-44 SE-45 a shutdown before the session is ready', async (t) => {
  const fresh = new Pair().open();
  fresh.relay.shutdown(fresh.now);
  fresh.run();
  t.match(fresh.clientEvents.at(-1), { type: 'go-away' });
  t.equal(fresh.relay.state, 'closed');
  const greeting = new Pair().open();
  greeting.client.hello(helloCommand);
  greeting.run();
  greeting.relay.shutdown(greeting.now);
  greeting.run();
  t.match(greeting.clientEvents.at(-1), { type: 'go-away' });
  const shaking = new Pair();
  shaking.relay.shutdown(shaking.now);
  shaking.run();
  t.strictSame([shaking.relay.state, shaking.sentByRelay], ['closed', []]);
});

t.test('SE-91 SE-92 SE-98 SE-101 repeated ends and late ones', async (t) => {
  const pair = new Pair().enter();
  pair.relay.shutdown(pair.now);
  pair.relay.shutdown(pair.now + 1);
  t.equal(pair.relay.nextDeadline(), pair.now + DRAIN_MS, 'a second shutdown gives no more time');
  const finishing = new Pair().enter();
  finishing.client.request(pull);
  finishing.client.bye(finishing.now);
  finishing.run();
  finishing.relay.shutdown(finishing.now);
  finishing.relay.ended(finishing.now);
  t.equal(finishing.relay.state, 'finishing', 'the client’s side may end after Bye');
  finishing.relay.tick(finishing.now + DRAIN_MS);
  finishing.run();
  t.equal(finishing.relayCloseCode, 0);
});

t.test('GR-11 nothing comes out of a closed session', async (t) => {
  const pair = new Pair().enter();
  const id = pair.client.request(pull);
  pair.run();
  pair.relay.refuse(id, { error: 'RELAY_OVERLOADED' });
  pair.run();
  pair.relay.answer(id, page);
  pair.relay.deliver(deliver.value);
  pair.relay.refuse(id, { error: 'RATE_LIMITED' });
  pair.relay.refuseHello({ error: 'UNAUTHORIZED' });
  pair.relay.claimAccepted(pair.now + 1);
  pair.relay.shutdown(pair.now);
  pair.relay.ended(pair.now);
  pair.relay.receive(new Uint8Array(100), pair.now);
  pair.relay.tick(pair.now + 1e9);
  pair.client.receive(new Uint8Array(100), pair.now);
  pair.client.bye(pair.now);
  pair.client.tick(pair.now + 1e9);
  t.strictSame([...pair.relay.takeOutputs(), ...pair.client.takeOutputs()], []);
  t.strictSame([pair.relay.nextDeadline(), pair.client.nextDeadline()], [undefined, undefined]);
});

t.test('Pong tells the relay’s wall clock', async (t) => {
  const pair = new Pair({ relay: { clockOffsetMs: 5_000.7 } }).enter();
  pair.client.request(frameSamples.full.ping);
  pair.run();
  t.equal(pair.client.requestsInFlight, 0);
});
