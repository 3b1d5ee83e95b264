import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../../spec/vectors');

/** A file of published vectors, below spec/vectors; its README names source and licence. */
export function published<File>(name: string): File {
  return JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as File;
}
