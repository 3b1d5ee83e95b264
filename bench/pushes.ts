import { concat } from '@0k-sync/core/bytes';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import { type PushAck, PushStatus } from '@0k-sync/generated/wire/frame';
import type { RawClient } from '@0k-sync/testkit/raw';
import { delimited, frameBytes } from '@0k-sync/testkit/wire';

/** Hello has the first request_id of a connection. */
const FIRST_REQUEST = 2;

/** Pushes, encoded one behind the other, so that any stretch of them is sent without a copy. */
export class EncodedPushes {
  readonly #bytes: Uint8Array;
  /** Offset of each push, and the end of the last one. */
  readonly #starts: number[] = [0];

  /** Each push carries `items` envelopes; their number divides that of the envelopes. */
  constructor(envelopes: readonly Envelope[], items = 1) {
    const frames = Array.from({ length: envelopes.length / items }, (_, index) => {
      const pushed = envelopes.slice(index * items, (index + 1) * items).map((envelope) => ({ envelope, skip: false }));
      return delimited(frameBytes({ $case: 'push', value: { items: pushed } }, FIRST_REQUEST + index));
    });
    this.#bytes = concat(...frames);
    for (const frame of frames) this.#starts.push((this.#starts.at(-1) ?? 0) + frame.length);
  }

  get count(): number {
    return this.#starts.length - 1;
  }

  stretch(from: number, to: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[from], this.#starts[to]);
  }

  /** The place of the push that a request_id names. */
  indexOf(requestId: number): number {
    return requestId - FIRST_REQUEST;
  }
}

/** Keeps `window` pushes in flight until all are acknowledged; their latencies, ms. What one turn frees leaves as one write. */
export function pushAll(client: RawClient, pushes: EncodedPushes, window: number): Promise<number[]> {
  const { promise, resolve, reject } = Promise.withResolvers<number[]>();
  const startedAt: number[] = [];
  const latencies: number[] = [];
  let isScheduled = false;
  const fill = (): void => {
    isScheduled = false;
    const from = startedAt.length;
    const to = Math.min(pushes.count, latencies.length + window);
    if (to === from) return;
    const now = performance.now();
    for (let index = from; index < to; index++) startedAt.push(now);
    client.sendPlaintext(pushes.stretch(from, to));
  };
  client.listen(({ requestId, body }) => {
    if (body?.$case !== 'pushAck' || !isAccepted(body.value)) {
      reject(new Error(`a push was answered with ${JSON.stringify(body, (_, part) => part?.toString())}`));
      return;
    }
    latencies.push(performance.now() - (startedAt[pushes.indexOf(requestId)] ?? Number.NaN));
    if (latencies.length === pushes.count) resolve(latencies);
    else if (!isScheduled) {
      isScheduled = true;
      queueMicrotask(fill);
    }
  });
  fill();
  return promise;
}

function isAccepted({ results }: PushAck): boolean {
  return results.every(({ status }) => status === PushStatus.PUSH_STATUS_ACCEPTED);
}
