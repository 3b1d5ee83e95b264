import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Form, formsOf } from './forms.ts';

/** Something that nobody but the members may have: high-entropy, at least 12 bytes. */
export interface Canary {
  /** The name of the secret for people: `content`, `device name`, `epoch secret`. */
  readonly name: string;
  readonly secret: Uint8Array;
}

/** A place where a leak would show: a file, a log, a captured packet stream. */
export interface Place {
  readonly name: string;
  readonly content: Uint8Array;
}

/** A secret that was found: its name, its form and its place. */
export interface Leak {
  readonly canary: string;
  readonly place: string;
  readonly form: Form['name'];
}

/** Looks for every form of every canary in every place. SC-23. */
export function findLeaks(places: readonly Place[], canaries: readonly Canary[]): readonly Leak[] {
  const wanted = canaries.map(({ name, secret }) => ({ name, forms: formsOf(secret) }));
  return places.flatMap(({ name: place, content }) => {
    const haystack = Buffer.from(content.buffer, content.byteOffset, content.length);
    return wanted.flatMap(({ name: canary, forms }) => {
      const found = new Set(forms.filter(({ bytes }) => haystack.includes(bytes)).map(({ name }) => name));
      return [...found].map((form) => ({ canary, place, form }));
    });
  });
}

/** Every file below a directory, as it is now: database, write-ahead log, keys, logs. */
export function filesOf(directory: string): readonly Place[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => ({ name: `file ${relative(directory, path)}`, content: readFileSync(path) }));
}
