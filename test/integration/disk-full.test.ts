import { join } from 'node:path';
import t from 'tap';
import { smallDisk } from '../../relay/test/support/faults/small-disk.ts';
import { AppProcess } from './support/app-process.ts';

const DISK_BYTES = 4 * 1024 * 1024;
const LARGE = 'x'.repeat(100_000);
const FULL = { error: { kind: 'store', message: /could not be stored: .*(full|disk)/, hint: /disk is not full/ } };
const id = (number: number) => number.toString(16).padStart(32, '0');

t.test('CL-20 a push on a full disk rejects, nothing is lost, and the next one works', async (t) => {
  const disk = smallDisk(t, DISK_BYTES);
  const dataDir = join(disk.folder, 'data');
  const app = new AppProcess(t, dataDir, disk.environment);
  t.match(await app.next(), { event: 'open' });
  const kept: string[] = [];
  const push = (content: string) => app.ask({ do: 'push', id: id(kept.length + 1), content });
  for (const content of ['one', 'two']) {
    t.match(await push(content), { position: kept.length + 1 });
    kept.push(content);
  }

  // The pages that SQLite has allocated before take a few more messages; then there is no room anywhere.
  let refusal = await refilled();
  for (; refusal.error === undefined; refusal = await refilled()) kept.push(`${kept.length} ${LARGE}`);
  async function refilled() {
    disk.fill();
    return await push(`${kept.length} ${LARGE}`);
  }
  t.match(refusal, FULL);
  t.match(await push(`${kept.length} ${LARGE}`), FULL, 'each time');
  t.same(await app.ask({ do: 'list' }), { contents: kept }, 'what was pushed before is read on');

  disk.free();
  t.match(await push('with room'), { position: kept.length + 1 }, 'the refused one has left no trace');
  kept.push('with room');
  await app.kill();
  const again = new AppProcess(t, dataDir, disk.environment);
  t.match(await again.next(), { event: 'open' });
  t.same(await again.ask({ do: 'list' }), { contents: kept });
});
