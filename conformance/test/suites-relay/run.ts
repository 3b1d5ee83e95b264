import { Failed, type Scenario, Unjudged, Unproven } from '../../src/model.ts';
import type { RelayTarget } from '../../src/suites/relay/target.ts';

export interface Judged {
  readonly id: string;
  readonly verdict: 'pass' | 'fail' | 'unproven' | 'unjudged';
  readonly detail: string;
  readonly ms: number;
}

/** Runs scenarios on a target, so many at once. Anything but Failed and Unproven is thrown. */
export async function runAll(
  scenarios: readonly Scenario<RelayTarget>[],
  target: RelayTarget,
  atOnce = 8,
): Promise<Judged[]> {
  const queue = [...scenarios];
  const judged: Judged[] = [];
  const work = async () => {
    for (let scenario = queue.shift(); scenario !== undefined; scenario = queue.shift()) {
      judged.push(await judge(scenario, target));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return judged;
}

async function judge({ id, run }: Scenario<RelayTarget>, target: RelayTarget): Promise<Judged> {
  const from = performance.now();
  const judged = (verdict: Judged['verdict'], detail = '') => ({ id, verdict, detail, ms: performance.now() - from });
  try {
    await run(target);
    return judged('pass');
  } catch (error) {
    if (error instanceof Failed) return judged('fail', error.message);
    if (error instanceof Unproven) return judged('unproven', error.message);
    if (error instanceof Unjudged) return judged('unjudged', error.message);
    throw new Error(`${id} broke`, { cause: error });
  }
}
