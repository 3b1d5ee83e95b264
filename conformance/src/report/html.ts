import { isFull } from '../profiles.ts';
import { isFailure, type Result, VERDICTS } from '../run/result.ts';
import type { Run } from '../run/run.ts';
import { cutLine } from '../zkcp/log.ts';
import { escapeMarkup as text } from './escape.ts';
import { findings, requirementLines, subjectText, sumText, verdictText } from './explain.ts';
import { STYLE } from './html-style.ts';

// Shows the rows of the verdicts that are checked; without a script everything is shown.
const SCRIPT = `
const boxes = [...document.querySelectorAll('input[name=verdict]')];
const search = document.querySelector('#search');
function filter() {
  const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
  const words = search.value.toLowerCase();
  let count = 0;
  for (const row of document.querySelectorAll('.result')) {
    row.hidden = !shown.has(row.dataset.verdict) || !row.dataset.text.includes(words);
    if (!row.hidden) count += 1;
  }
  document.querySelector('#shown').textContent = count;
}
for (const input of [...boxes, search]) input.addEventListener('input', filter);
filter();
`;

function frameLog(result: Result): string {
  if (result.log.length === 0) return '';
  const lines = result.log.map(
    (line) => `<span class="${line.startsWith('→') ? 'out' : 'in'}">${text(cutLine(line))}</span>`,
  );
  return `<h4>lines and frames</h4><pre class="log">${lines.join('\n')}</pre>`;
}

function explanation(result: Result, run: Run): string {
  const requirements = requirementLines(result.test.requirements).map((line) => `<li>${text(line)}</li>`);
  const found = findings(result).map(([name, value]) => `<dt>${name}</dt><dd><code>${text(value)}</code></dd>`);
  return [
    requirements.length > 0 ? `<ul class="requirements">${requirements.join('')}</ul>` : '',
    `<dl>${found.join('')}<dt>repeat</dt><dd><code>${text(run.repeat(result.test.id))}</code></dd></dl>`,
    frameLog(result),
    result.stderr ? `<h4>stderr</h4><pre class="log">${text(result.stderr)}</pre>` : '',
  ].join('');
}

function row(result: Result, run: Run): string {
  const { test, verdict, durationMs } = result;
  const words = text(`${test.id} ${test.title} ${test.requirements.join(' ')}`.toLowerCase());
  const heading =
    `<span class="verdict ${verdict}">${verdict}</span><code class="id">${text(test.id)}</code>` +
    `<span class="title">${text(test.title)}</span><span class="time">${Math.round(durationMs)} ms</span>`;
  const opening = `data-verdict="${verdict}" data-text="${words}"`;
  if (verdict === 'pass') return `<div class="result plain" ${opening}>${heading}</div>`;
  return `<details class="result" ${opening}${isFailure(result) ? ' open' : ''}><summary>${heading}</summary><div class="body">${explanation(result, run)}</div></details>`;
}

function filters(run: Run): string {
  const boxes = VERDICTS.filter((verdict) => run.counts[verdict] > 0).map(
    (verdict) =>
      `<label class="verdict ${verdict}"><input type="checkbox" name="verdict" value="${verdict}" checked> ${verdict} ${run.counts[verdict]}</label>`,
  );
  return `<div class="filters">${boxes.join('')}<input id="search" type="search" placeholder="id, title or requirement" aria-label="search"><span><b id="shown">${run.results.length}</b> shown</span></div>`;
}

function bar(run: Run): string {
  const segments = VERDICTS.filter((verdict) => run.counts[verdict] > 0).map(
    (verdict) =>
      `<i class="${verdict}" style="flex:${run.counts[verdict]}" title="${run.counts[verdict]} ${verdict}"></i>`,
  );
  return `<div class="bar">${segments.join('')}</div>`;
}

function profileList(run: Run): string {
  const items = run.badges.map((badge) => {
    const state = badge.needed === 0 ? 'no tests' : `${badge.passed} / ${badge.needed}`;
    return `<li class="${isFull(badge) ? 'full' : 'open'}"><b>${text(badge.profile)}</b> ${state}</li>`;
  });
  return items.length > 0 ? `<ul class="profiles">${items.join('')}</ul>` : '';
}

function notes(run: Run): string {
  const items = [...(run.broken ? [run.broken] : []), ...run.complaints, ...run.warnings].map(
    (each) => `<li>${text(each)}</li>`,
  );
  return items.length > 0 ? `<ul class="notes">${items.join('')}</ul>` : '';
}

/** One page that needs nothing else: failures first and open, a filter by verdict, the frame log of each failure. */
export function html(run: Run): string {
  const ordered = [...run.results.filter(isFailure), ...run.results.filter((result) => !isFailure(result))];
  const title = `${run.level}: ${subjectText(run)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${text(title)} <span class="${run.exit === 0 ? 'good' : 'bad'}">${verdictText(run)}</span></h1>
<p>${text(sumText(run))} · seed <code>${text(run.seed)}</code> · ${(run.durationMs / 1000).toFixed(1)} s · ${new Date(run.startedAtMs).toISOString()}</p>
${bar(run)}${profileList(run)}${notes(run)}
</header>
${filters(run)}
<main>
${ordered.map((result) => row(result, run)).join('\n')}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}
