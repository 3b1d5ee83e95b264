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
  const [before, lost, again, message, ...rest] = watch.lines.all.filter(
    ({ type }) => type !== 'member-joined' && type !== 'connecting',
  );
  t.match(before, { type: 'connected', relay: relay.address });
  t.match(lost, { type: 'disconnected', relay: relay.address, reason: String });
  t.match(again, { type: 'connected', relay: relay.address });
  t.match(message, { type: 'message', content: 'after the crash' });
  t.strictSame(rest, []);
});
