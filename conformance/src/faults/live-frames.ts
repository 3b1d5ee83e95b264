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
  const rows = [
    ...faults.filter((row) => row.path === PATH && isSentBy(row, sender)),
    ...live.filter(({ path }) => path.startsWith(`${levelOf(sender)}/`)),
  ];
  return rows.map((row) => ({ ...frameOf(row, sender, `Refused as ${row.class}`), class: row.class }));
}

/** Frames of `sender` that its peer has to take. Throws DefectiveTables. */
export function harmlessFrames(sender: Sender): readonly LiveFrame[] {
  const rows = packageTables().harmless.filter((row) => row.path === PATH && isSentBy(row, sender));
  return rows.map((row) => frameOf(row, sender, 'Taken'));
}

type Row = FaultRow | HarmlessRow | LiveRow;

/** The end under test when `sender` sends. */
function levelOf(sender: Sender): string {
  return sender === 'client' ? 'relay' : 'client';
}

function isSentBy(row: FaultRow | HarmlessRow, sender: Sender): boolean {
  const from = row.change.some(({ place }) => place === 'in.from') ? 'client' : positive(row.of).in['from'];
  return from === sender || (row.of === ANY_FRAME && !isWhole(row));
}

/** True if the good frame of before the change still stands in front. */
function isWhole(row: Row): boolean {
  return changed(row).startsWith(String(positive(row.of).in['bytes']));
}

function frameOf(row: Row, sender: Sender, verdict: string): LiveFrame {
  const { id, requirements = [] } = scenarioOf(row, sender);
  return {
    id,
    title: `${verdict}: ${row.says.replace(/\.$/, '')}`,
    requirements: [...new Set([...row.requirements, ...requirements])],
    of: row.of,
    positive: Buffer.from(String(positive(row.of).in['bytes']), 'hex'),
    endsStream: row.requirements.includes(CUT_SHORT),
    bytes: (honest) => Buffer.from(changed(row, honest), 'hex'),
  };
}

function scenarioOf(
  row: Row,
  sender: Sender,
): { readonly id: string; readonly requirements?: readonly string[] | undefined } {
  if (row.path !== PATH) return { id: `${row.path}/${row.slug}` };
  const level = levelOf(sender);
  const older = packageTables().scenarios.find((one) => one.row === row.slug && one.scenario.startsWith(`${level}/`));
  return { id: older?.scenario ?? `${level}/decode/${row.slug}`, requirements: older?.requirements };
}

/** The bytes of a row, in hexadecimal: those of its positive case, or of another frame, after the change. */
function changed(row: Row, honest?: Uint8Array): string {
  const source = positive(row.of);
  const given = honest === undefined ? source : { in: { ...source.in, bytes: Buffer.from(honest).toString('hex') } };
  return String(mutate(given, changeOfRow(row), positive).in['bytes']);
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
