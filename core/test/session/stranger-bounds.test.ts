import { concat } from '@0k-sync/core/bytes';
import { FRAME_BYTES_MAX, STRANGER_FRAME_BYTES_MAX, STRANGER_RECORD_BYTES_MAX } from '@0k-sync/generated/limits';
import { delimited, frameBytes, lengthField, varint } from '@0k-sync/testkit/wire';
import t from 'tap';
import { rawClient, rawMember } from './raw.ts';

const TAG_BYTES = 16;

/** Makes a Ping whose frame has exactly so many bytes, most of them in an unknown field, behind its length. */
function pingOf(frameLength: number): Uint8Array {
  const ping = frameBytes({ $case: 'ping', value: {} }, 7);
  const overhead = lengthField(100, new Uint8Array(frameLength - 100)).length - (frameLength - 100);
  return delimited(concat(ping, lengthField(100, new Uint8Array(frameLength - ping.length - overhead))));
}

t.test(
  'RL-70 LI-60 finding/R9 a stranger’s frame is refused by its length above STRANGER_FRAME_BYTES_MAX',
  async (t) => {
    const fits = rawClient().sendPlaintext(pingOf(STRANGER_FRAME_BYTES_MAX));
    t.equal(fits.frames.at(-1)?.body?.$case, 'pong');
    const exceeds = rawClient().sendPlaintext(varint(STRANGER_FRAME_BYTES_MAX + 1));
    t.equal(exceeds.closedWith, 'FRAME_TOO_LARGE');
  },
);

t.test(
  'RL-70 LI-61 finding/R9 a stranger’s record is refused by its length above STRANGER_RECORD_BYTES_MAX',
  async (t) => {
    const most = STRANGER_RECORD_BYTES_MAX - TAG_BYTES;
    const frames = concat(pingOf(STRANGER_FRAME_BYTES_MAX), pingOf(STRANGER_FRAME_BYTES_MAX));
    const fits = rawClient().sendPlaintext(frames.subarray(0, most));
    t.equal(fits.frames.at(-1)?.body?.$case, 'pong');
    t.equal(fits.closedWith, undefined);
    t.equal(rawClient().sendPlaintext(frames.subarray(0, most + 1)).closedWith, 'FRAME_TOO_LARGE');
  },
);

t.test('RL-70 finding/R9 the bounds hold until the relay accepts the Hello, and no longer', async (t) => {
  const asking = rawClient();
  asking.send(asking.hello);
  t.equal(asking.sendPlaintext(varint(FRAME_BYTES_MAX)).closedWith, 'FRAME_TOO_LARGE');
  const member = rawMember().sendPlaintext(pingOf(FRAME_BYTES_MAX));
  t.equal(member.frames.at(-1)?.body?.$case, 'pong');
});
