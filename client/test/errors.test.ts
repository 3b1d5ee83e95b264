import { type ErrorName, errors } from '@0k-sync/generated/errors';
import { PushStatus } from '@0k-sync/generated/wire/frame';
import { settle } from '@0k-sync/testkit/time';
import t from 'tap';
import { World } from './support/world.ts';

const names = Object.keys(errors) as ErrorName[];

/** Rows that end no reconnecting, though they say `no`. CL-37 */
const NEVER_FINAL = [1017, 1020, 1021, 1022, 1023, 1041];

t.test('ER-05 CL-36 CL-37 what ended a session is followed by a new one, unless its row says `no`', async (test) => {
  for (const name of names.filter((each) => errors[each].stream === 'close')) {
    const world = await World.create(test);
    const ann = await world.open();
    await ann.session.pair();
    world.relay.behaviour.hello = () => ({ error: name });
    for (const link of world.network.links) link.cut();
    await world.clock.advance(1000);
    const { retry, number } = errors[name];
    const state = retry === 'no' && !NEVER_FINAL.includes(number) ? 'stopped' : 'waiting';
    test.match(ann.session.status.relays, [{ state, error: { code: errors[name].number } }], name);
    world.relay.behaviour = {};
    await world.clock.advance(60_000);
    test.equal(ann.session.status.connected, state === 'waiting', `${name}: afterwards`);
  }
});

t.test('ER-05 CL-24 what refused a message is followed by the same bytes, unless its row says `no`', async (test) => {
  for (const name of names.filter((each) => errors[each].stream === 'open')) {
    const world = await World.create(test);
    const ann = await world.open();
    await ann.session.pair();
    await settle();
    const error = { code: errors[name].number, detail: '', retryAfterMs: 5000n, conflict: undefined };
    const results = [{ status: PushStatus.PUSH_STATUS_REFUSED, cursor: 0n, error }];
    world.relay.behaviour.request = (body) =>
      body.$case === 'push' ? { $case: 'pushAck', value: { results, durable: true } } : undefined;
    const { id, acknowledged } = await ann.session.push('one');
    acknowledged.catch(() => {});
    await settle();
    const willRetry = errors[name].retry !== 'no';
    test.match(ann.named('refused'), [{ id, code: errors[name].number, willRetry }], name);
    world.relay.behaviour = {};
    await world.clock.advance(6000);
    test.equal(ann.session.status.unsynced, willRetry ? 0 : 1, `${name}: afterwards`);
  }
});
