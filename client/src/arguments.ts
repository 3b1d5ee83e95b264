import { SyncError } from './error.ts';

/** @throws TypeError when an argument is not a string */
export function checkText(name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') throw wrongType(name, value, 'a string');
}

/** @throws TypeError when an argument is not an array of strings */
export function checkTexts(name: string, value: unknown): void {
  if (!Array.isArray(value)) throw wrongType(name, value, 'an array of strings');
  for (const text of value) checkText(name, text);
}

/** @throws TypeError when an argument is not an array of objects */
export function checkItems(name: string, value: unknown): void {
  if (!Array.isArray(value)) throw wrongType(name, value, 'an array of objects');
  for (const item of value) checkOptions(item, 'item');
}

/** @throws TypeError when an argument is neither an AbortSignal nor undefined; the signal's reason when it has aborted */
export function checkSignal(value: unknown): void {
  if (value === undefined) return;
  if (!(value instanceof AbortSignal)) throw wrongType('signal', value, 'an AbortSignal');
  value.throwIfAborted();
}

/** @throws TypeError when an argument is neither true, false nor undefined */
export function checkFlag(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'boolean') throw wrongType(name, value, 'true or false');
}

/** @throws TypeError when an argument is not a string; SyncError kind `argument` when it is none of the choices */
export function checkChoice(name: string, value: unknown, choices: readonly string[]): void {
  checkText(name, value);
  if (choices.includes(value)) return;
  throw new SyncError('argument', `${name}: "${value}" is unknown.`, { hint: `Give ${choices.join(' or ')}.` });
}

/** @throws TypeError when an argument is not a plain object or a class's object */
export function checkOptions(value: unknown, name = 'options'): asserts value is object {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject) throw wrongType(name, value, 'an object');
}

/** @throws TypeError when an argument is not a function */
export function checkListener(name: string, value: unknown): void {
  if (typeof value !== 'function') throw wrongType(name, value, 'a function');
}

/** @throws TypeError or the signal's reason, as `checkSignal`, and TypeError when `onProgress` is not a function */
export function checkReadOptions(options: unknown): void {
  checkOptions(options);
  const { signal, onProgress } = options as Partial<Record<string, unknown>>;
  checkSignal(signal);
  if (onProgress !== undefined) checkListener('onProgress', onProgress);
}

/** @throws TypeError when an argument is not a number; SyncError kind `argument` when it is no cursor */
export function checkCursor(name: string, value: unknown): asserts value is number {
  if (typeof value !== 'number') throw wrongType(name, value, 'a number');
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new SyncError('argument', `${name}: ${value} is not a cursor.`, { hint: 'Give a whole number from 0.' });
}

/** @throws TypeError when a limit is not a number; SyncError kind `argument` when it limits nothing */
export function checkLimit(value: unknown): void {
  if (value === undefined) return;
  if (typeof value !== 'number') throw wrongType('limit', value, 'a number');
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new SyncError('argument', `limit: ${value} is not a number of messages.`, {
    hint: 'Give a whole number from 1, or omit the limit.',
  });
}

function wrongType(name: string, value: unknown, expected: string): TypeError {
  const found = value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
  return new TypeError(`${name}: expected ${expected}, got ${found}`);
}
