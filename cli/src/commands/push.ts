import type { Group, PushReceipt } from '@0k-sync/client/node';
import { interruptedError, usageError } from '../command-error.ts';
import type { Context } from '../context.ts';
import { withoutFullStop } from '../explain-error.ts';
import { readFile, readInput } from '../input.ts';
import { withGroup, withStoredGroup } from '../open.ts';
import type { RelayOptions } from '../options.ts';
import { waitFor } from '../wait-for.ts';

/** Far above CONTENT_BYTES_MAX, which the client checks: larger input is not read to its end. */
const INPUT_BYTES_MAX = 1024 * 1024;

/** Options of `0k-sync push`. */
interface PushOptions extends RelayOptions {
  readonly file?: string;
  readonly queueOnly?: boolean;
}

async function readContent(context: Context, text: string | undefined, file: string | undefined) {
  const hint = 'use `push "text"`, `push -` to read stdin, or `push --file <path>`';
  if (text !== undefined && file !== undefined) throw usageError('a text and --file cannot be used together', hint);
  if (file !== undefined) return readFile(file, INPUT_BYTES_MAX).bytes;
  if (text === undefined) throw usageError('there is nothing to push', hint);
  return text === '-' ? await readInput(context.io, INPUT_BYTES_MAX) : text;
}

/** Reports a message that is on disk and that no relay has stored. */
async function reportQueued(
  { directory, reporter }: Context,
  group: Group,
  { id }: PushReceipt,
  why: string,
): Promise<void> {
  const { unsynced } = group.state;
  const line = { type: 'pushed', id, state: 'queued', directory, unsynced };
  await reporter.result(line, () => [`queued in ${directory} (${unsynced} waiting); ${why}`]);
  const text = 'the message is sent by the next push, pull, watch or queue retry that reaches a relay';
  reporter.note({ type: 'note', id }, text);
}

/** Reports that the message stays in the queue although the relay refused it or is not trusted. */
async function reportStay({ reporter }: Context, group: Group, { id }: PushReceipt): Promise<void> {
  const entry = (await group.queue.list()).find((each) => each.id === id);
  if (entry === undefined) return;
  const line = { type: 'note', id, state: entry.state };
  const next = `send it again with \`queue retry ${id}\`, or delete it with \`queue drop ${id}\``;
  reporter.note(line, `the message stays in the queue${entry.state === 'refused' ? `; ${next}` : ''}`);
}

/** The reason why no relay has stored the message: its last refusal, or its silence. */
function watchReason(group: Group, timeout: number): () => string {
  let reason = `no relay has stored it within ${timeout} s`;
  group.on('refused', ({ message }) => {
    reason = withoutFullStop(message);
  });
  return () => reason;
}

async function awaitStored(context: Context, { timeout }: PushOptions, group: Group, receipt: PushReceipt) {
  const reasonOf = watchReason(group, timeout);
  const waiting = waitFor(receipt.acknowledged, timeout * 1000, context.io.interrupted);
  const waited = await waiting.catch(async (error: unknown) => {
    await reportStay(context, group, receipt);
    throw error;
  });
  if (waited.end === 'timeout') return reportQueued(context, group, receipt, reasonOf());
  if (waited.end === 'interrupted') {
    await reportQueued(context, group, receipt, 'interrupted');
    throw interruptedError();
  }
  const { relay, cursor, durable } = waited.value;
  const line = { type: 'pushed', id: receipt.id, state: 'acknowledged', relay, cursor: cursor ?? null, durable };
  await context.reporter.result(line, () => [`stored ${durable ? 'durably ' : ''}by ${relay}`]);
}

/** `0k-sync push`: stores the message on disk first, then waits until a relay has stored it. */
export async function push(context: Context, text: string | undefined, options: PushOptions): Promise<void> {
  const content = await readContent(context, text, options.file);
  if (options.queueOnly === true)
    return withStoredGroup(context, options, async ({ group }) => {
      await reportQueued(context, group, await group.push(content), '--queue-only');
    });
  await withGroup(context, options, async ({ group }) => {
    const receipt = await group.push(content);
    if (group.state.relays.length > 0) await awaitStored(context, options, group, receipt);
    else await reportQueued(context, group, receipt, 'the group has no relay; `relay add` gives it one');
  });
}
