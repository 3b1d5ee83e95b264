import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareText, type Place } from '../../spec/compile/report.ts';
import { readScenarios, readTests, type Title } from './titles.ts';
import { readVectors } from './vectors.ts';

export type Kind = 'vector' | 'scenario' | 'test';
/** Something that exercises what its name says. */
export type Evidence = { readonly kind: Kind; readonly place: Place; readonly name: string };

/** Where each kind stands. A suite is a file that several test files run. */
const SOURCES: readonly { readonly kind: Kind; readonly files: readonly string[]; readonly read: Reader }[] = [
  { kind: 'vector', files: ['conformance/vectors/**/*.json'], read: (_, source) => readVectors(source) },
  { kind: 'scenario', files: ['conformance/src/suites/**/*.ts'], read: (_, source) => readScenarios(source) },
  {
    kind: 'test',
    files: ['**/*.test.ts', '*/test/**/suite.ts', '*/test/**/suite/*.ts', 'conformance/implementations/**/*.{py,rs}'],
    read: readTests,
  },
];
type Reader = (file: string, source: string) => Title[];

/** Never entered: what others wrote, what is built, and trees that tests are run on. */
const FOREIGN = /(?:^|\/)(?:node_modules|dist|target|fixtures|\.[^/]+)$/;

/** All evidence below `root`, by kind, file and line. */
export function collectEvidence(root: string): Evidence[] {
  return SOURCES.flatMap(({ kind, files, read }) =>
    globSync([...files], { cwd: root, exclude: (path) => FOREIGN.test(path) })
      .map((file) => file.replaceAll('\\', '/'))
      .sort(compareText)
      .flatMap((file) =>
        read(file, readFileSync(join(root, file), 'utf8')).map(({ line, text }) => ({
          kind,
          place: { file, line },
          name: text,
        })),
      ),
  );
}
