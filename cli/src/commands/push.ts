import { type PushReceipt, SyncError, type SyncSession } from '@0k-sync/client/node';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit.ts';
import { Failure, interrupted } from '../failure.ts';
import { readFile, readInput } from '../input.ts';
import { type Device, withGroup, withStoredGroup } from '../open.ts';
import type { RelayOptions } from '../options.ts';
import { waitFor } from '../timing.ts';

/** Far above CONTENT_BYTES_MAX, which the client checks: what is larger is not even read. */
const INPUT_BYTES_MAX = 1024 * 1024;

export interface PushOptions extends RelayOptions {
  readonly file?: string;
  readonly queueOnly?: boolean;
}

async function contentFrom(context: Context, text: string | undefined, file: string | undefined) {
  if ((text === undefined) === (file === undefined))
    throw new Failure({
      exit: exitCodes.usage,
      code: 'usage',
      message: text === undefined ? 'there is nothing to push' : 'give a text or --file, not both',
      hint: 'use `push "text"`, `push -` to read stdin, or `push --file <path>`',
    });
  if (file !== undefined) return readFile(file, INPUT_BYTES_MAX).bytes;
  return text === '-' ? await readInput(context.io, INPUT_BYTES_MAX) : text;
}

/** Said only after the message is on disk, and only while it is there. */
function reportQueued(context: Context, { session }: Device, { id }: PushReceipt, why: string): void {
  const { unsynced } = session.status;
  const line = { type: 'pushed', id, state: 'queued', directory: context.directory, unsynced };
  context.reporter.result(line, () => [`queued in ${context.directory} (${unsynced} waiting): ${why}`]);
  const text = 'it is sent by the next push, pull, watch or queue retry that reaches a relay';
  context.reporter.note({ type: 'note', id }, text);
}

/** The relay said no, or is not to be trusted: the message waits in the queue, the command fails. */
async function explainRefusal(context: Context, { session }: Device, { id }: PushReceipt, error: unknown) {
  const entry = (await session.queue.list()).find((each) => each.id === id);
  if (entry === undefined) return;
  const next = entry.state === 'refused' ? `send it again or delete it: queue retry ${id}, queue drop ${id}` : '';
  const line = { type: 'note', id, state: entry.state };
  if (error instanceof SyncError) context.reporter.note(line, `the message stays in the queue ${next}`.trim());
}

/** Why nothing was stored: what the relay said last, or that it said nothing. */
function reasonFor(session: SyncSession, timeout: number): () => string {
  let reason = `no relay has stored it within ${timeout} s`;
  session.on('refused', ({ relay, message }) => {
    reason = `${relay} does not take it now: ${message}`;
  });
  return () => reason;
}

async function send(context: Context, options: PushOptions, device: Device, receipt: PushReceipt): Promise<void> {
  const reason = reasonFor(device.session, options.timeout);
  const waiting = waitFor(receipt.acknowledged, options.timeout * 1000, context.io.interrupted);
  const waited = await waiting.catch(async (error: unknown) => {
    await explainRefusal(context, device, receipt, error);
    throw error;
  });
  if (waited.outcome === 'timeout') return reportQueued(context, device, receipt, reason());
  if (waited.outcome === 'interrupted') {
    reportQueued(context, device, receipt, 'interrupted');
    throw interrupted();
  }
  const { relay, cursor, durable } = waited.value;
  const line = { type: 'pushed', id: receipt.id, state: 'acknowledged', relay, cursor: cursor ?? null, durable };
  context.reporter.result(line, () => [`${durable ? 'stored durably' : 'taken'} by ${relay}`]);
}

/** `0k-sync push`: on disk first, then at a relay. */
export async function push(context: Context, text: string | undefined, options: PushOptions): Promise<void> {
  const content = (await contentFrom(context, text, options.file)) ?? '';
  if (options.queueOnly === true)
    return withStoredGroup(context, async (device) => {
      reportQueued(context, device, await device.session.push(content), 'as asked');
    });
  await withGroup(context, options, async (device) => {
    const receipt = await device.session.push(content);
    await send(context, options, device, receipt);
  });
}
