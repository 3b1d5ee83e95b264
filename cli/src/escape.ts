/**
 * Control characters (C0, DEL, C1), line separators, lone surrogates, and characters that hide or reorder text. Other
 * devices and relays could use them to move the cursor, to recolour or to forge lines, so they are written out.
 */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\x1b': '\\e' };

function writeOut(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return SHORT[character] ?? (code < 0x100 ? `\\x${hexadecimal(code, 2)}` : `\\u{${hexadecimal(code, 4)}}`);
}

function hexadecimal(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** Escapes a text so that it stays one line. */
export function escapeLine(text: string): string {
  return text.replace(UNSAFE, writeOut);
}

/**
 * Escapes each line of a text; tabs become spaces. The caller marks continued lines, so that none can pass for another
 * message.
 */
export function escapeLines(text: string): readonly string[] {
  return text.split('\n').map((line) => line.replaceAll('\t', '    ').replace(UNSAFE, writeOut));
}
