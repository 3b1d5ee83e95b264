import { stripVTControlCharacters, styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Paints the text if stdout is a terminal and NO_COLOR is not set. */
export function paint(format: Format, text: string): string {
  return styleText(format, text, { stream: process.stdout });
}

/** Prints a line. */
export function say(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** Prints the heading of a chapter. */
export function heading(text: string): void {
  say(`\n${paint('bold', text)}`);
}

/** Prints a fact that the demo has checked. */
export function seen(text: string): void {
  say(`  ${paint('green', 'ok')}  ${text}`);
}

/** Prints a table whose columns are as wide as their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((name, column) =>
    Math.max(...[head, ...rows].map((row) => stripVTControlCharacters(row[column] ?? '').length), name.length),
  );
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - stripVTControlCharacters(cell).length)).join('  ')}`.trimEnd();
  say(paint('dim', line(head)));
  for (const row of rows) say(line(row));
}
