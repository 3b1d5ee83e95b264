import type { Acknowledge, Admission, Authorize, EndSession, Refused } from '../port.ts';
import { audit, type Context } from './context.ts';
import type { GroupState } from './ledger.ts';

/**
 * Lets a device in that is enrolled, or whose enrolment makes it so. Group and device are looked up in every case, so
 * that a stranger learns nothing from the time it takes. SE-11, SE-12, SE-14.
 */
export function authorize(context: Context, request: Authorize): Admission | Refused {
  const { statements } = context;
  const groupRow = rowOf(statements.groupById.get(request.groupId));
  const deviceRow = rowOf(statements.deviceByKey.get(groupRow ?? 0, request.deviceKey));
  if (deviceRow !== undefined && groupRow !== undefined) return openSession(context, groupRow, deviceRow, false);
  if (request.enrolment === undefined || (groupRow === undefined && !request.mayCreate)) {
    return { refused: 'UNAUTHORIZED' };
  }
  const group = context.ledger.group(groupRow ?? createGroup(context, request));
  if (group === undefined) return { refused: 'UNAUTHORIZED' };
  if (group.devices >= context.quotas.devicesMax) return { refused: 'DEVICES_EXCEEDED' };
  const enrolled = enrol(context, group, request);
  return openSession(context, group.row, enrolled, groupRow === undefined);
}

function createGroup(context: Context, { groupId, enrolment }: Authorize): number {
  const inserted = context.statements.insertGroup.run(groupId, enrolment?.authKey, context.nowMs);
  const row = Number(inserted.lastInsertRowid);
  audit(context, 'group-created', context.ledger.group(row)?.prefix ?? null, '');
  return row;
}

function enrol(context: Context, group: GroupState, { deviceKey, enrolment }: Authorize): number {
  const record = enrolment?.record;
  const { body, deviceSignature, authSignature } = record ?? {};
  const inserted = context.statements.insertDevice.run(
    group.row,
    deviceKey,
    body,
    deviceSignature,
    authSignature,
    context.nowMs,
  );
  context.statements.insertCursor.run(inserted.lastInsertRowid);
  group.devices += 1;
  group.devicesVersion += 1;
  context.ledger.groupChanged(group);
  audit(context, 'device-enrolled', group.prefix, `devices=${group.devices}`);
  return Number(inserted.lastInsertRowid);
}

function openSession(context: Context, groupRow: number, deviceRow: number, created: boolean): Admission | Refused {
  const { statements, ledger, quotas, nowMs } = context;
  const group = ledger.group(groupRow);
  const device = ledger.device(deviceRow);
  if (group === undefined || device === undefined) return { refused: 'UNAUTHORIZED' };
  const { count } = statements.sessionsOfDevice.get(deviceRow) as { count: number };
  if (count >= quotas.sessionsPerDeviceMax) return { refused: 'RESOURCES_EXCEEDED' };
  const session = Number(statements.insertSession.run(deviceRow, nowMs).lastInsertRowid);
  return {
    group: groupRow,
    device: deviceRow,
    session,
    epoch: group.epoch,
    head: group.head,
    floor: group.floor,
    ownSequence: device.headSequence,
    ownHash: device.headHash ?? new Uint8Array(0),
    created,
  };
}

/** Ends that session and no other one of its device. SE-23. */
export function endSession({ statements }: Context, { session }: EndSession): undefined {
  statements.deleteSession.run(session);
}

/** RL-48: monotonic, and never beyond what the device can have. */
export function acknowledge({ statements }: Context, { device, cursor, delivered }: Acknowledge): Refused | undefined {
  const stored = (statements.acknowledged.get(device) as { acknowledged: number } | undefined)?.acknowledged ?? 0;
  if (cursor > Math.max(stored, delivered)) return { refused: 'CURSOR_OUT_OF_RANGE' };
  if (cursor > stored) statements.acknowledge.run(cursor, device);
  return undefined;
}

function rowOf(record: unknown): number | undefined {
  return (record as { id: number } | undefined)?.id;
}
