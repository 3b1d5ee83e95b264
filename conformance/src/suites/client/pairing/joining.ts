import type { Stage } from '../stage.ts';
import { control, expectSame } from '../verdict.ts';

export const REQUIRES: readonly string[] = ['client', 'pair_join', 'pull'];
export const PARSE: readonly string[] = ['invite.parse'];
export const MINUTE_MS = 60_000;
export const MIB = 1024;

/** The client becomes a member, and reads. */
export async function joins(
  stage: Stage,
  args: { readonly invite: string; readonly passphrase?: string },
): Promise<void> {
  await control('an honest invite', () => stage.client.act('pair_join', args));
  stage.relay.sightings.clear();
  expectSame('records', stage.log.records.size, 2);
  await stage.controlled('after');
}
