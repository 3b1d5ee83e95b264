import type { ScriptedRelay } from '@0k-sync/testkit/relay';
import { TimedOut } from '@0k-sync/testkit/time';
import { Failed, Unproven } from '../../model.ts';

/** Says in a failure what the relay saw since the last control that passed: only the runner can know it. */
export function sighted(error: unknown, { sightings, sessions }: ScriptedRelay): unknown {
  if (!(error instanceof Failed || error instanceof Unproven || error instanceof TimedOut)) return error;
  const nothing = sessions.size > 0 ? 'nothing on the open connection' : 'no QUIC connection';
  error.message += `; the relay saw: ${sightings.lines.join('; ') || nothing}`;
  return error;
}
