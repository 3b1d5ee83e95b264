// The rows of frames.md as scenarios: the same faults that are vectors, sent in a session.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RejectClass } from '@0k-sync/generated/errors';
import type { VectorFile } from '../vectors/case.ts';
import { type Change, changeOf } from './change.ts';
import { nowhere } from './evaluate.ts';
import type { JsonObject } from './json.ts';
import { ALL, mutate } from './mutate.ts';
import { packageTables } from './package-tables.ts';
import type { FaultRow, HarmlessRow, LiveRow } from './tables.ts';

const PATH = 'frames/decode';
const VECTORS = fileURLToPath(new URL(`../../vectors/${PATH}.json`, import.meta.url));
/** Its rows are about frames of any kind: a relay may send them too, where no whole Ping is left. */
const ANY_FRAME = 'ping';
/** The stream ends inside something. */
const CUT_SHORT = 'WI-12';

export type Sender = 'client' | 'relay';

/** A frame that a session carries. */
export interface LiveFrame {
  readonly id: string;
  readonly title: string;
  readonly requirements: readonly string[];
  /** The slug of the positive case. */
  readonly of: string;
  /** The bytes of the positive case. */
  readonly positive: Uint8Array;
  /** The stream ends behind the bytes. */
  readonly endsStream: boolean;
  /** The bytes of a good frame of the same form, changed; of the positive case unless others are given. */
  readonly bytes: (honest?: Uint8Array) => Uint8Array;
}

export interface FaultyFrame extends LiveFrame {
  readonly class: RejectClass;
}

/** Frames of `sender` that its peer has to refuse. Throws DefectiveTables. */
export function faultyFrames(sender: Sender): readonly FaultyFrame[] {
  const { faults, live } = packageTables();
  const level = sender === 'client' ? 'relay' : 'client';
  const rows = [
    ...faults.filter(({ path }) => path === PATH),
    ...live.filter(({ path }) => path.startsWith(`${level}/`)),
  ];
  return rows.filter((row) => isSentBy(row, sender)).map((row) => ({ ...frameOf(row, level), class: row.class }));
}

/** Frames of `sender` that its peer has to take. Throws DefectiveTables. */
export function harmlessFrames(sender: Sender): readonly LiveFrame[] {
  const rows = packageTables().harmless.filter(({ path }) => path === PATH);
  return rows
    .filter((row) => isSentBy(row, sender))
    .map((row) => frameOf(row, sender === 'client' ? 'relay' : 'client'));
}

type Row = FaultRow | HarmlessRow | LiveRow;

function isSentBy(row: Row, sender: Sender): boolean {
  if (row.path !== PATH) return true;
  const from = row.change?.some(({ place }) => place === 'in.from') ? 'client' : positive(row.of).in['from'];
  return from === sender || (row.of === ANY_FRAME && !isWhole(row));
}

/** Whether the frame that was good before the change is still there, in front. */
function isWhole(row: Row): boolean {
  const source = positive(row.of);
  return String(mutate(source, changeOfRow(row), positive).in['bytes']).startsWith(String(source.in['bytes']));
}

function frameOf(row: Row, level: string): LiveFrame {
  const known = packageTables().scenarios.find(
    ({ scenario, row: slug }) => slug === row.slug && scenario.startsWith(`${level}/`),
  );
  const own = row.path === PATH ? `${level}/decode/${row.slug}` : `${row.path}/${row.slug}`;
  const source = positive(row.of);
  const sent = (honest?: Uint8Array): JsonObject =>
    honest === undefined ? source.in : { ...source.in, bytes: Buffer.from(honest).toString('hex') };
  return {
    id: known?.scenario ?? own,
    title: `${'class' in row ? `Refused as ${row.class}` : 'Taken'}: ${row.says.replace(/\.$/, '')}`,
    requirements: [...new Set([...row.requirements, ...(known?.requirements ?? [])])],
    of: row.of,
    positive: Buffer.from(String(source.in['bytes']), 'hex'),
    endsStream: row.requirements.includes(CUT_SHORT),
    bytes: (honest) => Buffer.from(String(mutate({ in: sent(honest) }, changeOfRow(row), positive).in['bytes']), 'hex'),
  };
}

function changeOfRow({ change = [] }: Row): Change {
  const changes = change.map((step) => changeOf(step, nowhere));
  return { op: ALL, path: 'in', arg: changes as unknown as JsonObject[] };
}

let positives: ReadonlyMap<string, JsonObject> | undefined;

/** The input of a positive case. Throws RangeError where there is none. */
function positive(slug: string): { readonly in: JsonObject } {
  positives ??= new Map(
    (JSON.parse(readFileSync(VECTORS, 'utf8')) as VectorFile).cases
      .filter(({ expect }) => 'ok' in expect)
      .map(({ id, in: input }) => [id.slice(PATH.length + 1), input as JsonObject]),
  );
  const input = positives.get(slug);
  if (input === undefined) throw new RangeError(`${PATH} has no positive case ${slug}`);
  return { in: input };
}
