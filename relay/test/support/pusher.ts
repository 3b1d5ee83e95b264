import { createInterface } from 'node:readline';
import { VirtualClock } from '@0k-sync/testkit/time';
import { enrol, openStore, Sender } from './store.ts';

/** A process that pushes without end and prints each cursor once it is acknowledged. Killed by its parent. */
const [directory = ''] = process.argv.slice(2);
const store = await openStore(directory, new VirtualClock());
const first = new Sender(await enrol(store));
const others = [await enrol(store, first.device.groupId), await enrol(store, first.device.groupId)];
process.stdout.write(`group ${first.device.opened.group}\n`);
createInterface(process.stdin);

async function pushForEver(sender: Sender): Promise<void> {
  for (;;) {
    const item = sender.next();
    const [result] = await store.perform(sender.push(item));
    process.stdout.write(`${result?.cursor} ${Buffer.from(item.hash).toString('hex')}\n`);
  }
}

await Promise.all([first, ...others.map((device) => new Sender(device))].map(pushForEver));
