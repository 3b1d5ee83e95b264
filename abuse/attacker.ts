import { attacks } from './attacks/index.ts';

const [title = '', host = '', port = ''] = process.argv.slice(2);
const attack = attacks.find((candidate) => candidate.title === title);
if (attack === undefined) throw new Error(`no attack is called ${title}`);

const stop = new AbortController();
process.on('message', () => stop.abort());
process.on('disconnect', () => process.exit(1));
await attack.run({ host, port: Number(port) }, stop.signal, () => process.send?.({ begun: true }));
process.exit(0);
