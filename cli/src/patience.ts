import { type Group, type GroupState, type RelayStatus, SyncError } from '@0k-sync/client/node';
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

/** The relay that a command waits for, as far as it is known. */
type Awaited = Pick<RelayStatus, 'relay' | 'error'> | undefined;

/** The patience of a command, from its --timeout and the interruption by the user. */
export function patienceOf({ io }: Context, { timeout }: RelayOptions): Patience {
  return { timeoutMs: timeout * 1000, signal: io.interrupted };
}

function unreachableError({ timeoutMs }: Patience, { relay, error }: Partial<RelayStatus> = {}): CommandError {
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

/**
 * Waits for a relay's answer. Rejects with CommandError `unreachable` when the time is over, with `interrupted` when the
 * user interrupts, and otherwise as the promise does.
 */
export async function awaitAnswer<T>(patience: Patience, relay: () => Awaited, answer: Promise<T>): Promise<T> {
  const waited = await waitFor(answer, patience.timeoutMs, patience.signal);
  if (waited.end === 'done') return waited.value;
  throw waited.end === 'interrupted' ? interruptedError() : unreachableError(patience, relay());
}

/** The relay is not the expected one, or breaks the protocol. The group asks it again; a command says so at once. */
function isWrong({ state, error }: RelayStatus): boolean {
  return state === 'waiting' && error instanceof SyncError && ['identity', 'protocol'].includes(error.kind);
}

/** Rejects when the relay is a wrong one, or when there was no connection for the time of the patience. */
function watchLink(group: Group, patience: Patience): { readonly failed: Promise<never>; stop(): void } {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const giveUp = () => reject(unreachableError(patience, group.state.relays[0]));
  const check = ({ connected, relays }: GroupState) => {
    const wrong = relays.find(isWrong);
    if (wrong !== undefined) reject(wrong.error);
    if (!connected) timer ??= setTimeout(giveUp, patience.timeoutMs);
    else {
      clearTimeout(timer);
      timer = undefined;
    }
  };
  const unsubscribe = group.subscribe(check);
  check(group.state);
  const stop = () => {
    unsubscribe();
    clearTimeout(timer);
  };
  return { failed, stop };
}

/**
 * Reads everything that the relay has. Rejects at once when the relay refuses for good or is a wrong one, and when there was
 * no connection for the time of the patience.
 */
export async function catchUp(group: Group, patience: Patience): Promise<void> {
  const over = new AbortController();
  const { failed, stop } = watchLink(group, patience);
  try {
    await Promise.race([group.caughtUp({ signal: AbortSignal.any([patience.signal, over.signal]) }), failed]);
  } catch (error) {
    throw patience.signal.aborted ? interruptedError() : error;
  } finally {
    stop();
    over.abort();
  }
}

/** Tries once to connect. Resolves with the reason when that fails; undefined when it succeeds or the time is over. */
export async function tryConnection(group: Group, { timeoutMs, signal }: Patience): Promise<unknown> {
  if (group.state.relays.length === 0) return undefined;
  const attempt = group.connect({ signal }).then(
    () => undefined,
    (error: unknown) => error,
  );
  const waited = await waitFor(attempt, timeoutMs, signal);
  return waited.end === 'done' ? waited.value : undefined;
}

/** Waits until the queue is empty, the relay refuses a message, or the time is over. */
export async function sendQueue(group: Group, { timeoutMs, signal }: Patience): Promise<void> {
  const over = Promise.withResolvers<void>();
  const isSent = () => {
    if (group.state.unsynced === 0) over.resolve();
  };
  const stops = [group.on('refused', () => over.resolve()), group.subscribe(isSent)];
  isSent();
  const isRefused = (await group.queue.list()).some(({ state }) => state === 'refused');
  if (!isRefused) await waitFor(over.promise, timeoutMs, signal);
  for (const stop of stops) stop();
}
