// The seed's way to read a group: by the cursors of its relay.
import { checkCursor, checkFlag, checkLimit, checkReadOptions } from '../arguments.ts';
import { abortable } from '../async/abortable.ts';
import { keyText } from '../group/key-name.ts';
import { type Message, type MessagesOptions, type PullOptions, toMessage } from '../inbound/message.ts';
import type { GroupSlot } from '../session/group-slot.ts';
import { catchUpWith, pullOnce } from '../session/reading.ts';

/** See `SyncSession.pull`. */
export async function pullAbove(slot: GroupSlot, afterCursor: number, options: PullOptions): Promise<Message[]> {
  checkCursor('afterCursor', afterCursor);
  checkReadOptions(options);
  const { limit, signal, onProgress } = options;
  checkLimit(limit);
  const { anchor, intake, deps } = slot.active;
  const read = { ...(signal && { signal }), ...(onProgress && { onProgress }) };
  const { key } = await (signal === undefined ? pullOnce(anchor, read) : catchUpWith(deps, anchor, read));
  await abortable(intake.settled(), signal);
  const entries = await slot.config.store.placed(key, afterCursor, limit ?? Number.MAX_SAFE_INTEGER);
  return entries.map((entry) => toMessage(entry, keyText(entry.sender), slot.nameOf(entry.sender)));
}

/** See `SyncSession.messages`. */
export function messagesOf(slot: GroupSlot, options: MessagesOptions): AsyncGenerator<Message, void, undefined> {
  checkReadOptions(options);
  checkFlag('live', options.live);
  slot.active;
  return slot.stream.read(options);
}
