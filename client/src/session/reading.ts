import { errors } from '@0k-sync/generated/errors';
import { RETRY_AFTER_MS_MAX } from '@0k-sync/generated/limits';
import { abortable } from '../async/abortable.ts';
import { Backoff } from '../async/backoff.ts';
import type { Puller } from '../inbound/puller.ts';
import type { ReadOptions } from '../progress.ts';
import { RequestRefused, SessionEnded } from '../relay/errors.ts';
import { explainFailure } from '../relay/link-end.ts';
import type { ProvenRelay } from '../relay/proven-relay.ts';
import type { Exchange } from './exchange.ts';
import type { RelayLink, RelayLinkDeps } from './relay-link.ts';

type ReadWork = (puller: Puller) => Promise<void>;

/** Reads everything that the relay has, in one attempt. Rejects with SyncError. */
export function pullOnce(link: RelayLink, options: ReadOptions): Promise<ProvenRelay> {
  return readOnce(link, options.signal, (puller) => puller.pull(options));
}

/** Fetches the member records from the relay. Rejects with SyncError. CL-09. */
export function listDevicesOf(link: RelayLink, signal: AbortSignal | undefined): Promise<ProvenRelay> {
  return readOnce(link, signal, (puller) => puller.listDevices());
}

/**
 * Reads everything that the relay has, however many sessions that takes. Rejects with SyncError when the relay refuses
 * for good or breaks the protocol, and with the signal's reason.
 */
export async function catchUpWith(
  { clock, random }: Pick<RelayLinkDeps, 'clock' | 'random'>,
  link: RelayLink,
  options: ReadOptions,
): Promise<ProvenRelay> {
  const { signal } = options;
  const backoff = new Backoff(random);
  for (;;) {
    const exchange = await link.nextSession(signal);
    const pauseMs = await tryRead(exchange, signal, (puller) => puller.pull(options));
    if (pauseMs === undefined) return exchange.session.relay;
    if (pauseMs === 'next-session') continue;
    const over = Promise.withResolvers<void>();
    const cancel = clock.after(pauseMs + backoff.nextDelay(), over.resolve);
    await abortable(over.promise, signal).finally(cancel);
  }
}

async function readOnce(link: RelayLink, signal: AbortSignal | undefined, work: ReadWork): Promise<ProvenRelay> {
  const exchange = await link.session(signal);
  try {
    await read(exchange, signal, work);
    return exchange.session.relay;
  } catch (error) {
    signal?.throwIfAborted();
    throw explainFailure(error, link.relay.address);
  }
}

/** Resolves with undefined when the work is done, otherwise with the time after which it is worth another try, ms. */
async function tryRead(
  exchange: Exchange,
  signal: AbortSignal | undefined,
  work: ReadWork,
): Promise<number | 'next-session' | undefined> {
  try {
    await read(exchange, signal, work);
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof SessionEnded) return 'next-session';
    if (error instanceof RequestRefused && errors[error.errorName].retry !== 'no') {
      return Math.min(Number(error.remote.retryAfterMs), RETRY_AFTER_MS_MAX); // ER-05
    }
    throw explainFailure(error, exchange.session.relay.address);
  }
}

/** Ends the session when the work fails by a defect or a violation. */
async function read({ puller, fail }: Exchange, signal: AbortSignal | undefined, work: ReadWork): Promise<void> {
  try {
    await abortable(work(puller), signal);
  } catch (error) {
    const goesOn = error instanceof RequestRefused || error instanceof SessionEnded || signal?.aborted === true; // SE-03
    if (!goesOn) fail(error);
    throw error;
  }
}
