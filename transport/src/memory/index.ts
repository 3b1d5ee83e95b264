export type { Schedule } from './lane.ts';
export type { MemoryLink, Side } from './link.ts';
export { MemoryNetwork, type MemoryNetworkConfig } from './network.ts';
