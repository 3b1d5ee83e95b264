import type { TestInfo } from '../model.ts';
import type { Kill } from './kill.ts';
import { detectorOf, tableText } from './matrix.ts';

/** The scenarios that no planted fault was found by: nobody has seen them fail. */
export function neverKilled(scenarios: readonly TestInfo[], kills: readonly Kill[]): string[] {
  const killers = new Set(kills.flatMap((kill) => kill.killers.map(({ id }) => id)));
  return scenarios.map(({ id }) => id).filter((id) => !killers.has(id));
}

/** Prints the scenarios and kills of each detector, then the scenarios that found no fault. */
export function coverageText(scenarios: readonly TestInfo[], kills: readonly Kill[]): string {
  const silent = new Set(neverKilled(scenarios, kills));
  const byDetector = Map.groupBy(scenarios, ({ id }) => detectorOf(id));
  const rows = [...byDetector].map(([detector, tests]) => [
    detector,
    String(tests.length),
    String(tests.filter(({ id }) => !silent.has(id)).length),
  ]);
  const lines = [...silent].map((id) => `  ${id}\n`);
  return `${tableText([['detector', 'scenarios', 'killed by a fault'], ...rows])}\nnever killed: ${silent.size} of ${scenarios.length}\n${lines.join('')}`;
}
