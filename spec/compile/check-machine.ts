import type { Machine, MachineRow } from './model.ts';
import { ANY } from './read-machine.ts';
import type { Report } from './report.ts';

/** Proves that a machine is deterministic and total, and that every state is reached and can end. */
export function checkMachine(machine: Machine, report: Report): void {
  checkDeterministic(machine, report);
  checkOwnRows(machine, report);
  checkTotal(machine, report);
  checkReachable(machine, report);
  checkEnds(machine, report);
}

/** Reports two rows for one state and event, and a `*` row that stands for no state. */
function checkDeterministic({ name, rows, table }: Machine, report: Report): void {
  const seen = new Map<string, MachineRow>();
  for (const row of rows) {
    const key = `${row.state} ${row.event}`;
    const first = seen.get(key);
    if (first !== undefined) {
      report(
        row.place,
        `${row.id}: ${name} has a row for "${row.event}" in state "${row.state}" already (${first.id})`,
      );
    } else {
      seen.set(key, row);
      const used = [...table.values()].some((transitions) => transitions.get(row.event)?.id === row.id);
      if (row.state === ANY && !used)
        report(row.place, `${row.id}: every state of ${name} has its own row for "${row.event}"`);
    }
  }
}

/** Final states have no rows; every other one has a row of its own, so that a misspelt `next` is no new state. */
function checkOwnRows({ name, place, initial, finals, states, rows }: Machine, report: Report): void {
  for (const row of rows) {
    if (finals.includes(row.state)) report(row.place, `${row.id}: the final state "${row.state}" of ${name} has a row`);
  }
  for (const state of states) {
    if (finals.includes(state) || rows.some((row) => row.state === state)) continue;
    const row = rows.find(({ next }) => next === state);
    report(row?.place ?? place, `the state "${state}" of ${name} has no row of its own and is not final`);
  }
  if (finals.includes(initial)) report(place, `the initial state "${initial}" of ${name} is final`);
}

function checkTotal({ name, place, events, rows, table }: Machine, report: Report): void {
  for (const [state, transitions] of table) {
    const last = rows.findLast((row) => row.state === state);
    for (const event of events) {
      if (!transitions.has(event))
        report(last?.place ?? place, `${name} has no row for "${event}" in state "${state}"`);
    }
  }
}

function checkReachable({ name, place, initial, states, rows, table }: Machine, report: Report): void {
  const reached = new Set([initial]);
  for (const state of reached) {
    for (const { next } of table.get(state)?.values() ?? []) reached.add(next);
  }
  for (const state of states) {
    const row = rows.find((candidate) => candidate.state === state);
    if (!reached.has(state)) report(row?.place ?? place, `the state "${state}" of ${name} is never reached`);
  }
}

/** Reports each state from which no final state can be reached. */
function checkEnds({ name, place, finals, rows, table }: Machine, report: Report): void {
  const ending = new Set(finals);
  for (let before = -1; before !== ending.size; ) {
    before = ending.size;
    for (const [state, transitions] of table) {
      if ([...transitions.values()].some(({ next }) => ending.has(next))) ending.add(state);
    }
  }
  for (const state of table.keys()) {
    const row = rows.find((candidate) => candidate.state === state);
    if (!ending.has(state)) report(row?.place ?? place, `no final state of ${name} can be reached from "${state}"`);
  }
}
