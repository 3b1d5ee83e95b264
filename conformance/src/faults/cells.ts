import type { RejectClass } from '@0k-sync/generated/errors';
import { rejectClasses } from '@0k-sync/spec/reject-classes';
import { identifiers } from '@0k-sync/spec/requirements';
import { checkStep } from './change.ts';
import { type Expression, readExpression, readSteps, type Step } from './notation.ts';

/** The text of an empty cell. */
const NONE = '—';
const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const BUG = /^[A-Z][A-Za-z0-9]*$/;
const CODE = /^`(.+)`$/;

/** Readers of cells. Each throws SyntaxError or RangeError for what it cannot read. */
export function readSlug(cell: string): string {
  if (SLUG.test(cell)) return cell;
  throw new SyntaxError(`"${cell}" is not lower-case words with hyphens`);
}

export function readBug(cell: string): string {
  if (BUG.test(cell)) return cell;
  throw new SyntaxError(`"${cell}" is no name of a bug, such as FieldTwice`);
}

export function readClass(cell: string): RejectClass {
  if (Object.hasOwn(rejectClasses, cell)) return cell as RejectClass;
  throw new RangeError(`there is no class "${cell}"`);
}

export function readRequirements(cell: string): readonly string[] {
  const ids = cell.split(',').map((id) => id.trim());
  const unknown = ids.find((id) => !Object.hasOwn(identifiers, id));
  if (unknown !== undefined) throw new RangeError(`there is no requirement "${unknown}"`);
  return ids;
}

export function readSender(cell: string): 'client' | 'relay' {
  if (cell === 'client' || cell === 'relay') return cell;
  throw new SyntaxError(`"${cell}" is neither client nor relay`);
}

export function readText(cell: string): string {
  if (cell !== '') return cell;
  throw new SyntaxError('the cell is empty');
}

/** Words with a space between; none for a dash. */
export function readWords(cell: string): readonly string[] {
  return cell === NONE ? [] : readText(cell).split(/ +/);
}

export function readChange(cell: string): readonly Step[] {
  const steps = readSteps(readCode(cell));
  for (const step of steps) checkStep(step);
  return steps;
}

export function readValue(cell: string): Expression {
  return readExpression(readCode(cell));
}

export function optional<Value>(read: (cell: string) => Value): (cell: string) => Value | undefined {
  return (cell) => (cell === NONE ? undefined : read(cell));
}

function readCode(cell: string): string {
  const code = CODE.exec(cell)?.[1];
  if (code === undefined) throw new SyntaxError(`"${cell}" does not stand in backticks`);
  return code;
}
