// The rows of frames.md that run in sessions.
import t from 'tap';
import { readCommitted } from '../../generate/write.ts';
import { faultyFrames, harmlessFrames } from '../../src/faults/live-frames.ts';
import { packageTables } from '../../src/faults/package-tables.ts';

const { file } = readCommitted('frames/decode.json');
const byId = new Map(file.cases.map((one) => [one.id.slice('frames/decode/'.length), one]));
const { faults, harmless, live, scenarios } = packageTables();
const rows = faults.filter(({ path }) => path === 'frames/decode');

t.test('every row runs where its sender may send it, and ids are unique', async (t) => {
  const [byClient, byRelay] = [faultyFrames('client'), faultyFrames('relay')];
  const ids = [...byClient, ...byRelay, ...harmlessFrames('client')].map(({ id }) => id);
  t.equal(new Set(ids).size, ids.length);
  const senders = { client: byClient, relay: byRelay };
  for (const { slug, says } of rows) {
    const from = byId.get(slug)?.in['from'] as keyof typeof senders;
    t.ok(
      senders[from].some(({ title }) => title.endsWith(`: ${says.replace(/\.$/, '')}`)),
      slug,
    );
  }
  t.ok(byClient.length + byRelay.length >= rows.length + live.length);
  const taken = harmless.filter(
    ({ path, slug }) => path === 'frames/decode' && byId.get(slug)?.in['from'] === 'client',
  );
  t.equal(harmlessFrames('client').length, taken.length);
});

t.test('what is sent where nothing else is given is what the vector holds', async (t) => {
  const idOf = (slug: string, level: string) =>
    scenarios.find(({ scenario, row }) => row === slug && scenario.startsWith(`${level}/`))?.scenario ??
    `${level}/decode/${slug}`;
  for (const [sender, level] of [
    ['client', 'relay'],
    ['relay', 'client'],
  ] as const) {
    const frames = new Map(faultyFrames(sender).map((one) => [one.id, one]));
    for (const { slug } of rows) {
      const frame = frames.get(idOf(slug, level));
      if (frame === undefined) continue;
      t.equal(Buffer.from(frame.bytes()).toString('hex'), byId.get(slug)?.in['bytes'], frame.id);
    }
  }
});

t.test('a change is one of the frame that is given', async (t) => {
  const [frame] = faultyFrames('client').filter(({ id }) => id === 'relay/decode/cursor-twice');
  t.same(frame?.bytes(Uint8Array.of(4, 0x5a, 2, 8, 7)), Buffer.from('065a0408070807', 'hex'));
  t.throws(() => frame?.bytes(Uint8Array.of(2, 0x6a, 0)), RangeError);
});

t.test('rows about a cut stream end it', async (t) => {
  const ends = faultyFrames('client').filter(({ endsStream }) => endsStream);
  t.ok(ends.length > 0);
  t.ok(ends.every(({ requirements }) => requirements.includes('WI-12')));
});
