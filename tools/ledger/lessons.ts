import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, matchesGlob, normalize } from 'node:path';
import { compareText, type Defect } from '../../spec/compile/report.ts';

export const LESSONS = 'docs/lessons.md';

/** An id of the page: `lesson/fork`, `abuse/slowloris`, `finding/R1`, `F-030`, `SR-002`, `XC-001`, `CLI-004`. */
const ID = /(?<![\w/-])(?:(?:F|SR|XC|CLI)-\d{3}|(?:lesson|abuse)\/[a-z][a-z0-9-]*|finding\/[RCT]\d+)(?![\w-])/g;
const ROW = /^\| (`[^|]*)\|[^|]+\|([^|]*)\|$/;

/** A row of the page. */
interface Lesson {
  readonly ids: readonly string[];
  readonly line: number;
  /** The file of the test that it names, from the root; undefined when later work owes it. */
  readonly test: string | undefined;
  readonly isLater: boolean;
}

/** A file of TypeScript as text, with its path from the root. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** The files of tests. The testkit's contracts are tests too. */
const TESTS = /(^|\/)test\/|^testkit\/src\/contract\//;
/** The ledger's own tests name ids as samples; fixtures are trees that tests run on. */
const NOT_READ = ['tools/ledger/test/**', '**/fixtures/**'];

/** The TypeScript below `root` that git knows and that may name lessons. */
export function readSources(root: string): Source[] {
  const known = execFileSync('git', ['ls-files', '-z', '*.ts'], { cwd: root, encoding: 'utf8' }).split('\0');
  return known
    .filter((file) => file !== '' && existsSync(join(root, file)))
    .filter((file) => !NOT_READ.some((pattern) => matchesGlob(file, pattern)))
    .sort(compareText)
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
}

/** Defects between docs/lessons.md and the sources: an id without a row, a row without a test, a test without the id. */
export function checkLessons(page: string, sources: readonly Source[]): Defect[] {
  const lessons = readLessons(page);
  const known = new Set(lessons.flatMap(({ ids }) => ids));
  return [...checkMentions(known, sources), ...lessons.flatMap((lesson) => checkLesson(lesson, sources))];
}

function readLessons(page: string): Lesson[] {
  return page.split('\n').flatMap((text, index) => {
    const [, ids = '', answer = ''] = ROW.exec(text) ?? [];
    const found = ids.match(ID);
    if (found === null) return [];
    const link = /\]\(([^)]+)\)/.exec(answer)?.[1];
    const test = link && normalize(join(dirname(LESSONS), link));
    return [{ ids: found, line: index + 1, test, isLater: answer.trimStart().startsWith('later: ') }];
  });
}

function checkMentions(known: ReadonlySet<string>, sources: readonly Source[]): Defect[] {
  return sources.flatMap(({ file, text }) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        (line.match(ID) ?? [])
          .filter((id) => !known.has(id))
          .map((id) => ({ file, line: index + 1, message: `names ${id}, which is no row of ${LESSONS}` })),
      ),
  );
}

function checkLesson({ ids, line, test, isLater }: Lesson, sources: readonly Source[]): Defect[] {
  const place = { file: LESSONS, line };
  const tests = sources.filter(({ file }) => TESTS.test(file));
  return ids.flatMap((id) => {
    const naming = tests.filter(({ text }) => text.match(ID)?.includes(id)).map(({ file }) => file);
    if (isLater && naming.length > 0) return { ...place, message: `${id} is for later, but ${naming[0]} names it` };
    if (isLater || (test !== undefined && naming.includes(test))) return [];
    if (test === undefined) return { ...place, message: `${id} names neither a test nor later work` };
    const better = naming[0] === undefined ? 'nor does any other test' : `but ${naming.join(', ')} does`;
    return { ...place, message: `${test} does not name ${id}, ${better}` };
  });
}
