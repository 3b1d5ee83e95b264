import type { SyncSession } from '@0k-sync/client/node';
import { interruptedError } from '../command-error.ts';
import type { Context } from '../context.ts';
import { counted, reportMessage } from '../format.ts';
import { withGroup } from '../open.ts';
import type { RelayOptions } from '../options.ts';
import { awaitConnection, patienceOf, sendQueue } from '../patience.ts';
import { Unread } from '../unread.ts';

/** Above every cursor: a pull from here stores new messages and returns none. */
const CURSOR_MAX = Number.MAX_SAFE_INTEGER;

/** Options of `0k-sync pull`. */
interface PullOptions extends RelayOptions {
  readonly afterCursor?: number;
  readonly limit?: number;
}

async function printAbove(context: Context, session: SyncSession, cursor: number, limit: number | undefined) {
  const { interrupted: signal } = context.io;
  const messages = await session.pull(cursor, limit === undefined ? { signal } : { limit, signal });
  for (const message of messages) await reportMessage(context.reporter, message);
  return messages.length;
}

async function printMessages(
  context: Context,
  session: SyncSession,
  unread: Unread,
  { afterCursor, limit }: PullOptions,
): Promise<number> {
  if (afterCursor !== undefined) return printAbove(context, session, afterCursor, limit);
  await session.pull(CURSOR_MAX, { signal: context.io.interrupted });
  return unread.printStored(limit ?? Number.POSITIVE_INFINITY);
}

/** `0k-sync pull` */
export async function pull(context: Context, options: PullOptions): Promise<void> {
  const patience = patienceOf(context, options);
  await withGroup(context, options, async ({ session }) => {
    await awaitConnection(session, patience);
    const stored = await Unread.of(context, session);
    const messages = await printMessages(context, session, stored, options);
    if (context.io.interrupted.aborted) throw interruptedError();
    await sendQueue(session, patience);
    const unread = await stored.count();
    const cursor = session.status.relays[0]?.cursor ?? 0;
    const line = { type: 'pulled', messages, unread, cursor };
    if (options.json === true) await context.reporter.result(line, () => []);
    else if (messages === 0) context.reporter.note(line, 'there are no new messages');
    else if (unread > 0) context.reporter.note(line, `${counted(unread, 'message')} more; run pull again`);
  });
}
