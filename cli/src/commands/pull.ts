import type { SqliteStore } from '@0k-sync/client/node';
import { interruptedError } from '../command-error.ts';
import type { Context } from '../context.ts';
import { counted, reportMessage } from '../format.ts';
import { type OpenDevice, withGroup } from '../open.ts';
import type { RelayOptions } from '../options.ts';
import { awaitConnection, patienceOf, sendQueue } from '../patience.ts';

/** Above every cursor: a pull from here stores new messages and returns none. */
const CURSOR_MAX = Number.MAX_SAFE_INTEGER;
const PAGE_ITEMS = 256;

/** Options of `0k-sync pull`. */
interface PullOptions extends RelayOptions {
  readonly afterCursor?: number;
  readonly limit?: number;
}

/** Counts the stored messages of others that were not printed yet. */
async function countUnread(store: SqliteStore): Promise<number> {
  let count = 0;
  for (let position = (await store.load()).consumed; ; ) {
    const page = await store.unconsumed(position, PAGE_ITEMS);
    const last = page.at(-1);
    if (last === undefined) return count;
    count += page.length;
    position = last.position;
  }
}

/**
 * Prints the messages that were not printed before, at most `limit`. A message is marked read when the next is
 * requested.
 */
async function printUnread(
  context: Context,
  { session, store }: OpenDevice,
  limit: number | undefined,
): Promise<number> {
  const wanted = Math.min(await countUnread(store), limit ?? CURSOR_MAX);
  const enough = new AbortController();
  const signal = AbortSignal.any([enough.signal, context.io.interrupted]);
  let count = 0;
  if (wanted === 0) return count;
  for await (const message of session.messages({ signal })) {
    await reportMessage(context.reporter, message);
    count += 1;
    if (count === wanted) enough.abort();
  }
  return count;
}

async function printAbove(context: Context, { session }: OpenDevice, cursor: number, limit: number | undefined) {
  const { interrupted: signal } = context.io;
  const messages = await session.pull(cursor, limit === undefined ? { signal } : { limit, signal });
  for (const message of messages) await reportMessage(context.reporter, message);
  return messages.length;
}

async function printMessages(
  context: Context,
  device: OpenDevice,
  { afterCursor, limit }: PullOptions,
): Promise<number> {
  if (afterCursor !== undefined) return printAbove(context, device, afterCursor, limit);
  await device.session.pull(CURSOR_MAX, { signal: context.io.interrupted });
  return printUnread(context, device, limit);
}

/** `0k-sync pull` */
export async function pull(context: Context, options: PullOptions): Promise<void> {
  const patience = patienceOf(context, options);
  await withGroup(context, options, async (device) => {
    const { session, store } = device;
    await awaitConnection(session, patience);
    const messages = await printMessages(context, device, options);
    if (context.io.interrupted.aborted) throw interruptedError();
    await sendQueue(session, patience);
    const unread = await countUnread(store);
    const cursor = session.status.relays[0]?.cursor ?? 0;
    const line = { type: 'pulled', messages, unread, cursor };
    if (options.json === true) await context.reporter.result(line, () => []);
    else if (messages === 0) context.reporter.note(line, 'there are no new messages');
    else if (unread > 0) context.reporter.note(line, `${counted(unread, 'message')} more; run pull again`);
  });
}
