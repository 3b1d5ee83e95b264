import type { MemberDeps } from './member-deps.ts';

/** Answers ListDevices. Throws StorageError. */
export function listDevices({ carrier, group }: MemberDeps, requestId: number): void {
  const { version, records } = carrier.shared.store.listDevices(group);
  carrier.engine.answer(requestId, {
    $case: 'deviceList',
    value: { version: BigInt(version), records: [...records] },
  });
}
