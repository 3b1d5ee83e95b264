import type { Group } from '@0k-sync/client/node';
import { interruptedError } from '../command-error.ts';
import type { Context } from '../context.ts';
import { counted, reportMessage } from '../format.ts';
import { withGroup } from '../open.ts';
import type { RelayOptions } from '../options.ts';
import { catchUp, patienceOf, sendQueue } from '../patience.ts';
import { Unread } from '../unread.ts';

/** Options of `0k-sync pull`. */
interface PullOptions extends RelayOptions {
  readonly afterCursor?: number;
  readonly limit?: number;
}

async function printAbove(context: Context, group: Group, cursor: number, limit: number | undefined) {
  const messages = await group.pull(cursor, limit === undefined ? {} : { limit });
  for (const message of messages) await reportMessage(context.reporter, message);
  return messages.length;
}

/** `0k-sync pull` */
export async function pull(context: Context, options: PullOptions): Promise<void> {
  const patience = patienceOf(context, options);
  const { afterCursor, limit } = options;
  await withGroup(context, options, async ({ group }) => {
    await catchUp(group, patience);
    const stored = await Unread.of(context, group);
    const messages = await (afterCursor === undefined
      ? stored.printStored(limit ?? Number.POSITIVE_INFINITY)
      : printAbove(context, group, afterCursor, limit));
    if (context.io.interrupted.aborted) throw interruptedError();
    await sendQueue(group, patience);
    const unread = await stored.count();
    const cursor = group.state.relays[0]?.cursor ?? 0;
    const line = { type: 'pulled', messages, unread, cursor };
    if (options.json === true) await context.reporter.result(line, () => []);
    else if (messages === 0) context.reporter.note(line, 'there are no new messages');
    else if (unread > 0) context.reporter.note(line, `${counted(unread, 'message')} more; run pull again`);
  });
}
