import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { QuicTransport } from '@0k-sync/transport/quic';
import t from 'tap';
import { collectEvidence } from '../../src/leak/oracle.ts';
import { findLeaks } from '../../src/leak/search.ts';
import { Adapter } from '../../src/zkcp/adapter.ts';

const ADAPTER = fileURLToPath(new URL('../../implementations/typescript/adapter', import.meta.url));
const START_MS = 60_000;

const directory = t.testdir();
const adapter = await Adapter.start([ADAPTER], { startDeadlineMs: START_MS });
t.teardown(() => adapter.stop());
mkdirSync(directory, { recursive: true });
const transport = new QuicTransport();
const evidence = await collectEvidence({ relay: adapter, clients: [adapter, adapter], directory, transport });
const { canaries, places, controls } = evidence;

t.test('SC-23 PA-06 RL-65 abuse/log-canary a whole run leaves no secret of its members anywhere', async (t) => {
  t.strictSame(findLeaks(places, canaries), []);
});

t.test('SC-23 the places are real: files hold the ciphertext, and no place is empty but by its name', async (t) => {
  const files = places.filter(({ name }) => name.includes('file'));
  for (const control of controls) t.not(findLeaks(files, [control]).length, 0, control.name);
  const kinds = [
    'running relay, file',
    'stopped relay, file',
    'relay metrics',
    'relay stderr',
    'error texts',
    'packets',
  ];
  for (const kind of [...kinds, 'streams inside TLS']) {
    t.ok(
      places.some(({ name, content }) => name.startsWith(kind) && content.length > 0),
      kind,
    );
  }
});

t.test('F-002 not even ciphertext is visible on the wire, with TLS or without', async (t) => {
  const wire = places.filter(({ name }) => name === 'packets' || name === 'streams inside TLS');
  t.equal(wire.length, 2);
  t.strictSame(findLeaks(wire, controls), []);
});

t.test('SC-23 self-test: a leak planted in each place, of each secret, is found there', async (t) => {
  for (const place of places) {
    for (const [index, canary] of canaries.entries()) {
      const at = Math.floor((place.content.length * index) / canaries.length);
      const content = Buffer.concat([place.content.subarray(0, at), canary.secret, place.content.subarray(at)]);
      const found = findLeaks([{ name: place.name, content }], [canary]);
      t.strictSame(found, [{ canary: canary.name, place: place.name, form: 'raw' }]);
    }
  }
});
