import { SWEEP_ITEMS_MAX } from '@0k-sync/generated/limits';
import { RETENTION_CLOCK } from '../facts.ts';
import type { Sweep, Swept } from '../port.ts';
import { audit, type Context } from './context.ts';
import type { GroupState } from './ledger.ts';
import { expireMailboxes } from './mailbox.ts';
import { keepHeadStub, type RemovedPlace } from './stubs.ts';

/** Bounds of one slice, so that it delays pushes by a few milliseconds at most. */
const SLICE_ENVELOPES = 500;
const SLICE_GROUPS = 200;

/**
 * Sweeps one slice from the low ends of groups' logs; a group loses at most SWEEP_ITEMS_MAX per sweep. RL-50 to RL-52.
 */
export function sweep(context: Context, request: Sweep): Swept {
  const { statements, ledger } = context;
  const { position } = request;
  let mailboxes = 0;
  if (position.group === 0) {
    statements.setMetadata.run(RETENTION_CLOCK, request.clockMs);
    mailboxes = expireMailboxes(context);
  }
  const rows = statements.groupsAfter.all(position.group, SLICE_GROUPS);
  let envelopes = 0;
  for (const { id } of rows) {
    const group = ledger.group(id);
    if (group === undefined) continue;
    const before = id === position.group ? position.removed : 0;
    const removed = sweepGroup(context, request, group, Math.min(SLICE_ENVELOPES, SWEEP_ITEMS_MAX - before));
    envelopes += removed;
    if (removed === SLICE_ENVELOPES) return { next: { group: id, removed: before + removed }, envelopes, mailboxes };
    if (envelopes >= SLICE_ENVELOPES) return { next: { group: id + 1, removed: 0 }, envelopes, mailboxes };
  }
  const last = rows.length === SLICE_GROUPS ? rows.at(-1) : undefined;
  return { next: last === undefined ? undefined : { group: last.id + 1, removed: 0 }, envelopes, mailboxes };
}

/** Sweeps one group. @returns the number of envelopes removed, at most `itemsMax` */
function sweepGroup(context: Context, request: Sweep, group: GroupState, itemsMax: number): number {
  if (group.envelopes === 0 || itemsMax === 0) return 0;
  const { statements, ledger } = context;
  const acknowledged = request.removeAcknowledged ? lowestAcknowledged(context, group.row) : 0;
  const oldest = statements.oldestEnvelopes.iterate(group.row, group.floor, itemsMax);
  const leaving: RemovedPlace[] = [];
  let { floor, bytes, envelopes } = group;
  for (const old of oldest) {
    const { cursor, received_at_ms, cost } = old;
    const tooLarge = request.groupBytes > 0 && bytes > request.groupBytes;
    if (!tooLarge && received_at_ms > request.expireUntilMs && cursor > acknowledged) break;
    leaving.push(old);
    floor = cursor;
    bytes -= cost;
    envelopes -= 1;
  }
  const removed = group.envelopes - envelopes;
  if (removed === 0) return 0;
  for (const place of leaving) keepHeadStub(context, place);
  statements.deleteEnvelopes.run(group.row, group.floor, floor);
  ledger.addBytes(group, bytes - group.bytes);
  Object.assign(group, { floor, envelopes });
  ledger.groupChanged(group);
  audit(context, 'envelopes-removed', group.prefix, `floor=${floor} envelopes=${removed}`);
  return removed;
}

function lowestAcknowledged({ statements }: Context, group: number): number {
  return statements.lowestAcknowledged.get(group)?.acknowledged ?? 0;
}
