import { toHex } from '@0k-sync/core/bytes';
import type { VerifiedHello } from '@0k-sync/core/session';
import type { Refusal } from '@0k-sync/core/wire';
import { DEVICES_MAX } from '@0k-sync/generated/limits';
import type { RelaySettings, RelayState } from './state.ts';

/** Judges a Hello by the rules and changes nothing. @returns the refusal, or undefined to accept. SE-11 to SE-13, GR-15 */
export function judgeHello(state: RelayState, settings: RelaySettings, hello: VerifiedHello): Refusal | undefined {
  const { groupId, deviceKey, enrolment, accessToken } = hello;
  const group = state.group(groupId);
  if (group?.records.has(toHex(deviceKey))) return undefined;
  if (enrolment === undefined) return { error: 'UNAUTHORIZED' };
  if (group !== undefined) return group.records.size >= DEVICES_MAX ? { error: 'DEVICES_EXCEEDED' } : undefined;
  const mayCreate =
    settings.creation === 'open' ||
    (settings.creation === 'token' && accessToken === settings.accessToken) ||
    settings.groupIds.includes(toHex(groupId));
  return mayCreate ? undefined : { error: 'UNAUTHORIZED' };
}
