import type { SequenceRange } from '@0k-sync/generated/wire/envelope';
import type { Content } from './content.ts';

/** A range of sequences of one sender, both ends included. */
export interface Sequences {
  readonly from: number;
  readonly to: number;
}

/** Returns the sequences that a content names as never to come. EN-29. */
export function skippedOf(content: Content): readonly Sequences[] {
  const { skipped } = content.type === 'message' ? content.message : content.announcement;
  return skipped.map(({ from, to }) => ({ from: Number(from), to: Number(to) }));
}

/** Returns ranges in the form of the wire. EN-29. */
export function wireSkipped(ranges: readonly Sequences[]): SequenceRange[] {
  return ranges.map(({ from, to }) => ({ from: BigInt(from), to: BigInt(to) }));
}

/** True when the ranges ascend without touching, from 1 on, and end below the envelope that names them. EN-29. */
export function areNameable(ranges: readonly Sequences[], sequence: number): boolean {
  let before = -1;
  for (const { from, to } of ranges) {
    if (from < 1 || to < from || to >= sequence || from <= before + 1) return false;
    before = to;
  }
  return true;
}

/** Returns what is left of a range without the skipped ones, ascending. `skipped` ascends. EN-24. */
export function withoutSkipped({ from, to }: Sequences, skipped: readonly Sequences[]): readonly Sequences[] {
  const left: Sequences[] = [];
  let next = from;
  for (const range of skipped) {
    if (range.to < next || range.from > to) continue;
    if (range.from > next) left.push({ from: next, to: range.from - 1 });
    next = range.to + 1;
  }
  if (next <= to) left.push({ from: next, to });
  return left;
}
