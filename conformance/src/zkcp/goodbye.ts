import { setTimeout as sleep } from 'node:timers/promises';
import type { Adapter } from './adapter.ts';

/**
 * Says bye and leaves stdin open: `bye` alone must end the adapter. Returns what it did instead of answering and exiting
 * with 0 within `deadlineMs`. The process is gone afterwards. Throws `AdapterFailure` when it goes without an answer.
 */
export async function complaintAboutBye(adapter: Adapter, deadlineMs: number): Promise<string | undefined> {
  const answer = await adapter.ask('bye', {}, deadlineMs);
  const waiting = new AbortController();
  const late = sleep(deadlineMs, true, { signal: waiting.signal }).catch(() => false);
  const isLate = await Promise.race([late, adapter.ended.then(() => false)]);
  waiting.abort();
  adapter.kill();
  if (isLate) return `it still runs ${deadlineMs} ms after its answer to bye`;
  if (!('ok' in answer)) return `bye is answered with ${JSON.stringify(answer)}`;
  return adapter.failure?.exitCode === 0 ? undefined : adapter.failure?.detail;
}
