import { invitation } from '../invitation.ts';
import type { Stage } from '../stage.ts';
import { control, expectSame } from '../verdict.ts';

export const REQUIRES: readonly string[] = ['client', 'pair_join', 'pull'];
export const PARSE: readonly string[] = ['invite.parse'];
export const MINUTE_MS = 60_000;
export const MIB = 1024;

/** The client becomes a member by an invite, and reads. */
export async function joins(stage: Stage, invite: string): Promise<void> {
  await stage.client.act('pair_join', { invite });
  stage.relay.sightings.clear();
  expectSame('records', stage.log.records.size, 2);
  await stage.controlled('after');
}

/** The control of an invite that was refused: an honest one is taken. */
export function joinsHonestly(stage: Stage): Promise<void> {
  return control('an honest invite', () => joins(stage, invitation(stage.relay, stage.author)));
}
