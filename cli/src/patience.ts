import { type RelayStatus, type SessionStatus, SyncError, type SyncSession } from '@0k-sync/client/node';
import { CommandError, interruptedError } from './command-error.ts';
import type { Context } from './context.ts';
import { exitCodes } from './exit.ts';
import { hintOf, withoutFullStop } from './explain-error.ts';
import type { RelayOptions } from './options.ts';
import { waitFor } from './wait-for.ts';

/** The time that a command waits for a relay, and the signal that ends the wait earlier. */
export interface Patience {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The patience of a command, from its --timeout and the interruption by the user. */
export function patienceOf({ io }: Context, { timeout }: RelayOptions): Patience {
  return { timeoutMs: timeout * 1000, signal: io.interrupted };
}

function unreachableError({ timeoutMs }: Patience, { relays: [first] }: SessionStatus): CommandError {
  const { relay, error } = first ?? {};
  const silence = `${relay ?? 'the relay'} did not answer within ${timeoutMs / 1000} s`;
  const remedy = 'check the address and the network, or wait longer with --timeout';
  return new CommandError({
    exit: exitCodes.unreachable,
    kind: 'unreachable',
    message: error === undefined ? silence : withoutFullStop(error.message),
    hint: error === undefined ? remedy : hintOf(error),
    relay,
  });
}

/** Resolves when the session's status satisfies `is`, now or after a change. */
async function awaitStatus(session: SyncSession, is: (status: SessionStatus) => boolean): Promise<void> {
  if (is(session.status)) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = session.on('status', (status) => {
    if (is(status)) resolve();
  });
  await promise.finally(stop);
}

/**
 * Waits for a relay's answer. Rejects with CommandError `unreachable` when the time is over, with `interrupted` when the
 * user interrupts, and otherwise as the promise does.
 */
export async function awaitAnswer<T>(session: SyncSession, patience: Patience, answer: Promise<T>): Promise<T> {
  const waited = await waitFor(answer, patience.timeoutMs, patience.signal);
  if (waited.end === 'done') return waited.value;
  throw waited.end === 'interrupted' ? interruptedError() : unreachableError(patience, session.status);
}

/** The relay is not the expected one, or breaks the protocol. The session asks it again; a command says so at once. */
function isWrong({ state, error }: RelayStatus): boolean {
  return state === 'waiting' && error instanceof SyncError && ['identity', 'protocol'].includes(error.kind);
}

/** Waits until the session is connected. Rejects at once when the link has stopped for good, or the relay is a wrong one. */
export async function awaitConnection(session: SyncSession, patience: Patience): Promise<void> {
  const isSettled = (status: SessionStatus) =>
    status.connected || status.relays.every((relay) => relay.state === 'stopped' || isWrong(relay));
  await awaitAnswer(session, patience, awaitStatus(session, isSettled));
  if (!session.status.connected) throw session.status.relays[0]?.error ?? unreachableError(patience, session.status);
}

/** Waits until the first attempt to connect has succeeded or failed. */
export async function awaitFirstAttempt(session: SyncSession, { timeoutMs, signal }: Patience): Promise<void> {
  const isOver = ({ relays }: SessionStatus) => relays.every(({ state }) => state !== 'connecting');
  await waitFor(awaitStatus(session, isOver), timeoutMs, signal);
}

/** Waits until the queue is empty, the relay refuses a message, or the time is over. */
export async function sendQueue(session: SyncSession, { timeoutMs, signal }: Patience): Promise<void> {
  const refused = Promise.withResolvers<void>();
  const stop = session.on('refused', () => refused.resolve());
  const isRefused = (await session.queue.list()).some(({ state }) => state === 'refused');
  const sent = awaitStatus(session, ({ unsynced }) => unsynced === 0);
  if (!isRefused) await waitFor(Promise.race([sent, refused.promise]), timeoutMs, signal);
  stop();
}
