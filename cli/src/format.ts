import type { Message } from '@0k-sync/client';
import { escapeLine, escapeLines } from './escape.ts';
import type { JsonLine, Reporter } from './reporter.ts';

const KEY_CHARACTERS = 8;

/** The last moment that a Date can hold, milliseconds since 1970. */
const DATE_MS_MAX = 8.64e15;

function timeOf(milliseconds = 0): string | null {
  return milliseconds > 0 ? new Date(Math.min(milliseconds, DATE_MS_MAX)).toISOString() : null;
}

/** The content as a JSON field: text, or base64 for bytes that are not UTF-8. */
function contentFields(content: string | Uint8Array): Readonly<Record<string, string>> {
  const text = textOf(content);
  if (text !== undefined) return { content: text };
  return { content_base64: Buffer.from(content).toString('base64') };
}

function textOf(content: string | Uint8Array): string | undefined {
  if (typeof content === 'string') return content;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

/** The `--json` line of a message. */
function messageJson(message: Message): JsonLine {
  return {
    type: 'message',
    id: message.id,
    cursor: message.cursor ?? null,
    sender: message.sender,
    sender_name: message.senderName,
    own: message.own,
    sent_at: timeOf(message.sentAtMs),
    received_at: timeOf(message.receivedAtMs),
    ...contentFields(message.content),
    ...(message.metadata === undefined ? {} : { metadata: message.metadata }),
  };
}

/** The name of a device, escaped, with the first characters of its key; the key alone if it has no name. */
export function deviceLabel(name: string, key: string): string {
  const short = key.slice(0, KEY_CHARACTERS);
  return name === '' ? short : `${escapeLine(name)} (${short})`;
}

/** Formats a message as `[cursor] device: content`; a bar marks the further lines of its content. */
export function messageLines(message: Message, paint: Reporter['paint']): readonly string[] {
  const text = textOf(message.content);
  const place = message.cursor === undefined ? '' : paint('dim', `[${message.cursor}] `);
  const head = place + paint('cyan', deviceLabel(message.senderName, message.sender));
  if (text === undefined) return [`${head}: ${paint('dim', `(${message.content.length} bytes that are not text)`)}`];
  const [first = '', ...rest] = escapeLines(text.replace(/\n$/, ''));
  return [`${head}: ${first}`, ...rest.map((line) => `  ${paint('dim', '|')} ${line}`)];
}

/** Prints a message on stdout. Rejects with CommandError `output` if it cannot be written. */
export function reportMessage(reporter: Reporter, message: Message): Promise<void> {
  return reporter.result(messageJson(message), () => messageLines(message, reporter.paint));
}

/** Formats "1 message" or "2 messages". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
