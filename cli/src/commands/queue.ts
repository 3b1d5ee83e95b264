import type { QueueEntry } from '@0k-sync/client/node';
import type { Context } from '../context.ts';
import { hintOf } from '../explain-error.ts';
import { counted } from '../format.ts';
import { withGroup, withStoredGroup } from '../open.ts';
import type { RelayOptions } from '../options.ts';
import { awaitConnection, patienceOf, sendQueue } from '../patience.ts';
import type { JsonLine } from '../reporter.ts';

function entryJson({ id, kind, state, bytes, refusal }: QueueEntry): JsonLine {
  const { code, errorName, message } = refusal ?? {};
  const why = refusal === undefined ? null : { code, error_name: errorName, message, hint: hintOf(refusal) };
  return { type: 'queued', id, kind, state, bytes, refusal: why };
}

function entryLine({ id, kind, state, bytes, refusal }: QueueEntry): string {
  const what = kind === 'message' ? `${bytes} bytes` : 'the announcement of this device';
  return `${id}  ${state}  ${what}${refusal === undefined ? '' : `: ${refusal.message} Hint: ${hintOf(refusal)}`}`;
}

/** `0k-sync queue list` */
export async function listQueue(context: Context): Promise<void> {
  const { reporter } = context;
  await withStoredGroup(context, async ({ session }) => {
    const entries = await session.queue.list();
    for (const entry of entries) await reporter.result(entryJson(entry), () => [entryLine(entry)]);
    if (entries.length === 0) reporter.note({ type: 'note' }, 'the queue is empty');
  });
}

/** `0k-sync queue retry [id]`: makes refused messages, or the one with this id, due again, and sends the queue. */
export async function retryQueue(context: Context, id: string | undefined, options: RelayOptions): Promise<void> {
  const patience = patienceOf(context, options);
  await withGroup(context, options, async ({ session }) => {
    const before = session.status.unsynced;
    const refused = (await session.queue.list()).filter(({ state }) => state === 'refused');
    for (const each of id === undefined ? refused.map((entry) => entry.id) : [id]) await session.queue.retry(each);
    await awaitConnection(session, patience);
    await sendQueue(session, patience);
    const left = session.status.unsynced;
    const sent = before - left;
    await context.reporter.result({ type: 'retried', sent, left }, () => [
      `${counted(sent, 'message')} sent, ${left} left`,
    ]);
  });
}

/** `0k-sync queue drop <id>` */
export async function dropFromQueue(context: Context, id: string): Promise<void> {
  await withStoredGroup(context, async ({ session }) => {
    await session.queue.drop(id);
    await context.reporter.result({ type: 'dropped', id }, () => [`deleted ${id}`]);
  });
}
