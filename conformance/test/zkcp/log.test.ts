import t from 'tap';
import { copyText, isCut, keepLine } from '../../src/zkcp/log.ts';

const MIB = 1024 * 1024;

/** The lines that a test keeps of these. */
function kept(...lines: readonly string[]): string[] {
  const log: string[] = [];
  for (const line of lines) keepLine(log, line);
  return log;
}

t.test('lines of a usual length are kept as they are', async (t) => {
  const log = kept('→ {"id":1}', '← {"id":1,"ok":{}}');
  t.strictSame(log, ['→ {"id":1}', '← {"id":1,"ok":{}}']);
  t.notOk(isCut(log));
});

t.test('the longest vector is kept whole, the longest answer is cut', async (t) => {
  const request = `→ ${'a'.repeat(MIB / 2)}`;
  const log = kept(request, `← ${'b'.repeat(16 * MIB)}`);
  t.ok(log[0] === request);
  t.ok((log[1]?.length ?? 0) < MIB / 8);
  t.match(log[1]?.slice(-40), /… \(16777218 characters\)$/);
  t.ok(isCut(log));
});

t.test('many lines are bounded together', async (t) => {
  const log = kept(...Array.from({ length: 1000 }, () => `← ${'b'.repeat(MIB / 8)}`));
  t.ok(log.join('').length < 2 * MIB);
  t.equal(log.at(-1), '… the lines that follow are not kept');
  t.ok(isCut(log));
});

t.test('a text that is copied is the same text, as far as it goes', async (t) => {
  t.equal(copyText('größer €', 100), 'größer €');
  t.equal(copyText('abcdef', 3), 'abc… (6 characters)');
});
