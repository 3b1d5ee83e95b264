import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** One text found where it should not be. */
export interface Finding {
  readonly file: string;
  readonly text: string;
  /** How it was written there. */
  readonly form: string;
}

/** What was looked through. */
export interface SearchResult {
  readonly files: number;
  readonly bytes: number;
  readonly findings: readonly Finding[];
}

interface Form {
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * Base64 of a text inside something longer starts at one of three alignments. The characters that also depend on the
 * neighbours are cut off, so that what is left must occur.
 */
function base64Forms(text: Buffer): readonly Form[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), text])
      .toString('base64')
      .replaceAll('=', '');
    const tail = (before + text.length) % 3 === 0 ? 0 : 1;
    return { name: 'base64', bytes: Buffer.from(encoded.slice(before === 0 ? 0 : before + 1, encoded.length - tail)) };
  });
}

/** Every way of writing the text that is looked for: raw, UTF-16, hexadecimal, base64 and base64url. */
export function formsOf(text: string): readonly Form[] {
  const bytes = Buffer.from(text);
  const hexadecimal = bytes.toString('hex');
  const base64 = base64Forms(bytes);
  const url = base64.map(({ bytes: form }) => form.toString().replaceAll('+', '-').replaceAll('/', '_'));
  return [
    { name: 'raw', bytes },
    { name: 'utf-16', bytes: Buffer.from(text, 'utf16le') },
    { name: 'hexadecimal', bytes: Buffer.from(hexadecimal) },
    { name: 'hexadecimal', bytes: Buffer.from(hexadecimal.toUpperCase()) },
    ...base64,
    ...url.map((form) => ({ name: 'base64url', bytes: Buffer.from(form) })),
  ];
}

interface ReadFile {
  readonly name: string;
  readonly content: Buffer;
}

function readFiles(directory: string): readonly ReadFile[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => ({ name: relative(directory, path), content: readFileSync(path) }));
}

/** How many files hold these bytes as they are. */
export function searchBytes(directory: string, bytes: Uint8Array): number {
  const wanted = Buffer.from(bytes);
  return readFiles(directory).filter(({ content }) => content.includes(wanted)).length;
}

/** Looks for each text in every form in every file below a directory: database, write-ahead log, keys, logs. */
export function searchFiles(directory: string, texts: readonly string[]): SearchResult {
  const wanted = texts.map((text) => ({ text, forms: formsOf(text) }));
  const files = readFiles(directory);
  const findings = files.flatMap(({ name, content }) =>
    wanted.flatMap(({ text, forms }) => {
      const form = forms.find((each) => content.includes(each.bytes));
      return form === undefined ? [] : [{ file: name, text, form: form.name }];
    }),
  );
  return { files: files.length, bytes: files.reduce((sum, { content }) => sum + content.length, 0), findings };
}
