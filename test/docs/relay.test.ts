import t from 'tap';
import { examplesOf } from './support/pages.ts';
import { RELAY, startRelay } from './support/relay.ts';
import { shellWith } from './support/shell.ts';

t.test('docs/relay.md: the commands of the page', async (t) => {
  const directory = t.testdir();
  const shell = shellWith(directory, RELAY);
  const { adminPort } = await startRelay(t, directory);
  for (const [name, script] of examplesOf('docs/relay.md')) {
    const run = shell(script.replaceAll('127.0.0.1:9433', `127.0.0.1:${adminPort}`));
    t.equal(run.status, 0, name, { stderr: run.stderr });
  }
});
