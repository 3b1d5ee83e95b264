import { identifiers } from '@0k-sync/spec/requirements';
import t from 'tap';
import { scenarios } from '../../src/suites/client/index.ts';
import { clientTarget, judge } from './adapters.ts';

// Processes and real QUIC, on whatever machine this is.
t.setTimeout(240_000);

const knownIds = new Set<string>(Object.keys(identifiers));

t.test('every scenario has an id of its own, a sentence, requirements of the spec and what it needs', async (test) => {
  test.ok(scenarios.length >= 200);
  test.equal(new Set(scenarios.map(({ id }) => id)).size, scenarios.length);
  for (const scenario of scenarios) {
    test.match(scenario.id, /^client\/[a-z0-9-]+\/[a-z0-9-]+$/);
    test.match(scenario.title, /^[A-Za-z].*[^.]$/, scenario.id);
    test.ok(scenario.requires.includes('client'), scenario.id);
    test.ok(scenario.requirements.length > 0, scenario.id);
    for (const id of scenario.requirements) test.ok(knownIds.has(id), `${scenario.id}: ${id}`);
  }
});

/** One of each kind; the whole level runs in `make conformance`. */
const picked = [
  'client/envelope/signature-malleable',
  'client/member/fork',
  'client/segment/live-missing',
  'client/gap/late',
  'client/duplicate/whole-log-again',
  'client/pages/has-more-moves-nothing',
  'client/claim/limits-zero',
  'client/rollback/reported-and-healed',
  'client/identity/completed-kem',
  'client/handshake/version-answer',
  'client/frames/record-replayed',
  'client/ends/refused-pull',
  'client/push/lost-ack',
  'client/own-chain/fork',
  'client/durable/killed-at-ack',
  'client/pairing/wrong-passphrase',
  'client/members/another-auth-key',
  'client/content/unicode',
];

t.test('the TypeScript client passes', async (test) => {
  const target = await clientTarget(test, 'adapter/main.ts');
  const chosen = scenarios.filter(({ id }) => picked.includes(id));
  test.equal(chosen.length, picked.length, 'all of them exist');
  for (const scenario of chosen) test.same(await judge(scenario, target), ['pass', ''], scenario.id);
});
