import { utf8 } from '@0k-sync/core/bytes';
import { TOPIC_BYTES_MAX } from '@0k-sync/generated/limits';
import { SyncError } from '../error.ts';

const NAME_CHARACTERS_MAX = 256;

/** @throws TypeError when a cursor's name is no text; SyncError kind `argument` when it is empty or too long */
export function checkCursorName(name: unknown): void {
  if (typeof name !== 'string') throw new TypeError(`name: expected a string, got ${typeof name}`);
  if (name.length > 0 && name.length <= NAME_CHARACTERS_MAX && name.isWellFormed()) return;
  throw new SyncError('argument', `The name of a cursor has 1 to ${NAME_CHARACTERS_MAX} characters.`, {
    hint: 'Name the cursor after what reads the log, for example "index".',
  });
}

/** @throws TypeError when a position is not a number; SyncError kind `argument` when it is none of a log */
export function checkPosition(name: string, value: unknown): void {
  if (typeof value !== 'number') throw new TypeError(`${name}: expected a number, got ${typeof value}`);
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new SyncError('argument', `${name}: ${value} is no position.`, { hint: 'Give a whole number from 0.' });
}

/** @throws TypeError when a topic is no text; SyncError kind `argument` when no message can have it */
export function checkTopic(topic: unknown): void {
  if (topic === undefined) return;
  if (typeof topic !== 'string') throw new TypeError(`topic: expected a string, got ${typeof topic}`);
  if (topic.isWellFormed() && utf8(topic).length <= TOPIC_BYTES_MAX) return;
  throw new SyncError('argument', 'No message can have this topic.', {
    hint: `Give well-formed text of at most ${TOPIC_BYTES_MAX} bytes.`,
  });
}
