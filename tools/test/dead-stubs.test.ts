import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '@0k-sync/generated/errors';
import * as labels from '@0k-sync/generated/labels';
import * as limits from '@0k-sync/generated/limits';
import t from 'tap';

const ROOT = join(import.meta.dirname, '..', '..');
const COMMENT = /\/\*[\s\S]*?\*\/|\/\/.*$/gm;

function readAll(pattern: string): string {
  const files = globSync(pattern, { cwd: ROOT, exclude: ['**/node_modules/**'] });
  t.ok(files.length > 0, pattern);
  return files.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');
}

const sources = readAll('{core,client,relay,cli,transport}/src/**/*.ts');
const code = sources.replaceAll(COMMENT, '');

function isNamedIn(text: string, name: string): boolean {
  return new RegExp(`(?<!\\w)${name}(?!\\w)`).test(text);
}

t.test('F-040 every error is raised somewhere, or the spec reserves it; never both', async (t) => {
  const chapter = readFileSync(join(ROOT, 'spec/errors.md'), 'utf8');
  const [reserved = ''] = /^Reserved, [\s\S]*?\n\n/m.exec(chapter) ?? [];
  for (const name of Object.keys(errors)) {
    t.equal(isNamedIn(code, name), !isNamedIn(reserved, name), name);
  }
});

t.test('F-040 every limit bounds something: by name in the code, or a field of a schema', async (t) => {
  const schemas = readAll('proto/**/*.proto') + readAll('spec/compile/emit-schema.ts');
  for (const name of Object.keys(limits)) t.ok(isNamedIn(code, name) || isNamedIn(schemas, name), name);
});

t.test('F-040 every label separates something', async (t) => {
  const names = Object.keys(labels);
  t.ok(names.length > 0);
  for (const name of names) t.ok(isNamedIn(code, name), name);
});

t.test('F-003 F-040 nothing is left for later', async (t) => {
  const left = sources
    .split('\n')
    .filter((line) => /\b(TODO|FIXME|XXX|HACK|[Uu]nimplemented|[Nn]ot implemented)\b/.test(line));
  t.same(left, []);
});
