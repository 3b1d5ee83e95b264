import t from 'tap';
import { type Drainable, drain } from '../src/quic/drain.ts';
import type { NativeMetrics } from '../src/quic/http3.ts';
import { WindowWatch } from '../src/quic/window-watch.ts';
import { manualClock } from './manual-clock.ts';

const LIMIT_MS = 3_600_000;
const BARE_BYTES = 40;

/** A native side whose peer answers each ping at once. A look at it takes `lookMs` of the clock. */
function nativeSide({ clock, pass }: ReturnType<typeof manualClock>, lookMs: number) {
  const watch = new WindowWatch(clock);
  const counts = { looks: 0, pings: 0 };
  /** @param repeated bytes of lost packets that leave again after the first pings */
  function connection(repeated = 0): Drainable {
    let [packets, bytesOut, toRepeat, pings] = [10, 1000, repeated, 0];
    return {
      closed: new Promise(() => {}),
      bufferedBytes: 0,
      watch,
      hasSentEnough: () => true,
      metrics: (): NativeMetrics => {
        counts.looks += 1;
        pass(lookMs);
        return { packetsIn: packets, packetsOut: packets, bytesOut, handshakeTimeMs: 1, rttMs: 1 };
      },
      ping: () => {
        counts.pings += 1;
        pings += 1;
        packets += 1;
        bytesOut += BARE_BYTES;
        if (pings < 3) return true;
        bytesOut += toRepeat;
        toRepeat = 0;
        return true;
      },
    };
  }
  return { connection, counts };
}

t.test('finding/R9 many connections that close at once take a fifth of the time for their looks', async (t) => {
  const manual = manualClock();
  const { connection, counts } = nativeSide(manual, 2);
  let ended = 0;
  const all = Array.from({ length: 60 }, () => drain(connection(), LIMIT_MS).then(() => (ended += 1)));
  manual.runUntil(1000);
  t.ok(counts.looks <= 101, `${counts.looks} looks of 2 ms in a second`);
  t.ok(counts.looks >= 90, `${counts.looks} looks of 2 ms in a second`);
  manual.runUntil(60 * 5 * 10 + 1000);
  await Promise.all(all);
  t.equal(ended, 60);
  t.equal(counts.looks, 60 * 5, 'one before the pings, one for each, and one for what they let be sent again');
  t.ok(manual.isIdle());
});

t.test('a drain begins anew when packets with content left after the pings', async (t) => {
  const manual = manualClock();
  const { connection, counts } = nativeSide(manual, 0);
  const drained = drain(connection(1200), LIMIT_MS);
  manual.runUntil(1000);
  await drained;
  t.equal(counts.pings, 6);
});

t.test('a drain ends with its connection, and looks no more', async (t) => {
  const manual = manualClock();
  const { connection, counts } = nativeSide(manual, 0);
  await drain({ ...connection(), closed: Promise.resolve() }, LIMIT_MS);
  manual.runUntil(1000);
  t.equal(counts.looks, 0);
  t.ok(manual.isIdle());
});
