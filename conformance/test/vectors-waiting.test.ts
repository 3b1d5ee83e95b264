// The cases whose op waits for a second implementation: the generator and the reference agree on them already.
import t from 'tap';
import { makeWaitingDrafts } from '../generate/drafts.ts';
import { committedPaths } from '../generate/write.ts';
import { compare } from '../src/vectors/judge.ts';
import { answerOf } from './support/answer.ts';

const drafts = makeWaitingDrafts();

for (const { path, file } of drafts.map((draft) => draft.finish([]))) {
  t.test(`${path}: ${file.op}`, async (t) => {
    for (const { id, in: input, draws, now_ms, expect } of file.cases) {
      const { verdict, expected, actual } = compare(expect, answerOf(file.op, input, draws, now_ms));
      t.equal(verdict, 'pass', `${id} ${expected ?? ''} ${actual ?? ''}`);
    }
  });
}

t.test('what waits is not published', async (t) => {
  const published = new Set(committedPaths());
  for (const { path } of drafts) t.notOk(published.has(`${path}.json`), path);
});
