// One life of a device with the to-do list: pushes edits, applies what the log has, and syncs if it is told to.
// Usage: device.ts <folder> <task as JSON>; KILL_AT=<n> kills it before its step n. Prints a Report as its last line.
import { join } from 'node:path';
import { openDevice, SqliteDeviceStore, SqliteTables, STORE_FILE_NAME, TABLES_FILE_NAME } from '@0k-sync/client/node';
import { QuicTransport } from '@0k-sync/transport/quic';
import { applyEdits, SCHEMA, type Todo } from '../../../examples/todo/todos.ts';
import { Steps } from './steps.ts';

/** An edit with the id of its message, so that it may be made again after a crash. */
export interface Edit {
  readonly id: string;
  readonly todo: Pick<Todo, 'id' | 'text' | 'done'>;
}

/** The task of a device. */
export interface Task {
  readonly relay?: string;
  readonly invite?: string;
  readonly edits: readonly Edit[];
  readonly isOnline: boolean;
}

/** The report of a device before it ends. */
export interface Report {
  readonly steps: number;
  readonly invite?: string;
  readonly list: readonly Todo[];
}

async function run(folder: string, { relay, invite, edits, isOnline }: Task): Promise<Report> {
  const steps = new Steps(Number(process.env['KILL_AT'] ?? 0));
  const device = await openDevice({
    dataDir: folder,
    name: folder.split('/').at(-1) ?? '',
    store: steps.store(new SqliteDeviceStore(join(folder, STORE_FILE_NAME))),
    tables: steps.tables(new SqliteTables(join(folder, TABLES_FILE_NAME))),
    transport: steps.transport(new QuicTransport()),
    offline: !isOnline,
  });
  if (invite !== undefined) await device.join(invite);
  const group = device.groups[0] ?? (await device.createGroup(relay === undefined ? {} : { relays: [relay] }));
  await device.tables.run(SCHEMA);
  const apply = () => group.log.process('todos', applyEdits, { topic: 'todos', live: false });
  for (const { id, todo } of edits) {
    steps.step();
    await group.push(JSON.stringify(todo), { topic: 'todos', id });
    steps.step();
  }
  await apply();
  if (isOnline) {
    await group.flush();
    await group.caughtUp();
    await apply();
  }
  const report = {
    steps: steps.count,
    ...(relay !== undefined && { invite: await group.invite() }),
    list: await device.tables.all<Todo>('SELECT id, text, done, edits FROM todo ORDER BY id'),
  };
  await device.close();
  return report;
}

const [folder = '', task = '{}'] = process.argv.slice(2);
console.log(JSON.stringify(await run(folder, JSON.parse(task))));
