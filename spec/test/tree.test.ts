import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { compile } from '../compile/compile.ts';
import { formatDefects } from '../compile/report.ts';
import { readSources } from '../compile/sources.ts';

const ROOT = join(import.meta.dirname, '..', '..');

t.test('ER-01 the chapters and schemas of this project have no defect, and generated/ is what they give', async (t) => {
  const { outputs, defects } = compile(readSources(ROOT));
  t.strictSame(formatDefects(defects), []);
  t.ok(outputs.length > 0);
  for (const { path, text } of outputs) t.equal(readFileSync(join(ROOT, 'generated', path), 'utf8'), text, path);
});
