import t from 'tap';
import { Watch } from '../../tools/demo/device.ts';
import { zerok } from './support/program.ts';
import { pairThrough, startRelay } from './support/relay.ts';

const PATIENCE_MS = 60_000;
const relay = await startRelay();

t.test('CL-36 watch says that the relay is gone, comes back by itself and misses nothing', async (t) => {
  const { a, b } = await pairThrough(relay);
  const watch = new Watch(['--data-dir', b]);
  t.teardown(() => watch.interrupt());
  await watch.lines.first('connected', PATIENCE_MS, ({ type }) => type === 'connected');
  await relay.kill();
  await relay.restart();
  t.equal((await zerok(['push', 'after the crash', '--data-dir', a])).code, 0);
  await watch.lines.first('message', PATIENCE_MS, ({ content }) => content === 'after the crash');
  t.equal(await watch.interrupt(), 0);
  const told = watch.lines.all.filter(({ type }) => type !== 'member-joined' && type !== 'connecting');
  // An attempt before the relay is back has a reason of its own.
  const losses = told.slice(1, -2);
  t.match(told.at(0), { type: 'connected', relay: relay.address });
  t.ok(losses.length > 0);
  for (const lost of losses) t.match(lost, { type: 'disconnected', relay: relay.address, reason: String });
  t.equal(new Set(losses.map(({ reason }) => reason)).size, losses.length, 'each reason once');
  t.match(told.at(-2), { type: 'connected', relay: relay.address });
  t.match(told.at(-1), { type: 'message', content: 'after the crash' });
});
