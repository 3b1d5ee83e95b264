import { clientSession } from '@0k-sync/generated/machines/client-session';
import { epoch } from '@0k-sync/generated/machines/epoch';
import { handshakeInitiator } from '@0k-sync/generated/machines/handshake-initiator';
import { handshakeResponder } from '@0k-sync/generated/machines/handshake-responder';
import { invite } from '@0k-sync/generated/machines/invite';
import { outboxEntry } from '@0k-sync/generated/machines/outbox-entry';
import { relaySession } from '@0k-sync/generated/machines/relay-session';
import { identifiers } from '@0k-sync/spec/requirements';
import t from 'tap';
import { Machine } from '../../src/machine/index.ts';

const machines = { clientSession, epoch, handshakeInitiator, handshakeResponder, invite, outboxEntry, relaySession };

type Table = ConstructorParameters<typeof Machine<string, string, string>>[0];

/** Finds the shortest events that lead from the initial state to each other state. */
function pathsOf(table: Table): Map<string, string[]> {
  const paths = new Map<string, string[]>([[table.initial, []]]);
  for (const [state, path] of paths) {
    for (const [event, row] of Object.entries(table.table[state] ?? {})) {
      if (row !== undefined && !paths.has(row.next)) paths.set(row.next, [...path, event]);
    }
  }
  return paths;
}

const exercised = new Set<string>();
for (const table of Object.values(machines) as Table[]) {
  for (const [state, path] of pathsOf(table)) {
    const rows = Object.entries(table.table[state] ?? {});
    const ids = [...new Set(rows.map(([, row]) => row?.id ?? ''))].join(' ');
    t.test(`${table.name} in ${state} steps as its rows say: ${ids}`, async (t) => {
      for (const [event, row] of rows) {
        const machine = new Machine<string, string, string>(table);
        for (const step of path) machine.step(step);
        t.equal(machine.state, state);
        t.strictSame(machine.step(event), row?.actions, `${row?.id} ${event}`);
        t.equal(machine.state, row?.next);
        exercised.add(row?.id ?? '');
      }
      const isFinal = table.finals.includes(state);
      if (!isFinal) return;
      const machine = new Machine<string, string, string>(table);
      for (const step of path) machine.step(step);
      t.ok(machine.isFinal);
      for (const event of table.events) t.strictSame(machine.step(event), [], `nothing comes after ${state}`);
    });
  }
}

t.test(
  'SE-02, HS-30 to HS-45, HS-50 to HS-64, SE-30 to SE-65, SE-70 to SE-109, RO-40 to RO-48: every row of every machine was taken',
  async (t) => {
    const transitions = Object.entries(identifiers).filter(([, kind]) => kind === 'transition');
    t.ok(transitions.length > 100);
    for (const [id] of transitions) t.ok(exercised.has(id), id);
  },
);
