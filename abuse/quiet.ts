import { QuietDevice } from './quiet-device.ts';

const [host = '', port = ''] = process.argv.slice(2);
const quiet = new QuietDevice({ host, port: Number(port) });
process.on('disconnect', () => process.exit(1));
process.on('message', async (message) => {
  if (message === 'take') process.send?.({ seen: quiet.take() });
  else process.send?.({ lost: await quiet.finish() });
});
await quiet.run();
