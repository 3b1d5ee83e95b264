// Two devices share a list of notes through a relay, also while the relay is gone. README.md shows how to run it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SyncSession } from '@0k-sync/client/node';
import { SharedNotes } from './notes.ts';
import { startRelay } from './relay.ts';

const directory = mkdtempSync(join(tmpdir(), 'shared-notes-'));
const dataDir = (name: string) => join(directory, name);

function show(device: string, notes: SharedNotes): void {
  console.log(`${device}:`);
  for (const { text, done } of notes.list()) console.log(`  [${done ? 'x' : ' '}] ${text}`);
}

const relay = await startRelay(dataDir('relay'));

// The laptop creates the group, the phone joins it with the invite.
const laptop = await SyncSession.new(undefined, [relay.address], { dataDir: dataDir('laptop'), deviceName: 'laptop' });
const phone = await SyncSession.new(undefined, [], { dataDir: dataDir('phone'), deviceName: 'phone' });
await phone.pairJoin(await laptop.pair());

const laptopNotes = new SharedNotes(laptop);
const phoneNotes = new SharedNotes(phone);
const following = [laptopNotes.follow(), phoneNotes.follow()];

await laptopNotes.add('bread');
await laptopNotes.add('milk');
await phoneNotes.until((notes) => notes.length === 2);
for (const { id, text } of phoneNotes.list()) if (text === 'milk') await phoneNotes.tick(id);
await laptopNotes.until((notes) => notes.some(({ done }) => done));

// Without the relay both go on writing. Nothing is lost, and nothing is sent twice.
await relay.stop();
await phoneNotes.add('coffee');
await laptopNotes.add('apples');
console.log(`the relay is gone; ${laptop.status.unsynced + phone.status.unsynced} notes wait`);

const port = Number(relay.address.split(':').at(-1));
const again = await startRelay(dataDir('relay'), port);
await Promise.all([laptop.connect(), phone.connect()]);
await Promise.all([laptopNotes, phoneNotes].map((notes) => notes.until((list) => list.length === 4)));
console.log('the relay is back');
show('laptop', laptopNotes);
show('phone', phoneNotes);

await Promise.all([laptop.close(), phone.close()]);
await Promise.all(following);
await again.stop();
rmSync(directory, { recursive: true });
