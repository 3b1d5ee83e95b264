// The generator gives the committed files again, byte for byte.
import { readFileSync } from 'node:fs';
import t from 'tap';
import { canonical } from '../generate/canonical.ts';
import { makeDrafts, makeWaitingDrafts } from '../generate/drafts.ts';
import type { VectorCase } from '../generate/model.ts';
import { opsSchema } from '../generate/schema/emit.ts';
import { workedDocument } from '../generate/worked.ts';
import { committedPaths, OPS_DOCUMENT, OPS_SCHEMA, readCommitted } from '../generate/write.ts';
import { mutate, REMADE } from '../src/faults/mutate.ts';
import { packageTables } from '../src/faults/package-tables.ts';

const HINT = 'make vectors';
const drafts = makeDrafts();

t.test('every vector file is what the generator makes', async (t) => {
  t.strictSame(drafts.map(({ path }) => `${path}.json`).sort(), committedPaths(), HINT);
  for (const draft of drafts) {
    const { text, file } = readCommitted(`${draft.path}.json`);
    // Only `make vectors` knows the implementations that agreed, because it asks them.
    t.ok(canonical(draft.finish(file.source.agreed_by)) === text, `${draft.path}: ${HINT}`);
  }
});

t.test('every bug of the tables is used', async (t) => {
  const used = new Set(
    [...drafts, ...makeWaitingDrafts()].flatMap((draft) => draft.finish([]).file.cases.flatMap(({ flags }) => flags)),
  );
  t.strictSame(
    [...used].sort(),
    packageTables()
      .bugs.map(({ bug }) => bug)
      .sort(),
  );
});

t.test('named mutators give the negatives from their twins, from the files alone', async (t) => {
  for (const path of committedPaths()) {
    const { file } = readCommitted(path);
    const byId = new Map(file.cases.map((one) => [one.id, one]));
    const pick = (id: string) => byId.get(id) as VectorCase;
    for (const one of file.cases) {
      const { mutation } = one;
      if (mutation === undefined || mutation.op === REMADE) continue;
      const { in: input, draws, now_ms } = mutate(pick(mutation.of), mutation, pick);
      t.same({ input, draws, now_ms }, { input: one.in, draws: one.draws, now_ms: one.now_ms }, one.id);
    }
  }
});

t.test('the schema of the ops is fresh', async (t) => {
  t.ok(readFileSync(OPS_SCHEMA, 'utf8') === opsSchema(), HINT);
});

t.test('generated/docs/ops.md is fresh, and shows every op', async (t) => {
  const document = readFileSync(OPS_DOCUMENT, 'utf8');
  t.ok(document === workedDocument(), HINT);
  for (const { op } of [...drafts, ...makeWaitingDrafts()]) t.match(document, `## ${op}\n`, op);
});
