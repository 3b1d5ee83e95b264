export type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
export { VirtualClock } from '@0k-sync/testkit/time';
export { memoryTables } from './memory-tables.ts';
export { TestRelay } from './test-relay.ts';
export { type TestDeviceOptions, TestWorld, type TestWorldOptions } from './test-world.ts';
