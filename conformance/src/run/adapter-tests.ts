import { randomBytes } from 'node:crypto';
import type { Level, TestInfo } from '../model.ts';
import { isPartOf, profileNamed } from '../profiles.ts';
import type { Adapter } from '../zkcp/adapter.ts';
import type { Judgement } from './result.ts';
import { ADAPTER_AREA } from './run.ts';
import type { Stray } from './supply.ts';

function adapterTest(name: string, title: string): TestInfo {
  return { id: `${ADAPTER_AREA}${name}`, title, level: 'must', requirements: [], requires: [] };
}

export const unknownOp = adapterTest('unknown-op', 'An op that nobody has is unsupported');
const profilesClaimed = adapterTest('profiles', 'A profile that hello claims needs nothing that hello disclaims');
const attributable = adapterTest('attributable', 'Every failure of the adapter has one test as its cause');

/** The last one: the adapter is gone then. */
export const bye = adapterTest('bye', 'After bye the adapter answers and exits with 0');

/** Judged by what the run knows already, also when the adapter is gone. */
export const knownTests: readonly TestInfo[] = [profilesClaimed, attributable];

/** Tests of the adapter itself, which are part of every run. */
export const adapterTests: readonly TestInfo[] = [unknownOp, ...knownTests, bye];

async function judgeUnknownOp(adapter: Adapter, deadlineMs: number, log: string[]): Promise<Judgement> {
  const op = `conformance.${randomBytes(6).toString('hex')}`;
  const answer = await adapter.ask('eval', { op, in: {}, draws: {} }, deadlineMs, log);
  if ('unsupported' in answer) return { verdict: 'pass' };
  return { verdict: 'fail', expected: 'unsupported', actual: JSON.stringify(answer), detail: `${op} exists nowhere` };
}

function judgeProfiles(adapter: Adapter, level: Level, all: readonly TestInfo[]): Judgement {
  for (const name of adapter.info.profiles) {
    const profile = profileNamed(name);
    if (!profile) return { verdict: 'fail', expected: 'profiles that exist', actual: name };
    for (const { id, requires } of all.filter((test) => isPartOf(profile, level, test.id))) {
      const missing = requires.find((capability) => !adapter.supports(capability));
      if (missing !== undefined)
        return {
          verdict: 'fail',
          expected: `all that the profile ${name} needs`,
          actual: `${missing} is disclaimed`,
          detail: `${id} needs it`,
        };
    }
  }
  return { verdict: 'pass' };
}

function judgeStray(stray: readonly Stray[], log: string[]): Judgement {
  const [first] = stray;
  if (!first) return { verdict: 'pass' };
  log.push(...first.log);
  const detail = 'it did not happen again when each request in flight was repeated alone on a fresh process';
  return { verdict: first.failure.kind, expected: 'an adapter that stays', actual: first.failure.message, detail };
}

async function judgeBye(adapter: Adapter, log: string[]): Promise<Judgement> {
  const failure = await adapter.stop(log);
  if (!failure) return { verdict: 'pass' };
  return { verdict: failure.kind, expected: 'an answer to bye and an exit with 0', actual: failure.message };
}

export interface AdapterContext {
  readonly level: Level;
  readonly all: readonly TestInfo[];
  readonly deadlineMs: number;
  readonly stray: readonly Stray[];
}

/** Judges one of `adapterTests`. */
export async function judgeAdapter(
  test: TestInfo,
  adapter: Adapter,
  context: AdapterContext,
  log: string[],
): Promise<Judgement> {
  if (test === unknownOp) return judgeUnknownOp(adapter, context.deadlineMs, log);
  if (test === profilesClaimed) return judgeProfiles(adapter, context.level, context.all);
  if (test === bye) return judgeBye(adapter, log);
  return judgeStray(context.stray, log);
}
