import type { Acknowledge, Authorize, DeviceRow, Enrolment, GroupRow, OpenedSession, Refused } from '../port.ts';
import { audit, type Context } from './context.ts';
import type { GroupState } from './ledger.ts';
import { headStub } from './stubs.ts';

/**
 * Lets a device in that is enrolled, or that its enrolment enrols. It looks group and device up in every case, so that
 * the time tells a stranger nothing. SE-11, SE-12, SE-14.
 */
export function authorize(context: Context, request: Authorize): OpenedSession | Refused {
  const { statements, quotas } = context;
  const { deviceKey, enrolment, creator } = request;
  const groupRow = statements.groupById.get(request.groupId)?.id;
  const deviceRow = statements.deviceByKey.get(groupRow ?? 0, deviceKey)?.id;
  if (deviceRow !== undefined && groupRow !== undefined) return openSession(context, groupRow, deviceRow, false);
  if (enrolment === undefined || (groupRow === undefined && creator === undefined)) return { refused: 'UNAUTHORIZED' };
  const group = context.ledger.group(groupRow ?? createGroup(context, request, enrolment));
  if (group === undefined) return { refused: 'UNAUTHORIZED' };
  if (group.devices >= quotas.devicesMax) return { refused: 'DEVICES_EXCEEDED' };
  const enrolled = enrol(context, group, deviceKey, enrolment);
  return openSession(context, group.row, enrolled, groupRow === undefined);
}

function createGroup(context: Context, { groupId, creator }: Authorize, { authKey }: Enrolment): GroupRow {
  const { lastInsertRowid } = context.statements.insertGroup.run(groupId, authKey, creator ?? null, context.nowMs);
  const row = Number(lastInsertRowid);
  audit(context, 'group-created', context.ledger.group(row)?.prefix ?? null, '');
  return row;
}

function enrol(context: Context, group: GroupState, deviceKey: Uint8Array, { record }: Enrolment): DeviceRow {
  const { statements, ledger, nowMs } = context;
  const { body, deviceSignature, authSignature } = record;
  const inserted = statements.insertDevice.run(group.row, deviceKey, body, deviceSignature, authSignature, nowMs);
  const row = Number(inserted.lastInsertRowid);
  statements.insertCursor.run(row);
  group.devices += 1;
  group.devicesVersion += 1;
  ledger.groupChanged(group);
  audit(context, 'device-enrolled', group.prefix, `devices=${group.devices}`);
  return row;
}

function openSession(context: Context, groupRow: number, deviceRow: number, created: boolean): OpenedSession | Refused {
  const { ledger } = context;
  const group = ledger.group(groupRow);
  const device = ledger.device(deviceRow);
  if (group === undefined || device === undefined) return { refused: 'UNAUTHORIZED' };
  return {
    group: groupRow,
    device: deviceRow,
    epoch: group.epoch,
    head: group.head,
    floor: group.floor,
    ownHead: headStub(context, device),
    created,
  };
}

/** Moves a device's acknowledgement forward, never beyond what was delivered to the device. RL-48. */
export function acknowledge({ statements }: Context, { device, cursor, delivered }: Acknowledge): Refused | undefined {
  const stored = statements.acknowledged.get(device)?.acknowledged ?? 0;
  if (cursor > Math.max(stored, delivered)) return { refused: 'CURSOR_OUT_OF_RANGE' };
  if (cursor > stored) statements.acknowledge.run(cursor, device);
  return undefined;
}
