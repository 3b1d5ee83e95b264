export { DEVICE_SEED_BYTES, DeviceKeys } from './device-keys.ts';
export { EPOCH_SECRET_BYTES, EpochKeys, GROUP_ID_BYTES, groupIdOf } from './epoch-keys.ts';
export {
  createMemberRecord,
  type Member,
  readMemberRecordBody,
  verifyMember,
  verifyMemberRecord,
} from './member-record.ts';
export { Secret } from './secret.ts';
