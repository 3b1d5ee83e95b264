// Every published vector file obeys these rules, whoever wrote it.
import { readdirSync, readFileSync } from 'node:fs';
import { rejectClasses } from '@0k-sync/spec/reject-classes';
import { identifiers } from '@0k-sync/spec/requirements';
import { Ajv2020 } from 'ajv/dist/2020.js';
import t from 'tap';
import { canonical } from '../generate/canonical.ts';
import type { VectorCase } from '../generate/model.ts';
import { committedPaths, OPS_SCHEMA, readCommitted } from '../generate/write.ts';

const CASES_MIN = 600;
const SCHEMA = new URL('../schema/vectors.schema.json', import.meta.url);
/** Two lanes, and NFKC where NFC gives something else, need a computation each. */
const ARGON2ID_MAX = 8;

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const files = committedPaths().map((path) => ({ path, ...readCommitted(path) }));
const cases = files.flatMap(({ file }) => file.cases);
const byId = new Map(cases.map((one) => [one.id, one]));
const opOf = new Map(files.flatMap(({ file }) => file.cases.map(({ id }) => [id, file.op] as const)));

function isNegative({ expect }: VectorCase): boolean {
  return 'reject' in expect;
}

t.test('every file is a vector file, canonical, and lies where its cases say', async (t) => {
  const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));
  for (const { path, text, file } of files) {
    t.ok(validate(file), `${path} ${ajv.errorsText(validate.errors)}`);
    const place = path.replace(/\.json$/, '');
    t.equal(canonical({ path: place, file }), text, path);
    t.ok(
      file.cases.every(({ id }) => id.startsWith(`${place}/`)),
      path,
    );
  }
});

t.test('in, draws and ok of every case have the shape of its op', async (t) => {
  const schema = JSON.parse(readFileSync(OPS_SCHEMA, 'utf8')) as { $id: string };
  ajv.addSchema(schema);
  for (const { file } of files) {
    const validate = ajv.compile({ $ref: `${schema.$id}#/$defs/${file.op}` });
    for (const { id, in: input, draws, expect } of file.cases) {
      const shown = { in: input, ...(draws && { draws }), ...('ok' in expect && { ok: expect.ok }) };
      t.ok(validate(shown), `${id} ${ajv.errorsText(validate.errors)}`);
    }
  }
});

t.test('there are enough cases, at least half of them negative, and no id twice', async (t) => {
  const negatives = cases.filter(isNegative).length;
  t.ok(cases.length >= CASES_MIN, `${cases.length} cases`);
  t.ok(2 * negatives >= cases.length, `${negatives} negative`);
  t.equal(byId.size, cases.length);
});

t.test('every negative has a twin that is a positive of the same op, and says how it came from it', async (t) => {
  for (const { id, twin = '', mutation } of cases.filter(isNegative)) {
    const other = byId.get(twin);
    t.ok(other !== undefined && !isNegative(other), `${id} ${twin}`);
    t.equal(opOf.get(twin), opOf.get(id), id);
    t.equal(mutation?.of, twin, id);
  }
});

t.test('requirements, classes and flags are those of the spec and of the notes', async (t) => {
  for (const { path, file } of files) {
    const flags = new Set(file.cases.flatMap((one) => one.flags));
    t.strictSame([...flags].sort(), Object.keys(file.notes), path);
    const links = Object.values(file.notes).flatMap((note) => note.links);
    const named = [...links, ...file.cases.flatMap(({ req }) => req)];
    t.strictSame([...new Set(named.filter((one) => !Object.hasOwn(identifiers, one)))], [], path);
  }
  const classes = cases.flatMap(({ expect }) => ('reject' in expect ? expect.reject.class : []));
  t.strictSame([...new Set(classes.filter((one) => !Object.hasOwn(rejectClasses, one)))], []);
});

t.test('a whole level is quick: few cases compute Argon2id', async (t) => {
  const computing = cases.filter((one) => !isNegative(one) || one.id.endsWith('/passphrase-wrong'));
  const ops = ['kdf.argon2id', 'welcome.seal', 'welcome.open'];
  const costly = computing.filter(
    ({ id, in: input }) => ops.includes(opOf.get(id) ?? '') && ('passphrase' in input || 'm_kib' in input),
  );
  t.ok(costly.length <= ARGON2ID_MAX, `${costly.length} cases`);
});

t.test('expected values come from no implementation of this project: the generator imports none', async (t) => {
  for (const folder of ['../generate', '../src/faults']) {
    const url = new URL(folder, import.meta.url);
    for (const name of readdirSync(url, { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.ts'))) {
      const text = readFileSync(new URL(`${folder}/${name}`, import.meta.url), 'utf8');
      t.notMatch(text, /from '@0k-sync\/(?:core|client|relay|transport|testkit)/, name);
    }
  }
});
