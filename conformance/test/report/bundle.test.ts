import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { bundleName, writeBundle } from '../../src/report/bundle.ts';
import { parseReplay, replayOf } from '../../src/report/replay-file.ts';
import { exitCodes } from '../../src/run/exit.ts';
import { HOSTILE, sampleRun } from '../support/run.ts';

t.test('a name for a directory keeps ids apart', async (t) => {
  t.equal(bundleName('frame/decode/long?net=loss5'), 'frame.decode.long_net-loss5');
  t.equal(bundleName('../../etc'), '......etc');
});

t.test('a directory for each failure holds what was asked, answered, said, and how to ask again', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'bundle-'));
  t.teardown(() => rm(dir, { recursive: true }));
  await writeBundle(sampleRun(), dir);
  t.strictSame((await readdir(dir)).sort(), [
    'envelope.open.late',
    'envelope.open.old',
    'frame.decode.alone',
    'frame.decode.cut',
    'frame.decode.loop',
  ]);
  const read = (name: string) => readFile(join(dir, name), 'utf8');
  t.match(
    await read('frame.decode.cut/report.txt'),
    /fail: frame\/decode\/cut\n.*\nWI-12: .*\n.*\nexpected: reject frame.length/,
  );
  t.match(await read('frame.decode.cut/zkcp.log'), /^→ .*\n← .*\n$/);
  t.equal(await read('frame.decode.loop/stderr.txt'), HOSTILE.toWellFormed());
  const replay = parseReplay(await read('frame.decode.cut/replay.json'), 'replay.json');
  t.match(replay, {
    level: 'vectors',
    tests: [{ id: 'frame/decode/cut', verdict: 'fail' }],
    requests: [{ test: 'frame/decode/cut', cmd: 'eval', members: { op: 'frame.decode' }, answer: { ok: {} } }],
  });
});

t.test('what is no replay file is refused', async (t) => {
  for (const text of ['', '[]', '{}', '{"schema": "0k-conformance/replay/1"}'])
    t.throws(() => parseReplay(text, 'x.json'), { message: /x.json is no replay file/, exit: exitCodes.usage });
});

t.test('a known failure is recorded as what it was: who replays it knows of no excuses', async (t) => {
  const run = sampleRun();
  const known = run.results.find(({ verdict }) => verdict === 'known-failure');
  if (known === undefined) throw new TypeError('a known failure');
  const { tests } = replayOf(run, [{ ...known, excused: 'crash' }]);
  t.strictSame(tests, [{ id: known.test.id, verdict: 'crash' }]);
});
