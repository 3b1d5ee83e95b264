import { type SessionStatus, SyncError, type SyncSession } from '@0k-sync/client/node';
import { exitCodes } from './exit.ts';
import { Failure, interrupted } from './failure.ts';
import { waitFor } from './timing.ts';

/** How long to wait, and for whom to stop. */
export interface Patience {
  /** Seconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

function unreachable(timeout: number, { relays }: SessionStatus): Failure {
  const [first] = relays;
  const error = first?.error;
  return new Failure({
    exit: exitCodes.unreachable,
    code: 'unreachable',
    message: error?.message.replace(/\.$/, '') ?? `${first?.relay ?? 'the relay'} did not answer within ${timeout} s`,
    hint: error instanceof SyncError ? error.hint : 'check the address and the network, or wait longer with --timeout',
    relay: first?.relay,
  });
}

/** Resolves when `is` holds for the session's status, now or after a change. */
async function until(session: SyncSession, is: (status: SessionStatus) => boolean): Promise<void> {
  if (is(session.status)) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = session.on('status', (status) => {
    if (is(status)) resolve();
  });
  await promise.finally(stop);
}

/**
 * Waits for an answer, the timeout, or an interruption.
 * @throws Failure `unreachable` or `interrupted`; what the promise rejects with passes through.
 */
export async function answerOf<T>(
  session: SyncSession,
  { timeout, signal }: Patience,
  promise: Promise<T>,
): Promise<T> {
  const waited = await waitFor(promise, timeout * 1000, signal);
  if (waited.outcome === 'done') return waited.value;
  throw waited.outcome === 'interrupted' ? interrupted() : unreachable(timeout, session.status);
}

/** Waits for a session with the relay; an error that trying again does not heal is thrown at once. */
export async function connect(session: SyncSession, patience: Patience): Promise<void> {
  const settled = (status: SessionStatus) =>
    status.connected || status.relays.every(({ state }) => state === 'stopped');
  await answerOf(session, patience, until(session, settled));
  if (!session.status.connected) throw session.status.relays[0]?.error ?? unreachable(patience.timeout, session.status);
}

/** Waits until the first attempt to connect has ended, however it did, but not for ever. */
export async function tryToConnect(session: SyncSession, { timeout, signal }: Patience): Promise<void> {
  const attempted = ({ relays }: SessionStatus) => relays.every(({ state }) => state !== 'connecting');
  await waitFor(until(session, attempted), timeout * 1000, signal);
}

/** Waits until nothing is left to send, the relay refuses something, or the time is over. */
export async function sendQueue(session: SyncSession, { timeout, signal }: Patience): Promise<void> {
  const refused = Promise.withResolvers<void>();
  const stop = session.on('refused', () => refused.resolve());
  const isRefused = (await session.queue.list()).some(({ state }) => state === 'refused');
  const sent = until(session, ({ unsynced }) => unsynced === 0);
  if (!isRefused) await waitFor(Promise.race([sent, refused.promise]), timeout * 1000, signal);
  stop();
}
