import type { Context } from '../context.ts';
import { withGroup } from '../open.ts';
import { awaitAnswer, patienceOf } from '../patience.ts';
import { readInvite } from '../secrets.ts';
import type { PairOptions } from './pair-options.ts';

/** `0k-sync pair --cancel <source>`: `-` is stdin, `@path` a file. PA-24. */
export async function cancelInvite(context: Context, options: PairOptions, source: string): Promise<void> {
  const invite = await readInvite(context.io, source);
  await withGroup(context, options, async ({ group }) => {
    await awaitAnswer(patienceOf(context, options), () => group.state.relays[0], group.cancelInvite(invite));
  });
  await context.reporter.result({ type: 'cancelled' }, () => ['the invite is cancelled; nobody can join with it']);
}
