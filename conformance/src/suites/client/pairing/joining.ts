import { control, expect } from '../../expect.ts';
import { invitation } from '../invitation.ts';
import type { ClientScene } from '../scene.ts';

export const REQUIRES: readonly string[] = ['client', 'pair_join', 'pull'];
export const PARSE: readonly string[] = ['invite.parse'];
export const MINUTE_MS = 60_000;
export const MIB = 1024;

/** The client becomes a member by an invite, and reads. */
export async function joins(scene: ClientScene, invite: string): Promise<void> {
  await scene.client.act('pair_join', { invite });
  scene.relay.sightings.clear();
  expect('records', scene.log.records.size, 2);
  await scene.serves('after');
}

/** The control of an invite that was refused: an honest one is taken. */
export function joinsHonestly(scene: ClientScene): Promise<void> {
  return control('an honest invite', () => joins(scene, invitation(scene.relay, scene.author)));
}
