import { constantOf, keyed, moduleOf, type Output, PROTOCOL } from './emit-module.ts';
import type { Machine, MachineRow } from './model.ts';
import { ANY, STAY } from './read-machine.ts';

const TYPES = `/** The effect of an event in a state; \`id\` is the spec's row. */
export type Transition<State extends string, Action extends string> = {
  readonly next: State
  readonly actions: readonly Action[]
  readonly id: string
}

/** A proven machine: every state that is not final has one transition for every event. */
export type Machine<State extends string, Event extends string, Action extends string> = {
  readonly name: string
  readonly initial: State
  readonly finals: readonly State[]
  readonly states: readonly State[]
  readonly events: readonly Event[]
  readonly actions: readonly Action[]
  readonly table: { readonly [S in State]?: { readonly [E in Event]: Transition<State, Action> } }
}`;

/** `machine.ts`: the types that every machine has. */
export function emitMachineTypes(): Output {
  return moduleOf(PROTOCOL, 'machine', [TYPES]);
}

/** `machines/<machine>.ts`: a machine as data, and the types of its states, events and actions. */
export function emitMachine({ name, place, initial, finals, states, events, rows, table }: Machine): Output {
  const constant = camelCase(name);
  const type = constant.charAt(0).toUpperCase() + constant.slice(1);
  const actions = [...new Set(rows.flatMap((row) => row.actions))];
  const expanded = keyed(
    [...table],
    ([state]) => state,
    ([, transitions]) => Object.fromEntries(transitions),
  );
  const value = { name, initial, finals, states, events, actions, table: expanded };
  return moduleOf(PROTOCOL, `machines/${name}`, [
    constantOf(`The machine \`${name}\` of ${place.file}.`, constant, value),
    [
      `export type ${type}State = (typeof ${constant}.states)[number]`,
      `export type ${type}Event = (typeof ${constant}.events)[number]`,
      `export type ${type}Action = (typeof ${constant}.actions)[number]`,
    ].join('\n'),
  ]);
}

/** `diagrams/<machine>.md`: a Mermaid diagram and the rows behind it. */
export function emitDiagram(machine: Machine): Output {
  const { name, place, initial, finals, states } = machine;
  const text = [
    '<!-- generated, do not edit: `make generate` writes this file from spec/ -->',
    '',
    `# ${name}`,
    '',
    `From [${place.file}](../../${place.file}). Arrows name the event and the row; \`*\` rows are drawn from each state that they stand for.`,
    '',
    '```mermaid',
    'stateDiagram-v2',
    ...states.map((state) => `  state "${state}" as ${stateId(state)}`),
    `  [*] --> ${stateId(initial)}`,
    ...drawArrows(machine),
    ...finals.map((state) => `  ${stateId(state)} --> [*]`),
    '```',
    '',
    '| row | state | event | next | actions |',
    '|---|---|---|---|---|',
    ...machine.rows.map((row) => describeRow(row)),
  ];
  return { path: `diagrams/${name}.md`, text: `${text.join('\n')}\n` };
}

/** Draws one arrow per pair of states, with a line per event. */
function drawArrows({ table }: Machine): string[] {
  const arrows = new Map<string, string[]>();
  for (const [state, transitions] of table) {
    for (const [event, { next, id }] of transitions) {
      const arrow = `  ${stateId(state)} --> ${stateId(next)}`;
      arrows.set(arrow, [...(arrows.get(arrow) ?? []), `${event} (${id})`]);
    }
  }
  return [...arrows].map(([arrow, events]) => `${arrow}: ${events.join('<br/>')}`);
}

function describeRow({ id, state, event, next, actions }: MachineRow): string {
  const cells = [
    id,
    state === ANY ? 'any other' : state,
    event,
    next === STAY ? 'stays' : next,
    actions.join(', ') || '—',
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Mermaid reads a hyphen as the beginning of an arrow. */
function stateId(state: string): string {
  return state.replaceAll('-', '_');
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
