import { readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Device } from '@0k-sync/testkit/author';
import t, { type Test } from 'tap';
import { OperatorFailure } from '../../src/operator/failure.ts';
import { DATABASE_FILE } from '../../src/store/database.ts';
import { TestRelay } from '../support/relay.ts';

/** Runs a relay that stores something, and takes its database away as `lose` says. */
async function bereft(t: Test, lose: (file: string) => void): Promise<string> {
  const directory = t.testdir();
  const relay = await TestRelay.start(t, {}, directory);
  const device = new Device();
  await (await relay.member(device)).push(device.items(3));
  await relay.close();
  lose(join(directory, DATABASE_FILE));
  return directory;
}

const LOSSES: Readonly<Record<string, (file: string) => void>> = {
  missing: (file) => rmSync(file),
  emptied: (file) => truncateSync(file, 0),
};

for (const [name, lose] of Object.entries(LOSSES)) {
  t.test(`RL-86 finding/R10 storage.begin_anew: a database that is ${name} beside a known key is said`, async (t) => {
    const directory = await bereft(t, lose);
    const refusal = await TestRelay.start(t, {}, directory).catch((error: unknown) => error);
    if (!(refusal instanceof OperatorFailure)) throw new Error('it began anew without a word');
    t.match(refusal.message, /has the key of a relay, and its database relay\.sqlite is missing or empty/);
    t.match(refusal.hint, /restore .* storage\.begin_anew = true/);
    const anew = await TestRelay.start(t, { storage: { begin_anew: true } }, directory);
    const device = new Device();
    await (await anew.member(device)).push(device.items(1));
    await anew.close();
    const again = await TestRelay.start(t, {}, directory);
    t.equal((await (await again.member(device)).pullSegment()).head, 1n, 'a database with tables is no new one');
  });
}

t.test('RL-86 a first start needs no word, and one that finds a database without a key makes one', async (t) => {
  const directory = t.testdir();
  const first = await TestRelay.start(t, {}, directory);
  await first.close();
  rmSync(join(directory, 'relay.key'));
  const second = await TestRelay.start(t, {}, directory);
  t.notSame(second.relay.keys.nodeId, first.relay.keys.nodeId);
});

t.test('RL-83 a start where everything is there writes nothing', async (t) => {
  const directory = t.testdir();
  const first = await TestRelay.start(t, {}, directory);
  const device = new Device();
  await (await first.member(device)).push(device.items(3));
  await first.close();
  const contents = () =>
    readdirSync(directory).map((name) => [name, readFileSync(join(directory, name)).toString('hex')]);
  const before = contents();
  t.ok(before.length > 3, 'key, database, lock and reserve');
  const second = await TestRelay.start(t, {}, directory);
  await second.close();
  t.same(contents(), before);
});
