import { concat } from '@0k-sync/core/bytes';
import type { FrameBody } from '@0k-sync/core/wire';
import { errors } from '@0k-sync/generated/errors';
import { frames } from '@0k-sync/generated/frames';
import { REQUESTS_IN_FLIGHT_MAX } from '@0k-sync/generated/limits';
import { frameSamples, nameOf } from '@0k-sync/testkit/samples';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import t from 'tap';
import { Pair } from './harness.ts';
import { anyHello, rawClient, rawMember, rawRelay } from './raw.ts';

const bodies = Object.values(frameSamples.full);
const isOwed = (body: FrameBody) => frames[nameOf(body)].answer.length > 0;
const numbered = (body: FrameBody, requestId = 9) => ({ requestId: isOwed(body) ? requestId : 0, body });

/** Makes a relay's engine in each state, with a client that may send anything. */
const relayIn = {
  fresh: () => rawClient(),
  claimed: () => {
    const raw = rawClient().send({ requestId: 1, body: frameSamples.full.mailboxClaim });
    raw.engine.claimAccepted(1000);
    raw.engine.answer(1, frameSamples.full.mailboxItem);
    raw.run();
    return raw;
  },
  authorizing: () => {
    const raw = rawClient();
    return raw.send(raw.hello);
  },
  ready: () => rawMember(),
  draining: () => {
    const raw = rawMember();
    raw.engine.shutdown(raw.now);
    return raw;
  },
  finishing: () => {
    const raw = rawMember().send({ requestId: 8, body: frameSamples.full.pull });
    return raw.send({ requestId: 0, body: frameSamples.full.bye });
  },
} as const;

t.test(
  'SE-02, SE-07, SE-104 to SE-108: every frame in every wrong state ends the connection, in the right ones not',
  async (t) => {
    for (const [state, make] of Object.entries(relayIn)) {
      for (const body of bodies) {
        const row = frames[nameOf(body)];
        const raw = make();
        t.equal(raw.engine.state, state);
        raw.send(numbered(body));
        const isAccepted = row.from === 'client' && (row.states as readonly string[]).includes(state);
        if (isAccepted) {
          t.not(raw.closedWith, 'UNEXPECTED_FRAME', `${body.$case} in ${state}`);
          continue;
        }
        t.equal(raw.closedWith, 'UNEXPECTED_FRAME', `${body.$case} in ${state}`);
        const isTold = raw.frames.at(-1)?.body?.$case === 'error';
        t.equal(isTold, body.$case !== 'bye', 'SE-07: told before the close, but for SE-108');
        t.equal(raw.engine.state, 'closed');
      }
    }
  },
);

t.test('SE-61 SE-62 SE-63 SE-64 SE-65 SE-08 a client in fresh takes nothing it did not ask for', async (t) => {
  for (const body of bodies) {
    for (const requestId of [0, 9]) {
      const raw = rawRelay();
      t.equal(raw.engine.state, 'fresh');
      raw.send({ requestId, body });
      const isTold = body.$case === 'goAway' && requestId === 0;
      const isUnasked = body.$case === 'error' && requestId === 0;
      if (isTold) t.equal(raw.engine.state, 'leaving');
      else if (isUnasked) t.match(raw.events.at(-1), { type: 'refused', requestId: 0 });
      else t.equal(raw.closedWith, 'UNEXPECTED_FRAME', `${body.$case} ${requestId}`);
    }
  }
});

