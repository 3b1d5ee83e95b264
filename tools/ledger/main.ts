// Writes generated/docs/ledger.md: which vectors, scenarios and tests exercise each id of spec/.
// It also checks docs/lessons.md against the ids that tests name.
// Usage: node tools/ledger/main.ts [--check] [--root <directory>]; --check writes nothing and fails on gaps and a stale page.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Defect, formatDefects } from '../../spec/compile/report.ts';
import { collectEvidence } from './evidence.ts';
import { buildLedger } from './ledger.ts';
import { checkLessons, LESSONS, readSources } from './lessons.ts';
import { readObligations } from './obligations.ts';
import { renderPage } from './page.ts';

const PAGE = 'generated/docs/ledger.md';
const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    root: { type: 'string', default: join(import.meta.dirname, '..', '..') },
  },
});

const { obligations, defects: specDefects } = readObligations(values.root);
if (specDefects.length > 0) fail('spec/ does not compile', 'mend it first', specDefects);
else writeOrCheck(obligations);
const lessonDefects = checkLessons(readIfThere(LESSONS), readSources(values.root));
if (lessonDefects.length > 0) fail(`${LESSONS} and the tests differ`, 'correct the row or the test', lessonDefects);

function readIfThere(page: string): string {
  const path = join(values.root, page);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function writeOrCheck(rows: typeof obligations): void {
  const { entries, defects } = buildLedger(rows, collectEvidence(values.root));
  const page = renderPage(entries);
  const path = join(values.root, PAGE);
  if (!values.check) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, page);
  }
  if (defects.length > 0) {
    fail('the ledger has gaps', 'name the id in the title of a test that fails when the row is broken', defects);
  } else if (values.check && (!existsSync(path) || readFileSync(path, 'utf8') !== page)) {
    fail(`${PAGE} is not what spec/ and the tests give`, 'git add new tests, run make ledger, commit what it wrote');
  }
}

function fail(error: string, hint: string, defects: readonly Defect[] = []): void {
  for (const line of formatDefects(defects)) console.error(line);
  console.error(`error: ${error}\nhint: ${hint}`);
  process.exitCode = 1;
}
