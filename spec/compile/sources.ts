import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareText } from './report.ts';

/** A text file; `file` is its path below the root, with `/`. */
export type SourceFile = { readonly file: string; readonly text: string };

/** Everything that the compiler reads. */
export type Sources = {
  /** `spec/*.md`. */
  readonly chapters: readonly SourceFile[];
  /** `proto/**\/*.proto`. */
  readonly schemas: readonly SourceFile[];
  /** The root `package.json`: version, engines and the runtime that the wire types need. */
  readonly manifest: SourceFile;
};

/** Reads the sources below `root`. */
export function readSources(root: string): Sources {
  return {
    chapters: readFiles(root, 'spec', readdirSync(join(root, 'spec')), '.md'),
    schemas: readFiles(
      root,
      'proto',
      readdirSync(join(root, 'proto'), { recursive: true, encoding: 'utf8' }),
      '.proto',
    ),
    manifest: readFile(root, 'package.json'),
  };
}

function readFiles(root: string, directory: string, names: string[], extension: string): SourceFile[] {
  return names
    .filter((name) => name.endsWith(extension))
    .map((name) => `${directory}/${name.replaceAll('\\', '/')}`)
    .sort(compareText)
    .map((file) => readFile(root, file));
}

function readFile(root: string, file: string): SourceFile {
  return { file, text: readFileSync(join(root, file), 'utf8') };
}
