import t from 'tap';
import { Parser, type Result } from 'tap-parser';
import { formats } from '../../src/report/report.ts';
import { finish, type Run } from '../../src/run/run.ts';
import { markupError } from '../support/markup.ts';
import { HOSTILE, sampleRun } from '../support/run.ts';

const run = sampleRun();
const report = (format: string) => formats[format]?.(run) ?? '';

t.test('tap: a parser sees every verdict as what it is, and what each failure says', async (t) => {
  const points: Result[] = [];
  const parser = new Parser({ strict: true });
  parser.on('assert', (point) => points.push(point));
  let planned = 0;
  parser.on('plan', (plan: { end: number }) => {
    planned = plan.end;
  });
  parser.end(report('tap'));
  t.equal(parser.count, 7);
  t.equal(planned, 7);
  t.strictSame(parser.failures.map(({ tapError }) => tapError).filter(Boolean), []);
  const failed = points.filter(({ ok, todo, skip }) => !ok && !todo && !skip).map(({ name }) => name.split(' ')[0]);
  t.strictSame(failed, ['frame/decode/cut', 'frame/decode/loop', 'frame/decode/alone', 'envelope/open/late']);
  t.equal(points.filter(({ skip }) => skip).length, 1, 'unsupported is a skip');
  t.equal(points.filter(({ todo }) => todo === 'https://issues.example/7').length, 1, 'a known failure is a todo');
  const diagnostics = points[1]?.diag;
  t.match(diagnostics, {
    verdict: 'fail',
    expected: 'reject frame.length',
    requirements: [/^WI-12: \S/, 'XX-99: not in this version of the spec'],
    repeat: /--only frame\/decode\/cut/,
  });
  t.equal(diagnostics?.actual, HOSTILE);
});

t.test('tap: the sum, the seed, warnings and complaints stand at the end', async (t) => {
  const text = report('tap');
  t.match(
    text,
    /# planned 7 = 1 pass \+ 1 fail \+ 1 unproven \+ 1 unsupported \+ 1 hang \+ 1 not-run \+ 1 known-failure/,
  );
  t.match(text, /seed 0011/);
  t.match(text, /# warning: padme.pad is disclaimed/);
  t.match(text, /# an entry is stale/);
});

t.test('junit is well-formed and counts as the run does', async (t) => {
  const text = report('junit');
  t.equal(markupError(text), undefined);
  t.match(text, /tests="7" failures="4" errors="0" skipped="2"/);
  t.equal(text.match(/<testcase /g)?.length, 7);
  t.equal(text.match(/<failure /g)?.length, 4);
  t.match(text, /classname="vectors.frame.decode" name="cut"/);
  t.match(text, /<system-out>→ \{&quot;id&quot;:2/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot hold
  t.notMatch(text, /[\u0000-\u0008\ud800]/u);
});

t.test('json and ndjson hold every result with its requirements', async (t) => {
  const whole = JSON.parse(report('json'));
  t.match(whole, { level: 'vectors', seed: '0011', planned: 7, exit: 1, complaints: ['an entry is stale'] });
  t.match(whole.requirements['WI-12'], /\S/);
  t.match(whole.results[1], {
    id: 'frame/decode/cut',
    verdict: 'fail',
    expected: 'reject frame.length',
    actual: HOSTILE,
  });
  t.equal(whole.results[1].log.length, 2);
  const lines = report('ndjson')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.strictSame(
    lines.map(({ type }) => type),
    [...Array(7).fill('result'), 'summary'],
  );
  t.strictSame(lines.at(-1).counts, whole.counts);
});

t.test('markdown: one section for each failure, and no text breaks out of its line', async (t) => {
  const text = report('markdown');
  t.match(text, /^# vectors: `sample <i> 1.0 \(rust\)`\n/);
  t.equal(text.match(/^### /gm)?.length, 5);
  t.match(text, /### fail: `frame\/decode\/cut`/);
  t.match(text, /- repeat: `0k-conformance vectors/);
  t.notMatch(text, /^\| a \|/m);
});

t.test('html: one page, well-formed, nothing fetched, the frame log of the failure in it', async (t) => {
  const text = report('html');
  t.equal(markupError(text), undefined);
  t.notMatch(text, /<(?:link|img|script src)|url\(|https?:(?!\/\/issues)/);
  t.match(text, /→ \{&quot;id&quot;:2,&quot;cmd&quot;:&quot;eval&quot;/);
  t.equal(text.match(/class="result/g)?.length, 7);
  t.ok(text.indexOf('frame/decode/cut') < text.indexOf('>frame/decode/whole<'), 'failures come first');
  for (const verdict of ['pass', 'fail', 'hang', 'unproven', 'unsupported', 'known-failure', 'not-run'])
    t.match(text, `name="verdict" value="${verdict}"`);
  t.match(text, /not conformant/);
});

const FORGED =
  'evil\nok 999 - forged\r\nBail out!\n# heading\u2028ok 998\u0085\u007f\u009b1m \u202e![x](https://example.org/x)';

/** The run of an adapter all of whose words try to be the runner's. */
function forgedRun(): Run {
  const { level, subject, all, planned, repeat, startedAtMs, results } = run;
  const hostile = results.map((result) => ({
    ...result,
    detail: FORGED,
    actual: FORGED,
    issue: FORGED,
    warning: FORGED,
  }));
  const named = { ...subject, name: FORGED, version: FORGED, language: FORGED };
  return finish({ level, subject: named, seed: FORGED, all, planned, repeat, startedAtMs }, hostile, [FORGED]);
}

t.test('tap: nothing that others say makes a point, a line of its own or a broken document', async (t) => {
  const text = formats['tap']?.(forgedRun()) ?? '';
  const points: Result[] = [];
  const strays: string[] = [];
  const parser = new Parser({ strict: true });
  parser.on('assert', (point) => points.push(point));
  parser.on('extra', (line) => strays.push(line));
  parser.end(text);
  t.equal(parser.count, 7);
  t.equal(parser.bailedOut, false);
  t.strictSame(strays, [], 'every line is TAP');
  t.equal(points[1]?.diag?.actual, FORGED, 'YAML holds every character');
  t.notMatch(text, /[\u007f-\u009f\u2028\u202e]/);
});

t.test('markdown, html, junit: one line stays one, and no control character comes through', async (t) => {
  for (const format of ['markdown', 'html', 'junit']) {
    const text = formats[format]?.(forgedRun()) ?? '';
    t.notMatch(text, /(?!\n|\r)\p{Cc}|\u202e/u, format);
    if (format !== 'markdown') t.equal(markupError(text), undefined, format);
  }
  const page = formats['markdown']?.(forgedRun()) ?? '';
  t.notMatch(page, /^(?:ok|Bail out|# heading)/m);
  t.notMatch(page.replace(/`[^`\n]*`/g, ''), '![x]', 'a picture is text');
});
