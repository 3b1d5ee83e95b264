/**
 * What other devices and relays wrote is shown, never obeyed: control characters (C0, DEL, C1), line separators and
 * characters that reorder text are written out, so that a message cannot move the cursor, recolour or forge lines.
 */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\x1b': '\\e' };

function written(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return SHORT[character] ?? (code < 0x100 ? `\\x${hexadecimal(code, 2)}` : `\\u{${hexadecimal(code, 4)}}`);
}

function hexadecimal(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** One line, whatever came in. */
export function escapeLine(text: string): string {
  return text.replace(UNSAFE, written);
}

/** Lines and tabs stay; the caller marks continued lines so that none can pass for another message. */
export function escapeLines(text: string): readonly string[] {
  return text.split('\n').map((line) => line.replaceAll('\t', '    ').replace(UNSAFE, written));
}
