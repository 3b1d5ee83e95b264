// Asks the implementations of this tree for every draft, and writes the cases on which independent ones agree,
// conformance/schema/ops.schema.json and docs/ops.md.
// Usage: node conformance/generate/publish.ts [--impl python] [--impl rust]
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { askAll, type Opinion } from './ask.ts';
import { makeDrafts } from './drafts.ts';
import type { PlacedFile, VectorCase } from './model.ts';
import { opsSchema } from './schema/emit.ts';
import { workedDocument } from './worked.ts';
import { IMPLEMENTATIONS, OPS_DOCUMENT, OPS_SCHEMA, writeVectors } from './write.ts';

/** The expected values come from here: the interpreter, noble and protobufjs, never core. */
const SPEC = 'spec';
const TYPESCRIPT = 'typescript';

const { values } = parseArgs({ options: { impl: { type: 'string', multiple: true, default: ['python', 'rust'] } } });
const names = [TYPESCRIPT, ...values.impl.filter((name) => existsSync(join(IMPLEMENTATIONS, name, 'adapter')))];
const drafts = makeDrafts().map((draft) => draft.finish([]));
const opinions = await opinionsOf(drafts);
const disagreements = drafts.flatMap(({ file }) => file.cases.filter((one) => !isAgreed(one)));

for (const one of disagreements) report(one);
writeVectors(drafts.map(published));
writeFileSync(OPS_SCHEMA, opsSchema());
writeFileSync(OPS_DOCUMENT, workedDocument());
console.log(summary());
process.exitCode = disagreements.length > 0 ? 1 : 0;

async function opinionsOf(files: readonly PlacedFile[]): Promise<ReadonlyMap<string, ReadonlyMap<string, Opinion>>> {
  const all = new Map<string, ReadonlyMap<string, Opinion>>();
  for (const name of names) {
    all.set(
      name,
      await askAll(
        [join(IMPLEMENTATIONS, name, 'adapter')],
        files.map(({ file }) => file),
      ),
    );
  }
  return all;
}

/** Nobody contradicts, and TypeScript is not the only one that was asked when others are there. */
function isAgreed({ id }: VectorCase): boolean {
  const said = names.flatMap((name) => opinions.get(name)?.get(id) ?? []);
  return said.length > 0 && said.every(({ agrees }) => agrees);
}

/** The file with its agreed cases and who agrees with all of them. */
function published({ path, file }: PlacedFile): PlacedFile {
  const cases = file.cases.filter(isAgreed);
  const agreeing = names.filter((name) => cases.length > 0 && cases.every(({ id }) => opinions.get(name)?.has(id)));
  return { path, file: { ...file, source: { ...file.source, agreed_by: [...agreeing, SPEC].sort() }, cases } };
}

function report({ id, comment, expect }: VectorCase): void {
  console.log(`${id}: ${comment}\n  expected ${JSON.stringify(expect).slice(0, 200)}`);
  for (const name of names) {
    const opinion = opinions.get(name)?.get(id);
    if (opinion !== undefined) console.log(`  ${name}: ${opinion.agrees ? 'agrees' : opinion.said.slice(0, 300)}`);
  }
}

function summary(): string {
  const count = drafts.reduce((sum, { file }) => sum + file.cases.length, 0);
  return `${count - disagreements.length} of ${count} cases agreed by ${names.join(', ')}; ${disagreements.length} disagreements`;
}
