import type { QueueEntry } from '@0k-sync/client/node';
import type { Context } from '../context.ts';
import { hintOf } from '../explain-error.ts';
import { counted } from '../format.ts';
import { withGroup, withStoredGroup } from '../open.ts';
import type { GroupOptions, RelayOptions } from '../options.ts';
import { catchUp, patienceOf, sendQueue } from '../patience.ts';
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
export async function listQueue(context: Context, options: GroupOptions): Promise<void> {
  const { reporter } = context;
  await withStoredGroup(context, options, async ({ group }) => {
    const entries = await group.queue.list();
    for (const entry of entries) await reporter.result(entryJson(entry), () => [entryLine(entry)]);
    if (entries.length === 0) reporter.note({ type: 'note' }, 'the queue is empty');
  });
}

/** `0k-sync queue retry [id]`: makes refused messages, or the one with this id, due again, and sends the queue. */
export async function retryQueue(context: Context, id: string | undefined, options: RelayOptions): Promise<void> {
  const patience = patienceOf(context, options);
  await withGroup(context, options, async ({ group }) => {
    const before = group.state.unsynced;
    const refused = (await group.queue.list()).filter(({ state }) => state === 'refused');
    for (const each of id === undefined ? refused.map((entry) => entry.id) : [id]) await group.queue.retry(each);
    await catchUp(group, patience);
    await sendQueue(group, patience);
    const left = group.state.unsynced;
    const sent = before - left;
    await context.reporter.result({ type: 'retried', sent, left }, () => [
      `${counted(sent, 'message')} sent, ${left} left`,
    ]);
  });
}

/** `0k-sync queue drop <id>` */
export async function dropFromQueue(context: Context, id: string, options: GroupOptions): Promise<void> {
  await withStoredGroup(context, options, async ({ group }) => {
    await group.queue.drop(id);
    await context.reporter.result({ type: 'dropped', id }, () => [`deleted ${id}`]);
  });
}
