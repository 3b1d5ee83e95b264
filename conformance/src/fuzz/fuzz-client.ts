import type { FrameBody } from '@0k-sync/core/wire';
import { GAP_WAIT_MS, PAGE_BYTES_MAX } from '@0k-sync/generated/limits';
import { PushStatus } from '@0k-sync/generated/wire/frame';
import { deterministicRandom } from '@0k-sync/testkit/crypto';
import type { RawEnd } from '@0k-sync/testkit/raw';
import { helloAck } from '@0k-sync/testkit/relay';
import { Failed } from '../model.ts';
import { bytesOf } from '../suites/client/client.ts';
import { ClientScene } from '../suites/client/scene.ts';
import { inTime } from '../suites/client/time.ts';
import { show } from '../suites/expect.ts';
import type { Adapter } from '../zkcp/adapter.ts';
import { Draws, fuzzedFrame } from './fuzzed-frames.ts';

/** Frames of one session at most: a client leaves most of them before. */
const FRAMES_PER_SESSION = 400;
/** Frames that answer one frame of the client, at most. */
const FRAMES_PER_ANSWER = 40;

/** A relay that leaves a Hello unanswered keeps its client from being idle: its clock has to move all the same. */
const IDLE_MS = 1000;

/** Settings of a run against one client. */
export interface FuzzConfig {
  readonly seed: string;
  /** Frames that the relay sends in all. */
  readonly frames: number;
  /** The client under test. */
  readonly adapter: Adapter;
  /** Makes an empty directory. */
  readonly directory: () => Promise<string>;
}

/**
 * A relay with the right keys sends seeded frames, well formed and malformed, in any order. Rejects with Failed when the
 * client ends, when an action of it has no answer, when it fails by itself, or when an honest relay afterwards does not
 * sync with it.
 */
export async function fuzzClient({ seed, frames, adapter, directory }: FuzzConfig): Promise<void> {
  const target = { shared: async () => adapter, start: () => Promise.reject(new Error('one process')), directory };
  const scene = await ClientScene.open(target, undefined);
  const draws = new Draws(deterministicRandom(`fuzz ${seed}`));
  let sent = 0;
  try {
    await scene.serves('before');
    await scene.client.advance(0);
    scene.divert(async (end) => {
      await fuzzSession(scene, end, draws, (count) => {
        sent += count;
      });
    });
    for (let turn = 0; sent < frames; turn += 1) await act(scene, draws, turn, sent);
    // A client that was restarted may roll back again. CL-16
    await scene.reopen();
    await scene.exchanges('after');
    await scene.deliveredOnce('after');
  } finally {
    await scene.close();
  }
}

/** One action of the client, which must be answered, whatever the relay does. */
async function act({ client }: ClientScene, draws: Draws, turn: number, sent: number): Promise<void> {
  const [action, args] = draws.one([
    ['pull', {}],
    ['pull', {}],
    ['connect', {}],
    ['push', { text: `turn ${turn}`, wait: false }],
    ['subscribe', {}],
    ['disconnect', {}],
  ] as const);
  const answer = await inTime(client, client.attempt(action, args), GAP_WAIT_MS, IDLE_MS);
  if (!('ok' in answer) && !('reject' in answer)) {
    throw new Failed(`${action} after ${sent} frames`, 'ok or reject', show(answer));
  }
}

/** Sends what it likes to a client that has said Hello, and closes the connection in the end. */
async function fuzzSession(
  scene: ClientScene,
  end: RawEnd,
  draws: Draws,
  count: (frames: number) => void,
): Promise<void> {
  let left = FRAMES_PER_SESSION;
  const requestIds: number[] = [];
  const { promise: over, resolve } = Promise.withResolvers<void>();
  end.listen(({ requestId, body }) => {
    requestIds.unshift(requestId);
    requestIds.splice(4);
    if (body?.$case === 'hello' && draws.below(10) > 0) {
      end.send({ $case: 'helloAck', value: helloAck(scene.relay, scene.log, bytesOf(scene.deviceKey)) }, requestId);
    }
    const burst = Math.min(left, 1 + draws.below(FRAMES_PER_ANSWER));
    for (let sent = 0; sent < burst; sent += 1) end.sendPlaintext(fuzzedFrame(draws, honestOf(scene), requestIds));
    count(burst);
    left -= burst;
    if (left <= 0 || body?.$case === 'bye' || draws.below(4) === 0) resolve();
  });
  await Promise.race([over, end.ended]);
  await end.connection.close(draws.one([0, 0, 1003, 1041, 3000]));
}

/** The frames that an honest relay could send now. */
function honestOf({ log }: ClientScene): readonly FrameBody[] {
  const segment = log.segment(Math.max(0, log.head - 3), PAGE_BYTES_MAX);
  const result = { status: PushStatus.PUSH_STATUS_ACCEPTED, cursor: BigInt(log.head), error: undefined };
  return [
    { $case: 'page', value: { segment, hasMore: false } },
    { $case: 'page', value: { segment: log.segment(log.head, PAGE_BYTES_MAX), hasMore: false } },
    { $case: 'deliver', value: { segment } },
    { $case: 'deviceList', value: { version: 1n, records: [...log.records.values()] } },
    { $case: 'pushAck', value: { results: [result], durable: true } },
    { $case: 'pong', value: { serverTimeMs: 1n } },
  ];
}
