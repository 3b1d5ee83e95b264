import type { QueueEntry } from '@0k-sync/client/node';
import { connect, sendQueue } from '../connection.ts';
import type { Context } from '../context.ts';
import { counted } from '../format.ts';
import { withGroup, withStoredGroup } from '../open.ts';
import type { RelayOptions } from '../options.ts';

function describe({ id, kind, state, bytes, refusal }: QueueEntry): string {
  const what = kind === 'message' ? `${bytes} bytes` : 'this device introduces itself';
  return `${id}  ${state}  ${what}${refusal === undefined ? '' : `: ${refusal.message} ${refusal.hint}`}`;
}

/** `0k-sync queue list` */
export async function listQueue(context: Context): Promise<void> {
  const { reporter } = context;
  await withStoredGroup(context, async ({ session }) => {
    const entries = await session.queue.list();
    for (const entry of entries) {
      const { id, kind, state, bytes, refusal } = entry;
      reporter.result({ type: 'queued', id, kind, state, bytes, refusal: refusal ?? null }, () => [describe(entry)]);
    }
    if (entries.length === 0) reporter.note({ type: 'note' }, 'the queue is empty');
  });
}

/** `0k-sync queue retry [id]`: what was refused may go again, and everything is sent now. */
export async function retryQueue(context: Context, id: string | undefined, options: RelayOptions): Promise<void> {
  const patience = { timeout: options.timeout, signal: context.io.interrupted };
  await withGroup(context, options, async ({ session }) => {
    const before = session.status.unsynced;
    const refused = (await session.queue.list()).filter(({ state }) => state === 'refused');
    for (const each of id === undefined ? refused.map((entry) => entry.id) : [id]) await session.queue.retry(each);
    await connect(session, patience);
    await sendQueue(session, patience);
    const left = session.status.unsynced;
    const sent = before - left;
    context.reporter.result({ type: 'retried', sent, left }, () => [`${counted(sent, 'message')} sent, ${left} left`]);
  });
}

/** `0k-sync queue drop <id>` */
export async function dropFromQueue(context: Context, id: string): Promise<void> {
  await withStoredGroup(context, async ({ session }) => {
    await session.queue.drop(id);
    context.reporter.result({ type: 'dropped', id }, () => [`deleted ${id}`]);
  });
}
