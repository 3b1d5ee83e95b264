import { escapeLine, escapeLines } from './escape.ts';
import type { JsonLine, Reporter } from './reporter.ts';

/** A message as commands show it. */
export interface ShownMessage {
  /** Message.id, 16 bytes. */
  readonly id: Uint8Array;
  /** Device key of its author, 32 bytes. */
  readonly sender: Uint8Array;
  /** From the member's announcement; empty until that came. */
  readonly senderName: string;
  readonly cursor: number;
  readonly content: Uint8Array;
  readonly metadata?: Uint8Array | undefined;
  /** The author's clock. */
  readonly sentAtMs: number;
  /** The relay's clock. */
  readonly receivedAtMs: number;
}

export function hexadecimal(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function timeOf(milliseconds: number): string | null {
  const date = new Date(milliseconds);
  return milliseconds > 0 && !Number.isNaN(date.getTime()) ? date.toISOString() : null;
}

/** `content` when it is UTF-8, otherwise `content_base64`. */
function fieldFor(name: string, bytes: Uint8Array): Readonly<Record<string, string>> {
  const text = textOf(bytes);
  return text === undefined ? { [`${name}_base64`]: Buffer.from(bytes).toString('base64') } : { [name]: text };
}

export function messageJson(message: ShownMessage): JsonLine {
  return {
    type: 'message',
    id: hexadecimal(message.id),
    cursor: message.cursor,
    sender: hexadecimal(message.sender),
    sender_name: message.senderName,
    sent_at: timeOf(message.sentAtMs),
    received_at: timeOf(message.receivedAtMs),
    ...fieldFor('content', message.content),
    ...(message.metadata === undefined || message.metadata.length === 0 ? {} : fieldFor('metadata', message.metadata)),
  };
}

/** How a device is called: its own word for itself is quoted data, its key is who it is. */
export function deviceLabel(name: string, key: Uint8Array): string {
  const short = hexadecimal(key).slice(0, 8);
  return name === '' ? short : `${escapeLine(name)} (${short})`;
}

/** `[cursor] device: content`, further lines of the content marked by a bar. */
export function messageLines(message: ShownMessage, paint: Reporter['paint']): readonly string[] {
  const text = textOf(message.content);
  const place = message.cursor > 0 ? `[${message.cursor}] ` : '';
  const head = paint('dim', place) + paint('cyan', deviceLabel(message.senderName, message.sender));
  if (text === undefined) return [`${head}: ${paint('dim', `(${message.content.length} bytes that are not text)`)}`];
  const [first = '', ...rest] = escapeLines(text);
  return [`${head}: ${first}`, ...rest.map((line) => `  ${paint('dim', '|')} ${line}`)];
}

/** "1 message", "2 messages". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
