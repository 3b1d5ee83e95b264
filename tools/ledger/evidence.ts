import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { compareText, type Place } from '../../spec/compile/report.ts';
import { readScenarios, readTests, type Title } from './titles.ts';
import { readVectors } from './vectors.ts';

/** The kind of an evidence. */
export type Kind = 'vector' | 'scenario' | 'test';
/** A vector, scenario or test that exercises the ids in its name. */
export type Evidence = { readonly kind: Kind; readonly place: Place; readonly name: string };

type Reader = (file: string, source: string) => Title[];

/** The files of each kind. A suite is a file that several test files run. */
const SOURCES: readonly { readonly kind: Kind; readonly files: readonly string[]; readonly read: Reader }[] = [
  { kind: 'vector', files: ['conformance/vectors/**/*.json'], read: (_, source) => readVectors(source) },
  { kind: 'scenario', files: ['conformance/src/suites/**/*.ts'], read: (_, source) => readScenarios(source) },
  {
    kind: 'test',
    files: ['**/*.test.ts', 'testkit/src/contract/**/*.ts', '{python,rust}/**/*.{py,rs}'],
    read: readTests,
  },
];

/** Input trees of tests, which are no evidence. */
const FIXTURES = '**/fixtures/**';

/** Collects the evidence below `root` by kind, file and line. Reads only files that git knows, so that every clone agrees. */
export function collectEvidence(root: string): Evidence[] {
  const known = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
  const files = known.filter((file) => !matchesGlob(file, FIXTURES) && existsSync(join(root, file))).sort(compareText);
  return SOURCES.flatMap(({ kind, files: patterns, read }) =>
    files
      .filter((file) => patterns.some((pattern) => matchesGlob(file, pattern)))
      .flatMap((file) =>
        read(file, readFileSync(join(root, file), 'utf8')).map(({ line, text }) => ({
          kind,
          place: { file, line },
          name: text,
        })),
      ),
  );
}
