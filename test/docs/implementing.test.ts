import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { examplesOf, ROOT } from './support/pages.ts';
import { startRelay } from './support/relay.ts';
import { shellWith } from './support/shell.ts';

const TYPESCRIPT = join(ROOT, 'conformance/implementations/typescript/adapter');
const CONFORMANCE = join(ROOT, 'conformance/bin/0k-conformance.js');

t.test('docs/implementing.md: the adapter of the first step is green, clients and a relay can be tested', async (t) => {
  const directory = t.testdir();
  const page = examplesOf('docs/implementing.md');
  writeFileSync(join(directory, 'adapter'), page.get('adapter') ?? '', { mode: 0o755 });
  const shell = shellWith(directory, CONFORMANCE);
  const first = shell(page.get('first') ?? '');
  t.equal(first.status, 0, 'doctor and the first vectors', { stderr: first.stderr, stdout: first.stdout });
  // From here on the page's adapter is a whole implementation: the one in this tree.
  for (const place of ['.', 'other', 'relay']) {
    mkdirSync(join(directory, place), { recursive: true });
    writeFileSync(join(directory, place, 'adapter'), `#!/bin/sh\nexec '${TYPESCRIPT}'\n`, { mode: 0o755 });
  }
  const client = shell(page.get('client') ?? '');
  t.equal(client.status, 0, 'a client, and a pair of them', { stderr: client.stderr, stdout: client.stdout });
  const { pin } = await startRelay(t, join(directory, 'data'));
  const [nodeId = '', target = ''] = pin.split('@');
  const relay = shell((page.get('relay') ?? '').replace('127.0.0.1:4433', target).replace('NODEID', nodeId));
  t.equal(relay.status, 0, 'a relay by its address', { stderr: relay.stderr, stdout: relay.stdout });
});
