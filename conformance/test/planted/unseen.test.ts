import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { identifiers } from '@0k-sync/spec/requirements';
import t from 'tap';
import { checkMutation } from '../../src/planted/mutation.ts';
import { readUnseenRules, type UnseenRule, unseenRules } from '../../src/planted/unseen-rules.ts';

t.setTimeout(600_000);

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PRELOAD = new URL('../../src/planted/preload.ts', import.meta.url).href;
const rules = unseenRules();

/** The output of a rule's tests, with the mistake in everything that they load and start. */
async function outputWith({ rule, test, file, from, to }: UnseenRule): Promise<string> {
  const { NODE_OPTIONS: _, TAP: __, ...environment } = process.env;
  // The same test may run at the same time without a mistake, and has its directories under their usual names.
  const folder = mkdtempSync(join(tmpdir(), '0k-unseen-'));
  const child = spawn(process.execPath, [test], {
    cwd: ROOT,
    env: {
      ...environment,
      NODE_OPTIONS: `--conditions=@0k-sync/source --import=${PRELOAD}`,
      ZEROK_MISTAKE: JSON.stringify({ file, from, to }),
      TAP_CWD: folder,
      TAP_GREP: `/${rule}/`,
      TAP_TIMEOUT: '600',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  rmSync(folder, { recursive: true, force: true });
  return output;
}

/** The test inside which the first assertion fails; undefined for none, and for a test that found no end. */
function firstFailure(output: string): string | undefined {
  const [before = '', after] = output.split(/^ +not ok \d+ - (?!timeout!)/m);
  return after === undefined ? undefined : before.split('# Subtest: ').at(-1)?.split('\n')[0];
}

t.test('each row names a rule, a test whose title has its id, and an expression of the source', async (t) => {
  for (const { rule, because, test, mistake, ...mutation } of rules) {
    t.ok(Object.hasOwn(identifiers, rule), `${rule} is a requirement`);
    const title = new RegExp(`['\`][^'\`\n]*\\b${rule}\\b`);
    t.match(readFileSync(`${ROOT}${test}`, 'utf8'), title, `${rule} stands in ${test}`);
    t.doesNotThrow(() => checkMutation(mutation), rule);
    t.ok(because.length > 0 && mistake.length > 0, `${rule} has its reasons`);
  }
});

t.test('a table with other columns, and code without backticks, are refused', async (t) => {
  const head =
    '<!-- table: unseen -->\n| rule | because | test | file | from | to | mistake |\n|---|---|---|---|---|---|---|\n';
  const read = (content: string) => readUnseenRules([{ file: 'x.md', text: content }]);
  t.throws(() => read(head.replace('because', 'why')), {
    name: 'DefectiveTables',
    message: /x\.md:1: the columns are/,
  });
  t.throws(() => read(`${head}| RL-1 | b | t | f | a | \`b\` | m |\n`), SyntaxError);
});

t.test('the test that a row names finds its mistake', { jobs: 2 }, async (t) => {
  await Promise.all(
    rules.map((row) =>
      t.test(`${row.rule} ${row.mistake}`, async (t) => {
        const output = await outputWith(row);
        t.match(firstFailure(output), row.rule, output.slice(-2000));
      }),
    ),
  );
});
