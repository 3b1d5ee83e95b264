import { join } from 'node:path';
import t from 'tap';
import { openDevice } from '../../src/node/index.ts';
import { World } from '../support/world.ts';

t.test('CL-20 the event loop turns while many messages that nobody awaits are queued', async (test) => {
  const world = await World.create(test);
  const { clock, network, crypto } = world;
  const dataDir = join(test.testdir(), 'device');
  const device = await openDevice({ dataDir, clock, transport: network.transport('device'), crypto });
  const group = await device.createGroup();
  let queued = 0;
  /** The number of messages that were queued at each turn of the event loop. */
  const turns: number[] = [];
  let isOver = false;
  const turn = () => {
    if (turns.at(-1) !== queued) turns.push(queued);
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  const contents = Array.from({ length: 2000 }, (_, index) => `${index}`);
  const pushed = contents.map(async (content) => {
    await group.push(content);
    queued += 1;
  });
  await Promise.all(pushed);
  isOver = true;
  test.ok(turns.length >= 7, `between two pieces of 256 messages the loop turns: ${turns}`);
  const stored: string[] = [];
  for await (const page of group.log.read()) stored.push(...page.map(({ content }) => `${content}`));
  test.same(stored, contents);
  await world.shutDevice(device);
});
