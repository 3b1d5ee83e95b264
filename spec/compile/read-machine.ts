import { checkKebab, checkUnique, readList } from './cells.ts';
import { compareId } from './identifiers.ts';
import type { Machine, MachineRow, Transition } from './model.ts';
import { compareText, type Report } from './report.ts';
import type { Table, Tables } from './tables.ts';

/** Every state that has no row of its own for the event. */
export const ANY = '*';
/** The state stays as it is. */
export const STAY = '=';

/** The machines, each with its rows expanded; check-machine.ts proves them. */
export function readMachines(tables: Tables, report: Report): Machine[] {
  const machines = tables.machine.map((table) => readMachine(table, report));
  checkUnique(machines, ({ name }) => name, 'machine', report);
  return machines.sort((a, b) => compareText(a.name, b.name));
}

function readMachine(table: Table<'machine'>, report: Report): Machine {
  const [name = '', ...attributes] = table.words;
  const values = new Map(attributes.map((attribute) => splitAttribute(attribute)));
  const initial = values.get('initial') ?? '';
  const finals = (values.get('final') ?? '').split(',').filter((state) => state !== '');
  if (values.size !== attributes.length || values.size !== 2 || name === '' || initial === '' || finals.length === 0) {
    report(table.place, 'a machine is marked "machine <name> initial=<state> final=<state>[,<state>]"');
  }
  checkKebab(name, 'machine', table.place, report);
  const rows = table.rows.map(({ place, cell }) => ({ ...cell, place, actions: readList(cell.actions) }));
  for (const row of rows) checkWords(row, report);
  rows.sort((a, b) => compareId(a.id, b.id));
  const states = collectStates(rows, initial, finals);
  const events = [...new Set(rows.map(({ event }) => event))];
  return {
    place: table.place,
    name,
    initial,
    finals,
    states,
    events,
    rows,
    table: expand(rows, states, finals, events),
  };
}

function splitAttribute(attribute: string): [string, string] {
  const [key = '', ...value] = attribute.split('=');
  return [key, value.join('=')];
}

function checkWords({ place, state, event, next, actions }: MachineRow, report: Report): void {
  if (state !== ANY) checkKebab(state, 'state', place, report);
  if (next !== STAY) checkKebab(next, 'state', place, report);
  checkKebab(event, 'event', place, report);
  for (const action of actions) checkKebab(action, 'action', place, report);
}

/** The initial state first, then by first appearance in the rows, the final ones last. */
function collectStates(rows: readonly MachineRow[], initial: string, finals: readonly string[]): string[] {
  const named = rows.flatMap(({ state, next }) => [state, next]).filter((state) => state !== ANY && state !== STAY);
  const states = new Set([initial, ...named.filter((state) => !finals.includes(state)), ...finals]);
  return [...states];
}

/** The first row of a (state, event) counts, an own one before `*`; duplicates are for the check to report. */
function expand(
  rows: readonly MachineRow[],
  states: readonly string[],
  finals: readonly string[],
  events: readonly string[],
): Map<string, Map<string, Transition>> {
  const table = new Map<string, Map<string, Transition>>();
  for (const state of states.filter((candidate) => !finals.includes(candidate))) {
    const transitions = new Map<string, Transition>();
    for (const event of events) {
      const ofEvent = rows.filter((row) => row.event === event);
      const row =
        ofEvent.find((candidate) => candidate.state === state) ?? ofEvent.find((candidate) => candidate.state === ANY);
      if (row === undefined) continue;
      transitions.set(event, { next: row.next === STAY ? state : row.next, actions: row.actions, id: row.id });
    }
    table.set(state, transitions);
  }
  return table;
}
