import t from 'tap';
import { Failed, type Scenario, Unjudged, Unproven } from '../../src/model.ts';
import { runScenario } from '../../src/run/scenario.ts';
import { AdapterFailure } from '../../src/zkcp/adapter.ts';

function scenario(run: () => Promise<void>): Scenario<undefined> {
  return { id: 'a/b/c', title: '', level: 'must', requirements: [], requires: [], run };
}

async function verdictOf(run: () => Promise<void>, deadlineMs = 20_000, givenUp: string[] = []) {
  const giveUp = (detail: string) => void givenUp.push(detail);
  return runScenario(scenario(run), { target: undefined, log: [], deadlineMs, giveUp });
}

t.test('how a scenario ends is its verdict', async (t) => {
  t.match(await verdictOf(async () => {}), { verdict: 'pass' });
  const failed = async () => {
    throw new Failed('the cursor', '4', '5');
  };
  t.match(await verdictOf(failed), {
    verdict: 'fail',
    expected: '4',
    actual: '5',
    detail: 'the cursor: expected 4, got 5',
  });
  const unproven = async () => {
    throw new Unproven('no group');
  };
  t.match(await verdictOf(unproven), { verdict: 'unproven', detail: 'no group' });
  const unjudged = async () => {
    throw new Unjudged('give a token');
  };
  t.match(await verdictOf(unjudged), { verdict: 'unjudged', detail: 'give a token' });
  const broken = async () => {
    throw new TypeError('x is undefined');
  };
  t.match(await verdictOf(broken), { verdict: 'fail', actual: 'TypeError: x is undefined' });
});

t.test('a failure of the adapter passes through', async (t) => {
  const failure = new AdapterFailure('crash', 'gone', { stderr: '' });
  await t.rejects(
    verdictOf(async () => Promise.reject(failure)),
    failure,
  );
});

t.test('a scenario without an end is a hang, and what it waits for is given up', async (t) => {
  const givenUp: string[] = [];
  const judgement = await verdictOf(() => new Promise(() => undefined), 20, givenUp);
  t.match(judgement, { verdict: 'hang', actual: 'no end within 20 ms' });
  t.strictSame(givenUp, ['a/b/c: no end within 20 ms']);
});
