import type { Level } from '../model.ts';
import { tableText } from '../selftest/matrix.ts';
import { type Cell, cellText } from './cells.ts';
import { MODES, type Pair, pairName } from './pairs.ts';

/** Implementations by levels; a dash where one does not claim the level. */
export function levelMatrix(rows: readonly string[], levels: readonly Level[], cells: readonly Cell[]): string {
  const used = levels.filter((level) => cells.some((cell) => cell.level === level));
  const table = rows.map((row) => [
    row,
    ...used.map((level) => {
      const cell = cells.find((each) => each.row === row && each.level === level);
      return cell ? cellText(cell) : '–';
    }),
  ]);
  return tableText([['implementation', ...used], ...table]);
}

/** Pairs by modes. */
export function pairMatrix(pairs: readonly Pair[], cells: readonly Cell[]): string {
  const withoutMode = (pair: Pair) => `${pair.a.name} + ${pair.b.name} at ${pair.relay.name}`;
  const rows = [...new Set(pairs.map(withoutMode))].map((row) => [
    row,
    ...MODES.map((mode) => {
      const pair = pairs.find((each) => each.mode === mode && withoutMode(each) === row);
      const cell = cells.find((each) => pair && each.row === pairName(pair));
      return cell ? cellText(cell) : '–';
    }),
  ]);
  return tableText([['pair', ...MODES], ...rows]);
}
