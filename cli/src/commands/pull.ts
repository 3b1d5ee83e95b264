import type { Message, SqliteStore } from '@0k-sync/client/node';
import { connect, type Patience, sendQueue } from '../connection.ts';
import type { Context } from '../context.ts';
import { interrupted } from '../failure.ts';
import { counted, messageJson, messageLines } from '../format.ts';
import { type Device, withGroup } from '../open.ts';
import type { RelayOptions } from '../options.ts';

/** Above every cursor: reading from there only brings in what is new. */
const CURSOR_MAX = Number.MAX_SAFE_INTEGER;
const PAGE_ITEMS = 256;

export interface PullOptions extends RelayOptions {
  readonly afterCursor?: number;
  readonly limit?: number;
}

function print({ reporter }: Context, message: Message): void {
  reporter.result(messageJson(message), () => messageLines(message, reporter.paint));
}

/** How many stored messages were not given out yet. */
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

/** Prints what was not printed before. A message counts as printed when the next one is asked for. */
async function printUnread(context: Context, { session, store }: Device, limit: number | undefined): Promise<number> {
  const wanted = Math.min(await countUnread(store), limit ?? CURSOR_MAX);
  const enough = new AbortController();
  const signal = AbortSignal.any([enough.signal, context.io.interrupted]);
  let count = 0;
  if (wanted === 0) return count;
  for await (const message of session.messages({ signal })) {
    print(context, message);
    count += 1;
    if (count === wanted) enough.abort();
  }
  return count;
}

async function printAbove(context: Context, { session }: Device, cursor: number, limit: number | undefined) {
  const { interrupted: signal } = context.io;
  const messages = await session.pull(cursor, limit === undefined ? { signal } : { limit, signal });
  for (const message of messages) print(context, message);
  return messages.length;
}

async function read(context: Context, device: Device, { afterCursor, limit }: PullOptions): Promise<number> {
  if (afterCursor !== undefined) return printAbove(context, device, afterCursor, limit);
  await device.session.pull(CURSOR_MAX, { signal: context.io.interrupted });
  return printUnread(context, device, limit);
}

/** `0k-sync pull` */
export async function pull(context: Context, options: PullOptions): Promise<void> {
  const patience: Patience = { timeout: options.timeout, signal: context.io.interrupted };
  await withGroup(context, options, async (device) => {
    const { session, store } = device;
    await connect(session, patience);
    const messages = await read(context, device, options);
    if (context.io.interrupted.aborted) throw interrupted();
    await sendQueue(session, patience);
    const unread = await countUnread(store);
    const cursor = session.status.relays[0]?.cursor ?? 0;
    const line = { type: 'pulled', messages, unread, cursor };
    if (options.json === true) context.reporter.result(line, () => []);
    else if (messages === 0) context.reporter.note(line, 'nothing new');
    else if (unread > 0) context.reporter.note(line, `${counted(unread, 'message')} more; pull again`);
  });
}
