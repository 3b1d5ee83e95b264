import type { Scenario } from '../model.ts';
import { play, type Scene } from './scene.ts';

/** The statement that a scenario proves. */
export interface Claim {
  /** One sentence that says what holds when it passes. */
  readonly title: string;
  /** Requirement ids of spec/. */
  readonly requirements: readonly string[];
}

/** A scenario as a suite writes it. */
export interface Act<S, Given = unknown> extends Claim {
  /** Options of its scene. */
  readonly given?: Given;
  /** Capabilities of the adapter without which it cannot be judged. */
  readonly requires?: readonly string[];
  readonly run: (scene: S) => Promise<void>;
}

/** Scenarios by id: `level/topic/slug`. Ids are never reused or renamed. */
export type Acts<S, Given = unknown> = Readonly<Record<string, Act<S, Given>>>;

/** Scenarios that differ in data only, a row each: `run` makes the act of a row. */
export function actsOf<Row extends Claim, S, Given = unknown>(
  rows: Readonly<Record<string, Row>>,
  run: (row: NoInfer<Row>) => (scene: S) => Promise<void>,
): Acts<S, Given> {
  return mapped(rows, (row) => ({ ...row, run: run(row) }));
}

/** The acts, each with these capabilities where it does not name its own. */
export function requiring<S, Given>(requires: readonly string[], acts: Acts<S, Given>): Acts<S, Given> {
  return mapped(acts, (act) => ({ requires, ...act }));
}

/** The acts, each with a scene that is opened so where it does not name its own. */
export function giving<S, Given>(given: NoInfer<Given>, acts: Acts<S, Given>): Acts<S, Given> {
  return mapped(acts, (act) => ({ given, ...act }));
}

/** The acts as the runner lists and plays them. */
export function scenariosOf<Target, S extends Scene<unknown>, Given>(
  acts: Acts<S, Given>,
  open: (target: Target, given: Given | undefined) => S | Promise<S>,
): readonly Scenario<Target>[] {
  return Object.entries(acts).map(([id, { title, requirements, requires = [], given, run }]) => ({
    id,
    title,
    level: 'must',
    requirements,
    requires,
    run: async (target) => play(await open(target, given), run),
  }));
}

function mapped<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
