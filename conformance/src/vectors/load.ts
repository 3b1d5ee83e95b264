import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { SuiteError } from '../run/suite-error.ts';
import type { VectorFile, VectorTest } from './case.ts';

/** The vectors of this package; the same place seen from src/ and from dist/. */
export const VECTORS_DIR = fileURLToPath(new URL('../../vectors', import.meta.url));

/** From a directory of vectors, as the files themselves name it. */
const SCHEMA_PATH = '../schema/vectors.schema.json';

/** All vector cases of a directory, and its digest. */
export interface LoadedVectors {
  readonly tests: readonly VectorTest[];
  /** SHA-256 of all files, hexadecimal: what `hello` tells the adapter. */
  readonly digest: string;
}

async function jsonFilesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.json'));
  return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

type Check = (file: unknown, name: string) => asserts file is VectorFile;

async function createCheck(vectorsDir: string): Promise<Check> {
  const ajv = new Ajv2020({ allErrors: false, strict: true, allowUnionTypes: true });
  const text = await readFile(join(vectorsDir, SCHEMA_PATH), 'utf8').catch((error: Error) => {
    throw new SuiteError(`the schema of the vectors cannot be read: ${error.message}`, 'install the package again');
  });
  const validate = ajv.compile(JSON.parse(text));
  return (file, name) => {
    if (validate(file)) return;
    const where = ajv.errorsText(validate.errors, { dataVar: name });
    throw new SuiteError(`${name} is no vector file: ${where}`, 'compare it with schema/vectors.schema.json');
  };
}

function testsOf(file: VectorFile): VectorTest[] {
  return file.cases.map((vector) => ({
    id: vector.id,
    title: vector.comment,
    level: vector.level,
    requirements: vector.req,
    requires: [...new Set([file.op, ...(file.requires ?? [])])],
    op: file.op,
    twin: vector.twin,
    vector,
    notes: file.notes ?? {},
  }));
}

function checkReferences(tests: readonly VectorTest[]): void {
  const byId = new Map<string, VectorTest>();
  for (const test of tests) {
    if (byId.has(test.id))
      throw new SuiteError(`two cases have the id ${test.id}`, 'ids are never reused: rename the newer one');
    byId.set(test.id, test);
  }
  for (const { id, twin } of tests) {
    const control = twin === undefined ? undefined : byId.get(twin);
    if (twin !== undefined && !(control && 'ok' in control.vector.expect))
      throw new SuiteError(`the twin ${twin} of ${id} is no positive case`, 'name the case that it was derived from');
  }
}

/** Reads and checks every vector file below `vectorsDir`. Throws `SuiteError` for what is no vector file. */
export async function loadVectors(vectorsDir = VECTORS_DIR): Promise<LoadedVectors> {
  const paths = await jsonFilesIn(vectorsDir);
  const digest = createHash('sha256');
  const tests: VectorTest[] = [];
  const check = paths.length > 0 ? await createCheck(vectorsDir) : undefined;
  for (const path of paths) {
    const text = await readFile(path, 'utf8');
    const name = relative(vectorsDir, path);
    digest.update(`${name}\n${text.length}\n${text}`);
    const file: unknown = parse(text, name);
    check?.(file, name);
    tests.push(...testsOf(file as VectorFile));
  }
  checkReferences(tests);
  return { tests, digest: digest.digest('hex') };
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SuiteError(`${name} is not JSON: ${(error as Error).message}`, 'restore the file');
  }
}
