// An app of two devices: two devices meet in a group, and one gets what the other pushes. Usage: two-devices.ts <relay> <data folder>
import { type Message, type PushReceipt, SyncError, SyncSession } from '@0k-sync/client/node';

async function syncTwoDevices(relay: string, folder: string): Promise<Message[]> {
  const laptop = await SyncSession.new(undefined, [relay], { dataDir: `${folder}/laptop`, deviceName: 'laptop' });
  const phone = await SyncSession.new(undefined, [], { dataDir: `${folder}/phone`, deviceName: 'phone' });
  try {
    await phone.pairJoin(await laptop.pair());
    const receipt: PushReceipt = await laptop.push('hello', { metadata: 'greeting' });
    await receipt.acknowledged;
    return await phone.pull();
  } finally {
    await Promise.all([laptop.close(), phone.close()]);
  }
}

const [relay = '', folder = 'data'] = process.argv.slice(2);
syncTwoDevices(relay, folder).then(
  (messages) => console.log(JSON.stringify(messages.map(({ content }) => content))),
  (error: unknown) => {
    console.error(error instanceof SyncError ? `${error.kind}: ${error.message} ${error.hint}` : error);
    process.exitCode = 1;
  },
);
