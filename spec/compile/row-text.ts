import { compareId } from './identifiers.ts';
import type { Label, Limit, MachineRow, Model } from './model.ts';
import { ANY, STAY } from './read-machine.ts';

/** `client-session: go-away in ready leads to leaving, report-go-away`. */
export function transitionText(machine: string, { state, event, next, actions }: MachineRow): string {
  const from = state === ANY ? 'any other state' : state;
  const to = [next === STAY ? 'the same' : next, ...actions].join(', ');
  return `${machine}: ${event} in ${from} leads to ${to}`;
}

/** The text of a label's row. */
export function labelText({ label, use }: Label): string {
  return `\`${label}\`: ${use}`;
}

/** The text of a limit's row. */
export function limitText({ name, value, unit, meaning }: Limit): string {
  return `${name} = ${value} ${unit}: ${meaning}`;
}

/** Every row that has an id and is no sentence of its own, as one, by id. */
export function rowTexts({ machines, labels, limits }: Model): Record<string, string> {
  const texts = [
    ...machines.flatMap(({ name, rows }) => rows.map((row) => [row.id, transitionText(name, row)] as const)),
    ...labels.map((label) => [label.id, labelText(label)] as const),
    ...limits.map((limit) => [limit.id, limitText(limit)] as const),
  ];
  return Object.fromEntries(texts.sort(([a], [b]) => compareId(a, b)));
}