t.test('SE-61 SE-08 a client in greeting takes a HelloAck once, and only for its Hello', async (t) => {
  for (const body of bodies) {
    const raw = rawRelay();
    raw.engine.hello(anyHello);
    raw.run();
    const requestId = raw.frames.at(-1)?.requestId ?? 0;
    raw.send({ requestId, body });
    if (body.$case === 'helloAck') t.equal(raw.engine.state, 'ready');
    else if (body.$case === 'error')
      t.match(raw.events.at(-1), { type: 'closed', error: 'SEQUENCE_CONFLICT' }, 'SE-64');
    else t.equal(raw.closedWith, 'UNEXPECTED_FRAME', body.$case);
  }
  const raw = rawRelay();
  raw.engine.hello(anyHello);
  raw.run();
  const requestId = raw.frames.at(-1)?.requestId ?? 0;
  raw.send({ requestId, body: frameSamples.full.helloAck }, { requestId, body: frameSamples.full.helloAck });
  t.equal(raw.closedWith, 'UNEXPECTED_FRAME', 'a second one');
});

t.test('SE-08 a member’s answers fit their requests', async (t) => {
  const enter = () => {
    const raw = rawRelay();
    raw.engine.hello(anyHello);
    raw.run();
    return raw.send({ requestId: raw.frames.at(-1)?.requestId ?? 0, body: frameSamples.full.helloAck });
  };
  for (const body of bodies) {
    const raw = enter();
    const requestId = raw.engine.request(frameSamples.full.pull);
    raw.run();
    raw.send({ requestId, body });
    if (body.$case === 'page') t.match(raw.events.at(-1), { type: 'answer', requestId });
    else if (body.$case === 'error') t.match(raw.events.at(-1), { type: 'refused', requestId });
    else t.equal(raw.closedWith, 'UNEXPECTED_FRAME', `${body.$case} for a Pull`);
  }
  const twice = enter();
  const requestId = twice.engine.request(frameSamples.full.pull);
  twice.run();
  twice.send({ requestId, body: frameSamples.full.page }, { requestId, body: frameSamples.full.page });
  t.equal(twice.closedWith, 'UNEXPECTED_FRAME', 'an answer twice');
  const stray = enter();
  stray.engine.request(frameSamples.full.subscribe);
  stray.run();
  stray.send({ requestId: 77, body: frameSamples.full.deliver });
  t.equal(stray.closedWith, 'UNEXPECTED_FRAME', 'a Deliver of no subscription');
  const unknown = enter();
  unknown.send({ requestId: 55, body: frameSamples.full.error });
  t.equal(unknown.closedWith, 'UNEXPECTED_FRAME', 'an Error for no request');
});

t.test('SE-04 request numbers: zero, taken, and where none belongs', async (t) => {
  const { ping, mailboxClaim, bye } = frameSamples.full;
  const cases: [string, { requestId: number; body: FrameBody }[]][] = [
    ['zero', [{ requestId: 0, body: ping }]],
    [
      'taken',
      [
        { requestId: 3, body: mailboxClaim },
        { requestId: 3, body: mailboxClaim },
      ],
    ],
    ['a number on Bye', [{ requestId: 3, body: bye }]],
  ];
  for (const [what, sent] of cases) t.equal(rawClient().send(...sent).closedWith, 'UNEXPECTED_FRAME', what);
  const raw = rawClient().send({ requestId: 3, body: ping }, { requestId: 3, body: ping });
  t.equal(raw.closedWith, undefined, 'a number is free again once it was answered');
  t.strictSame(
    raw.frames.map(({ requestId, body }) => [requestId, body?.$case]),
    [
      [3, 'pong'],
      [3, 'pong'],
    ],
  );
});

t.test('SE-05 LI-09 one request too many is refused, a Ping is not', async (t) => {
  const claims = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ requestId: index + 1, body: frameSamples.full.mailboxClaim }));
  const full = rawClient().send(...claims(REQUESTS_IN_FLIGHT_MAX));
  t.equal(full.closedWith, undefined);
  full.send({ requestId: 5000, body: frameSamples.full.ping });
  t.equal(full.closedWith, undefined);
  full.send({ requestId: 5001, body: frameSamples.full.mailboxClaim });
  t.equal(full.closedWith, 'REQUESTS_EXCEEDED');
  const low = rawClient({ requestsInFlightMax: 2 }).send(...claims(3));
  t.equal(low.closedWith, 'REQUESTS_EXCEEDED', 'a relay may allow fewer');
});

