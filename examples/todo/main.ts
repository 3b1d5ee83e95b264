// Usage: main.ts <folder> create <relay> | invite | join <invite> | add <text> | done <id> | sync | list
import { openDevice } from '@0k-sync/client/node';
import { applyEdits, SCHEMA, type Todo } from './todos.ts';

const [folder = 'todo', command = 'list', argument = ''] = process.argv.slice(2);
const device = await openDevice({ dataDir: folder });
await device.tables.run(SCHEMA);
if (command === 'create') await device.createGroup({ relays: [argument] });
if (command === 'join') await device.join(argument);
const [group] = device.groups;
if (group === undefined) throw new Error('create a list, or join one');
const edit = (todo: object) => group.push(JSON.stringify(todo), { topic: 'todos' });
if (command === 'add') await edit({ id: crypto.randomUUID(), text: argument, done: 0 });
const known = await device.tables.get<Todo>('SELECT id, text FROM todo WHERE id = ?', argument);
if (command === 'done' && known) await edit({ ...known, done: 1 });
// The relay has stored the edits of this device, and this device those of the relay.
if (command === 'sync') await Promise.all([group.flush(), group.caughtUp()]);
await group.log.process('todos', applyEdits, { topic: 'todos', live: false });
const todos = await device.tables.all<Todo>('SELECT * FROM todo ORDER BY text');
if (command === 'invite') console.log(await group.invite());
else for (const { id, text, done } of todos) console.log(`[${done ? 'x' : ' '}] ${text} (${id})`);
await device.close();
