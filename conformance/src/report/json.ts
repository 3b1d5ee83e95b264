import type { Result } from '../run/result.ts';
import type { Run } from '../run/run.ts';
import { requirementText } from './explain.ts';

function record(result: Result, run: Run): object {
  const { test, verdict, durationMs, log, ...rest } = result;
  const isExplained = verdict !== 'pass';
  return {
    id: test.id,
    title: test.title,
    level: test.level,
    requirements: test.requirements,
    verdict,
    duration_ms: Math.round(durationMs),
    ...rest,
    ...(isExplained && { repeat: run.repeat(test.id) }),
    ...(isExplained && log.length > 0 && { log }),
  };
}

function summary(run: Run): object {
  const used = [...new Set(run.results.flatMap(({ test }) => test.requirements))].sort();
  return {
    level: run.level,
    subject: run.subject,
    seed: run.seed,
    started_at: new Date(run.startedAtMs).toISOString(),
    duration_ms: run.durationMs,
    exit: run.exit,
    planned: run.planned.length,
    counts: run.counts,
    broken: run.broken,
    warnings: run.warnings,
    complaints: run.complaints,
    profiles: run.badges,
    requirements: Object.fromEntries(used.map((id) => [id, requirementText(id)])),
  };
}

/** One JSON object: the summary, and every result. */
export function json(run: Run): string {
  return `${JSON.stringify({ ...summary(run), results: run.results.map((result) => record(result, run)) }, null, 2)}\n`;
}

/** One JSON object on each line: `{"type": "result", …}` for each test, and `{"type": "summary", …}` last. */
export function ndjson(run: Run): string {
  const lines = run.results.map((result) => JSON.stringify({ type: 'result', ...record(result, run) }));
  return `${[...lines, JSON.stringify({ type: 'summary', ...summary(run) })].join('\n')}\n`;
}
