import { fuzzRelay } from '@0k-sync/testkit/fuzz';
import t from 'tap';
import { TestRelay } from '../support/relay.ts';

const FRAMES = 2000;
const SECOND_MS = 1000;

t.test(
  'SC-22 frames that are wrong in every way end their own session at most: an honest device is served',
  async (t) => {
    const relay = await TestRelay.start(t);
    const report = await fuzzRelay(
      { seed: 9, frames: FRAMES },
      {
        connect: (host) => relay.connect(`198.51.100.${host}`, { suite: 'classical' }),
        pass: () => relay.clock.advance(SECOND_MS),
      },
    );
    t.match(report, { frames: FRAMES, served: FRAMES / 100 });
    const codes = [...report.closes.keys()];
    t.ok(codes.length > 3, `sessions ended with ${codes.join(', ')}`);
    t.ok(
      codes.every((code) => code === 0 || (code >= 1000 && code < 4000)),
      codes.join(', '),
    );
    while (relay.counts.connections > 0) await new Promise(setImmediate);
    t.equal(relay.counts.sessions, 0, 'and nothing is left of anybody');
  },
);
