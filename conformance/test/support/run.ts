import type { TestInfo } from '../../src/model.ts';
import { type Result, resultOf } from '../../src/run/result.ts';
import { finish, type Run } from '../../src/run/run.ts';

function test(id: string, requirements: readonly string[] = ['WI-01']): TestInfo {
  return { id, title: `What ${id} says # not a directive`, level: 'must', requirements, requires: [] };
}

/** Text that breaks formats which do not escape. */
export const HOSTILE = 'say "<b>&</b>" ]]> \u0007 \ud800 `x` \\ # SKIP\n| a | 💥';

const RESULTS: readonly Result[] = [
  resultOf(test('frame/decode/whole'), { verdict: 'pass' }, { durationMs: 1.4 }),
  resultOf(
    test('frame/decode/cut', ['WI-12', 'XX-99']),
    { verdict: 'fail', expected: 'reject frame.length', actual: HOSTILE },
    { log: ['→ {"id":2,"cmd":"eval","op":"frame.decode"}', '← {"id":2,"ok":{}}'], durationMs: 3 },
  ),
  resultOf(test('frame/decode/loop'), { verdict: 'hang', actual: 'hang: no answer' }, { stderr: HOSTILE }),
  resultOf(test('frame/decode/alone'), { verdict: 'unproven', detail: 'its twin is fail' }),
  resultOf(test('envelope/open/text'), { verdict: 'unsupported', detail: 'envelope.open is disclaimed' }),
  resultOf(
    test('envelope/open/old'),
    { verdict: 'known-failure', actual: 'fail: x' },
    { issue: 'https://issues.example/7' },
  ),
  resultOf(test('envelope/open/late'), { verdict: 'not-run', detail: 'restarts are used up' }),
];

/** A finished run with every kind of verdict and with text that nobody expects. */
export function sampleRun(): Run {
  const planned = RESULTS.map((result) => result.test);
  return finish(
    {
      level: 'vectors',
      subject: { name: 'sample <i>', version: '1.0', language: 'rust', url: '' },
      seed: '0011',
      all: planned,
      planned,
      repeat: (id) => `0k-conformance vectors --adapter './a b' --only ${id} --seed 0011`,
      startedAtMs: Date.UTC(2026, 0, 2),
    },
    RESULTS.map((result, index) =>
      index === 4 ? { ...result, warning: 'padme.pad is disclaimed in hello, but works' } : result,
    ),
    ['an entry is stale'],
  );
}
