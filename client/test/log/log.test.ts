import t, { type Test } from 'tap';
import { LogFile } from '../support/log-file.ts';

async function openFile(test: Test): Promise<LogFile> {
  const file = new LogFile(test.testdir());
  test.teardown(() => file.close());
  return file;
}

const flat = (file: LogFile, options = {}) => file.read(options);

t.test('the log is read in pages, from a position, by topic, up to a limit', async (test) => {
  const file = await openFile(test);
  const numbers = Array.from({ length: 600 }, (_, index) => index + 1);
  await Promise.all(numbers.map((number) => file.push(`${number}`, number % 3 === 0 ? 'third' : '')));
  const [first] = await file.pages();
  test.ok((first?.length ?? 0) < 600);
  test.same(
    (await flat(file)).map(({ position, content }) => `${position}` === content),
    Array.from({ length: 600 }, () => true),
  );
  test.same(
    (await flat(file, { after: 597 })).map(({ content }) => content),
    ['598', '599', '600'],
  );
  test.same(
    (await flat(file, { after: 590, limit: 2 })).map(({ content }) => content),
    ['591', '592'],
  );
  test.equal((await flat(file, { topic: 'third' })).length, 200);
  test.equal((await flat(file, { topic: '' })).length, 400);
  test.equal(file.log.head, 600);
});

t.test('an own message is shown as such before a relay has it', async (test) => {
  const file = await openFile(test);
  await file.push('mine', 'todos');
  await file.accept(1, 'theirs');
  const [mine, theirs] = await flat(file);
  test.match(mine, { position: 1, content: 'mine', topic: 'todos', own: true, sentAtMs: 1 });
  test.notOk(mine !== undefined && 'receivedAtMs' in mine);
  test.match(theirs, { position: 2, content: 'theirs', topic: '', own: false, receivedAtMs: 1001 });
  test.not(mine?.sender, theirs?.sender);
});

t.test('unread counts what others have written behind the cursor, as one stable object', async (test) => {
  const file = await openFile(test);
  const unread = file.log.unread('ui');
  test.equal(file.log.unread('ui'), unread);
  const counts: number[] = [];
  const stop = unread.subscribe((count) => void counts.push(count));
  const counted = () => (file.log.unread('ui') as unknown as { settled(): Promise<void> }).settled();
  await counted();
  test.equal(unread.current, 0);
  await file.accept(1, 'one', 'todos');
  await file.push('mine');
  await file.accept(2, 'two');
  await counted();
  test.equal(unread.current, 2);
  const todos = file.log.unread('ui', { topic: 'todos' });
  await (todos as unknown as { settled(): Promise<void> }).settled();
  test.equal(todos.current, 1);
  await file.log.moveCursor('ui', 1);
  await counted();
  test.equal(unread.current, 1);
  await file.log.moveCursor('ui', file.log.head);
  await counted();
  test.equal(unread.current, 0);
  stop();
  await file.accept(3, 'three');
  await counted();
  test.equal(unread.current, 1);
  test.equal(counts.at(-1), 0, 'nobody is told after the end');
});

t.test('pruning goes no further than the slowest cursor, and keeps what no relay has', async (test) => {
  const file = await openFile(test);
  for (let sequence = 1; sequence <= 4; sequence += 1) await file.accept(sequence, `${sequence}`);
  await file.push('mine');
  test.equal(await file.log.prune(), 0, 'nothing says what may go');
  await file.log.moveCursor('fast', 5);
  await file.log.moveCursor('slow', 2);
  test.equal(await file.log.prune({ through: 4 }), 2);
  test.same(
    (await flat(file)).map(({ content }) => content),
    ['3', '4', 'mine'],
  );
  await file.log.removeCursor('slow');
  test.equal(await file.log.prune(), 2);
  test.same(
    (await flat(file)).map(({ content }) => content),
    ['mine'],
  );
  test.equal(file.log.head, 5);
});
