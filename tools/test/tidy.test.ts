import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';

const ROOT = join(import.meta.dirname, '..', '..');
const LINES_MAX = 300;
const WRITTEN_BY_HAND = /^(?!generated\/).*\.(?:ts|js|py|rs|sh)$/;

/** A comment that opens with a question's word has no subject. */
const WITHOUT_SUBJECT = /^\s*(?:\/\*\*|\*|\/\/[/!]?|#) (?:What|How|Whether|Where) /;

/** Files that git knows and that people write. */
function handWritten(): string[] {
  const known = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0');
  return known.filter((file) => WRITTEN_BY_HAND.test(file));
}

t.test('no file that is written by hand has more than 300 lines', async (t) => {
  const files = handWritten();
  t.ok(files.length > 500);
  const lengths = files.map((file) => ({ file, lines: readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1 }));
  t.strictSame(
    lengths.filter(({ lines }) => lines > LINES_MAX),
    [],
  );
});

t.test('every comment that is written by hand begins with its subject', async (t) => {
  const lines = handWritten().flatMap((file) =>
    readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .map((line, index) => ({ at: `${file}:${index + 1}`, line })),
  );
  t.match('/** What it does. */', WITHOUT_SUBJECT);
  t.strictSame(
    lines.filter(({ line }) => WITHOUT_SUBJECT.test(line)),
    [],
  );
});
