// Reads spec/ and proto/, proves them, and writes generated/ (all but the wire types, which buf writes).
// Usage: node spec/compile/main.ts [--check] [--root <directory>]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { check, compile } from './compile.ts';
import { type Defect, formatDefects } from './report.ts';
import { readSources } from './sources.ts';
import { writeOutputs } from './write.ts';

const { values } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    root: { type: 'string', default: join(import.meta.dirname, '..', '..') },
  },
});
const sources = readSources(values.root);

if (values.check) {
  exitOnDefects(check(sources).defects);
} else {
  const { outputs, defects } = compile(sources);
  exitOnDefects(defects);
  writeOutputs(join(values.root, 'generated'), outputs);
}

function exitOnDefects(defects: readonly Defect[]): void {
  if (defects.length === 0) return;
  for (const line of formatDefects(defects)) console.error(line);
  process.exit(1);
}
