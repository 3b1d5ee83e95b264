import type { Message } from '@0k-sync/client';
import { escapeLine, escapeLines } from './escape.ts';
import type { JsonLine, Reporter } from './reporter.ts';

const KEY_CHARACTERS = 8;

function timeOf(date: Date): string | null {
  return date.getTime() > 0 ? date.toISOString() : null;
}

/** Text as it is; bytes that are UTF-8 as text, others as base64. */
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

export function messageJson(message: Message): JsonLine {
  return {
    type: 'message',
    id: message.id,
    cursor: message.cursor ?? null,
    sender: message.sender,
    sender_name: message.senderName,
    own: message.own,
    sent_at: timeOf(message.sentAt),
    received_at: timeOf(message.receivedAt),
    ...contentFields(message.content),
    ...(message.metadata === undefined ? {} : { metadata: message.metadata }),
  };
}

/** How a device is called: its own word for itself is quoted data, its key is who it is. */
export function deviceLabel(name: string, key: string): string {
  const short = key.slice(0, KEY_CHARACTERS);
  return name === '' ? short : `${escapeLine(name)} (${short})`;
}

/** `[cursor] device: content`, further lines of the content marked by a bar. */
export function messageLines(message: Message, paint: Reporter['paint']): readonly string[] {
  const text = textOf(message.content);
  const place = message.cursor === undefined ? '' : paint('dim', `[${message.cursor}] `);
  const head = place + paint('cyan', deviceLabel(message.senderName, message.sender));
  if (text === undefined) return [`${head}: ${paint('dim', `(${message.content.length} bytes that are not text)`)}`];
  const [first = '', ...rest] = escapeLines(text.replace(/\n$/, ''));
  return [`${head}: ${first}`, ...rest.map((line) => `  ${paint('dim', '|')} ${line}`)];
}

/** "1 message", "2 messages". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
