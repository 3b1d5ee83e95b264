import { join } from 'node:path';
import t from 'tap';
import { lockDirectory } from '../../src/store/directory-lock.ts';

t.test('a data directory has one relay at a time', async (t) => {
  const directory = join(t.testdir(), 'data');
  const lock = lockDirectory(directory);
  t.throws(() => lockDirectory(directory), /another relay is using the directory/);
  lock.release();
  lockDirectory(directory).release();
});
