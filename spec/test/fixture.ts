import { readSources, type SourceFile, type Sources } from '../compile/sources.ts';

/** Root of the tree without a defect. */
export const GOOD_ROOT = `${import.meta.dirname}/fixtures/good`;

/** Its sources. */
export const good: Sources = readSources(GOOD_ROOT);

/** One edit of one file; `find` stands in it exactly once. */
export type Edit = { readonly file: string; readonly find: string; readonly replace: string };

/** The good sources after one edit. Throws when the edit does not fit. */
export function editGood({ file, find, replace }: Edit): Sources {
  const apply = (source: SourceFile): SourceFile => {
    if (source.file !== file) return source;
    const pieces = source.text.split(find);
    if (pieces.length !== 2) throw new RangeError(`"${find}" stands ${pieces.length - 1} times in ${file}`);
    return { file, text: pieces.join(replace) };
  };
  return mapSources(good, apply);
}

/** Every file of `sources` through `change`. */
export function mapSources(sources: Sources, change: (source: SourceFile) => SourceFile): Sources {
  return {
    chapters: sources.chapters.map((source) => change(source)),
    schemas: sources.schemas.map((source) => change(source)),
    manifest: change(sources.manifest),
  };
}
