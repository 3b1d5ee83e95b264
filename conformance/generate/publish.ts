// Asks the implementations of this tree for every draft, and writes the cases on which independent ones agree,
// conformance/schema/ops.schema.json and generated/docs/ops.md.
// Usage: node conformance/generate/publish.ts [--impl python] [--impl rust]
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { askAll, type Opinion } from './ask.ts';
import { makeDrafts, makeWaitingDrafts } from './drafts.ts';
import type { PlacedFile, VectorCase } from './model.ts';
import { opsSchema } from './schema/emit.ts';
import { workedDocument } from './worked.ts';
import { IMPLEMENTATIONS, OPS_DOCUMENT, OPS_SCHEMA, writeVectors } from './write.ts';

/** The expected values come from here: the interpreter, noble and protobufjs, never core. */
const SPEC = 'spec';
const TYPESCRIPT = 'typescript';
/** Implementations without a common line of code. */
const AGREEING_MIN = 2;

const { values } = parseArgs({ options: { impl: { type: 'string', multiple: true, default: ['python', 'rust'] } } });
const names = [TYPESCRIPT, ...values.impl.filter((name) => existsSync(join(IMPLEMENTATIONS, name, 'adapter')))];
if (names.length < 2) {
  console.error(
    'error: no implementation is there beside TypeScript\nhint: --impl names a folder of conformance/implementations',
  );
  process.exit(2);
}
const drafts = makeDrafts().map((draft) => draft.finish([]));
const opinions = await opinionsOf(drafts);
const cases = drafts.flatMap(({ file }) => file.cases);
const disagreements = cases.filter(({ id }) => agreeing(id).length < asked(id).length);
const unproven = cases.filter(({ id }) => agreeing(id).length < AGREEING_MIN);

for (const one of disagreements) report(one);
await announceClaims(makeWaitingDrafts().map((draft) => draft.finish([])));
writeVectors(drafts.map(published));
writeFileSync(OPS_SCHEMA, opsSchema());
writeFileSync(OPS_DOCUMENT, workedDocument());
console.log(
  `${cases.length - unproven.length} of ${cases.length} cases published; asked: ${names.join(', ')}; ${disagreements.length} disagreements`,
);
process.exitCode = disagreements.length + unproven.length > 0 ? 1 : 0;

async function opinionsOf(files: readonly PlacedFile[]): Promise<ReadonlyMap<string, ReadonlyMap<string, Opinion>>> {
  const all = new Map<string, ReadonlyMap<string, Opinion>>();
  for (const name of names) {
    const command = [join(IMPLEMENTATIONS, name, 'adapter')];
    const said = await askAll(
      command,
      files.map(({ file }) => file),
    );
    all.set(name, said);
  }
  return all;
}

/** Says which ops that wait for a second implementation have one now. */
async function announceClaims(waiting: readonly PlacedFile[]): Promise<void> {
  for (const [name, said] of await opinionsOf(waiting)) {
    const claimed = waiting.filter(({ file }) => file.cases.some(({ id }) => said.has(id))).map(({ file }) => file.op);
    if (name !== TYPESCRIPT && claimed.length > 0)
      console.log(`${name} has ${claimed.join(', ')}: publish them by removing them from WAITING of drafts.ts`);
  }
}

/** Those that claim the op of a case. */
function asked(id: string): string[] {
  return names.filter((name) => opinions.get(name)?.has(id));
}

function agreeing(id: string): string[] {
  return names.filter((name) => opinions.get(name)?.get(id)?.agrees);
}

/**
 * The file with the cases that two independent implementations agree on, and who agrees with all of them. One that
 * contradicts does not keep a case out: it has to answer for it, or the spec has.
 */
function published({ path, file }: PlacedFile): PlacedFile {
  const proven = file.cases.filter(({ id }) => agreeing(id).length >= AGREEING_MIN);
  const always = names.filter((name) => proven.every(({ id }) => agreeing(id).includes(name)));
  return { path, file: { ...file, source: { ...file.source, agreed_by: [...always, SPEC].sort() }, cases: proven } };
}

function report({ id, comment, expect }: VectorCase): void {
  console.log(`${id}: ${comment}\n  expected ${JSON.stringify(expect).slice(0, 200)}`);
  for (const name of names) {
    const opinion = opinions.get(name)?.get(id);
    if (opinion !== undefined) console.log(`  ${name}: ${opinion.agrees ? 'agrees' : opinion.said.slice(0, 300)}`);
  }
}