t.test('RL-44 one subscription at most, and its number stays taken', async (t) => {
  const { subscribe, pull, deliver } = frameSamples.full;
  const second = rawMember().send({ requestId: 4, body: subscribe }, { requestId: 5, body: subscribe });
  t.equal(second.closedWith, 'UNEXPECTED_FRAME');
  const raw = rawMember().send({ requestId: 4, body: subscribe });
  raw.engine.deliver(deliver.value);
  raw.run();
  t.match(raw.frames.at(-1), { requestId: 4, body: { $case: 'deliver' } });
  raw.send({ requestId: 4, body: pull });
  t.equal(raw.closedWith, 'UNEXPECTED_FRAME');
});

t.test('WI-10 WI-13 WI-15 abuse/oversized bad frames end the connection with their own numbers', async (t) => {
  const cases: [string, Uint8Array, string][] = [
    ['4 GiB', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f), 'FRAME_TOO_LARGE'],
    ['one byte above 1 MiB', new BinaryWriter().uint32(1024 * 1024 + 1).finish(), 'FRAME_TOO_LARGE'],
    ['empty', Uint8Array.of(0), 'FRAME_TOO_LARGE'],
    ['a group', Uint8Array.of(2, 0x0b, 0x0c), 'INVALID_MESSAGE'],
    ['no body', Uint8Array.of(2, 0x08, 0x01), 'UNKNOWN_FRAME'],
    ['a body of a later version', Uint8Array.of(5, 0x08, 0x01, 0xa2, 0x06, 0x00), 'UNKNOWN_FRAME'],
    [
      'a bad frame before a good one',
      concat(Uint8Array.of(1, 0x0b), Uint8Array.of(4, 0x08, 0x01, 0x6a, 0x00)),
      'INVALID_MESSAGE',
    ],
  ];
  for (const [what, plaintext, error] of cases) {
    t.equal(rawClient().sendPlaintext(plaintext).closedWith, error, `relay: ${what}`);
    t.equal(rawRelay().sendPlaintext(plaintext).closedWith, error, `client: ${what}`);
  }
});

t.test('WI-19 an enum that the schema does not name ends a client, but not a relay of a later version', async (t) => {
  const item = Uint8Array.of(6, 0x08, 0x01, 0xba, 0x01, 0x02, 0x08, 0x63).with(0, 7);
  t.equal(rawClient().sendPlaintext(item).closedWith, 'INVALID_MESSAGE');
  const client = rawRelay();
  client.engine.request(frameSamples.full.mailboxClaim);
  client.run();
  const requestId = client.frames.at(-1)?.requestId ?? 0;
  client.sendPlaintext(item.with(2, requestId));
  t.match(client.events.at(-1), { type: 'answer', body: { $case: 'mailboxItem' } });
});

t.test('SC-22 random bytes on the wire and random frames in a session never throw', async (t) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 90 }), { maxLength: 8 }), (pieces) => {
      const pair = new Pair({ suite: 'classical' });
      for (const piece of pieces) pair.relay.receive(piece, pair.now);
      pair.run();
    }),
    { numRuns: 200, seed: 6 },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...bodies), fc.nat({ max: 3 })), { maxLength: 6 }), (sent) => {
      const client = rawClient();
      const relay = rawRelay();
      for (const [body, requestId] of sent) {
        if (client.closeCode === undefined) client.send({ requestId, body });
        if (relay.closeCode === undefined) relay.send({ requestId, body });
      }
      const known = new Set<number | undefined>([undefined, 0, ...Object.values(errors).map(({ number }) => number)]);
      return known.has(client.closeCode) && known.has(relay.closeCode);
    }),
    { numRuns: 60, seed: 7 },
  );
  t.pass('260 runs');
});
